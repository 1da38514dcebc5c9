"""The schema history."""
