"""Sees signs of interest in what people write."""
