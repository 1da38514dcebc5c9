"""It prints when it is imported, and in its hooks."""
