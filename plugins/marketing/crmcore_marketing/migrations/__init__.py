"""The history of marketing's tables."""
