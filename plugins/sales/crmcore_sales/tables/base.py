"""What all tables have in common."""

from crmcore.api import shared_columns

metadata = shared_columns.metadata()
key, stamps = shared_columns.key, shared_columns.stamps

PRICE = {"hidden_from": ("service",)}
"""What a column of prices and costs tells: the service department does not see them (row S1-19)."""
