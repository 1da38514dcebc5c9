"""Entities and values: what a customer relationship consists of. No database in here."""
