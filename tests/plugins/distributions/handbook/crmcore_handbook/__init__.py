"""The articles of a handbook."""
