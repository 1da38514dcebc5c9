"""Calling: whom to call now, and whom not, and why."""
