"""Products, their prices, and the rates between currencies."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Table, Text, UniqueConstraint

from crmcore.api import Amount, Fixed, Id, Json
from crmcore_sales.tables.base import PRICE, key, metadata, stamps

product = Table(
    "sales_product",
    metadata,
    *key(),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("cost", Fixed, info=PRICE),
    Column("currency", Text, nullable=False),
    Column("floor", Fixed, info=PRICE),
    Column("active", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("custom", Json, nullable=False),
    Column("details", Json, nullable=False),
    Column("source", Text, nullable=False),
    Column("batch_id", Id),
    *stamps(),
    UniqueConstraint("code", name="uq_sales_product_code"),
    info={"searched": ("name", "code", "family", "note")},
)

price = Table(
    "sales_price",
    metadata,
    *key(),
    Column("product_id", Id, ForeignKey("sales_product.id", ondelete="CASCADE"), nullable=False),
    Column("price_list", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("unit_price", Fixed, nullable=False, info=PRICE),
    Column("minimum", Fixed, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("source", Text, nullable=False),
    Column("batch_id", Id),
    Index("ix_sales_price_product", "product_id", "currency", "valid_from"),
)

rate = Table(
    "sales_rate",
    metadata,
    *key(),
    Column("currency", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("rate", Amount, nullable=False),
    UniqueConstraint("currency", "day", name="uq_sales_rate_currency"),
)
