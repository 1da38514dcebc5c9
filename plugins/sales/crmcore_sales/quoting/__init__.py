"""Quotes: prices offered, one to a customer for a product, within limits."""
