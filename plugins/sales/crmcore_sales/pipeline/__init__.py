"""Opportunities, from the first sign of need to the end."""
