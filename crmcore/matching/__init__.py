"""Matching: which records are the same person or organisation, with evidence."""
