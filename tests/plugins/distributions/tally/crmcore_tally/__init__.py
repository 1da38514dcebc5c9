"""Counts what it hears, row by row."""
