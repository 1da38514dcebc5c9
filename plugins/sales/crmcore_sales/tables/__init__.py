"""The plugin's tables, by subject; all in one set of metadata."""

from crmcore_sales.tables.accounts import account
from crmcore_sales.tables.base import metadata
from crmcore_sales.tables.competitors import competitor, rivalry
from crmcore_sales.tables.leads import lead
from crmcore_sales.tables.opportunities import buying_role, line, opportunity
from crmcore_sales.tables.products import price, product, rate
from crmcore_sales.tables.quotes import quote, quote_line

__all__ = [
    "account",
    "buying_role",
    "competitor",
    "lead",
    "line",
    "metadata",
    "opportunity",
    "price",
    "product",
    "quote",
    "quote_line",
    "rate",
    "rivalry",
]
