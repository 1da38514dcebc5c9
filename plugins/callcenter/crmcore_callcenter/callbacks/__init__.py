"""Callers who gave up, and are called back."""
