"""Sending: templates, mailings and messages, each of which leaves once, and only to whom it may."""
