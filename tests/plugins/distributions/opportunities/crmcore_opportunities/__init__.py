"""Opportunities, from the first word to the order."""
