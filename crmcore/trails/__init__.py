"""Trails: what a record came from, and what became of it, from the first campaign to the last order (row S4-01)."""
