"""Capture: one line, or a mail that was imported, becomes what it says: interactions, tasks, promises, preferences."""
