"""Whose number it is: one person, several with reasons, or nobody known."""
