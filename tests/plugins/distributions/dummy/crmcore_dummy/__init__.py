"""A dummy that joins in everywhere."""
