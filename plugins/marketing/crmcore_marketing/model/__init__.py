"""The records of marketing as attrs entities, by subject."""
