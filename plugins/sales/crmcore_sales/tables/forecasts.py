"""What was stated of opportunities at each time, forecasts as they were frozen, and how stated odds are corrected."""

from sqlalchemy import Column, Date, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from crmcore.api import Fixed, Id, Instant, Json, tables
from crmcore_sales.tables.base import key, metadata

_USER = tables.user_account.c.id

standing = Table(
    "sales_standing",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="CASCADE"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("rep_id", Id, ForeignKey(_USER, ondelete="SET NULL")),
    Column("status", Text, nullable=False),
    Column("amount", Fixed),
    Column("currency", Text, nullable=False),
    Column("probability", Integer),
    Column("category", Text, nullable=False),
    Column("need_by", Date),
    Column("closed_on", Date),
    Index("ix_sales_standing_opportunity", "opportunity_id", "id"),
)
"""How an opportunity stood from an instant on: a row when it is made, and one whenever what a forecast reads changes.

Its ids rise with time. `rep_id` is whose it was then.
"""

freeze = Table(
    "sales_freeze",
    metadata,
    *key(),
    Column("quarter", Text, nullable=False),
    Column("week", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("currency", Text, nullable=False),
    Column("rates", Json, nullable=False),
    UniqueConstraint("quarter", "week", name="uq_sales_freeze_quarter"),
)
"""A forecast of a quarter frozen in one of its weeks: written once, never changed. `rates` are those of its day."""

frozen_row = Table(
    "sales_forecast",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("freeze_id", Id, ForeignKey("sales_freeze.id", ondelete="CASCADE"), nullable=False),
    Column("owner_id", Id, ForeignKey(_USER, ondelete="SET NULL")),
    Column("week", Integer, nullable=False),
    Column("region", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("deals", Integer, nullable=False),
    Column("won", Fixed, nullable=False),
    Column("low", Fixed, nullable=False),
    Column("high", Fixed, nullable=False),
    Column("weighted", Fixed, nullable=False),
    Column("corrected", Fixed, nullable=False),
    Index("ix_sales_forecast_freeze", "freeze_id", "owner_id"),
)
"""Of a frozen forecast: a rep, a week of need, a region and a currency; the sums are in the workspace's currency.

`low`, `high`, `weighted` and `corrected` are of deals open then, `won` of those won in the quarter until then.
"""

frozen_unit = Table(
    "sales_forecast_unit",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("freeze_id", Id, ForeignKey("sales_freeze.id", ondelete="CASCADE"), nullable=False),
    Column("product_id", Id, ForeignKey("sales_product.id", ondelete="SET NULL")),
    Column("week", Integer, nullable=False),
    Column("won", Fixed, nullable=False),
    Column("weighted", Fixed, nullable=False),
    Column("high", Fixed, nullable=False),
    Index("ix_sales_forecast_unit_freeze", "freeze_id"),
)
"""Of a frozen forecast: how many units of a product in a week of need."""

calibration = Table(
    "sales_calibration",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("rep_id", Id, ForeignKey(_USER, ondelete="CASCADE")),
    Column("n", Integer, nullable=False),
    Column("won", Integer, nullable=False),
    Column("stated", Float, nullable=False),
    Column("shift", Float, nullable=False),
    Column("slope", Float, nullable=False),
    Index("ix_sales_calibration_day", "day"),
)
"""How a rep's stated odds were corrected from a day on, from `n` deals of which `won` were won and `stated` expected.

Without a rep: the company's, for reps with no deals of their own.
"""
