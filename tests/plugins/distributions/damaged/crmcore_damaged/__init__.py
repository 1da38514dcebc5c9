"""The list of its entry points is damaged."""
