"""Competitors, and why deals are won or lost."""
