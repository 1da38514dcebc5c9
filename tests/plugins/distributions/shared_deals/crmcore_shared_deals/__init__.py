"""Deals that a rep and an agent follow together."""
