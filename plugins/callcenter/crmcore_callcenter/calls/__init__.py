"""Calls: what follows from what was heard of them, kept once."""
