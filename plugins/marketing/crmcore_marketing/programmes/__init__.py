"""Programmes by industry: which customers we keep, develop and win, and what came of it (row S2-17)."""
