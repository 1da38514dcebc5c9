"""For whom the people of a ticket stand: as for products and contracts."""

from crmcore_service.assets.parties import AnyReader, AnyTransaction, customers_of

__all__ = ["AnyReader", "AnyTransaction", "customers_of"]
