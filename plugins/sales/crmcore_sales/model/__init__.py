"""Entities: leads, opportunities, products, quotes and what goes with them; no SQLAlchemy here."""
