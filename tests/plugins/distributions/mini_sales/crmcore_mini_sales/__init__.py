"""Deals: what may be sold, and what was."""
