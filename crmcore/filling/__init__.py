"""Filling in forms that plugins declare: which there are, and how what people type is read as answers."""
