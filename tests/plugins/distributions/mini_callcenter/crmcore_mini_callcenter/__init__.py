"""Calls: who was on the line, and for how long."""
