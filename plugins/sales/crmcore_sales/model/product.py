"""Products, what they cost a customer of a tier on a day, and what a currency is worth on a day."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import field

from crmcore.api import currency_code, entity, not_negative, required


@entity
class Product:
    """Something we sell. `cost` is what a unit costs us; `floor` the lowest margin it is sold at, in per cent."""

    code: str = field(validator=required)
    name: str = field(validator=required)
    family: str = ""
    unit: str = ""
    cost: Decimal | None = field(default=None, validator=not_negative)
    currency: str = field(default="CNY", validator=currency_code)
    floor: Decimal | None = field(default=None, validator=not_negative)
    active: bool = True
    note: str = ""
    custom: dict[str, Any] = field(factory=dict)
    details: dict[str, Any] = field(factory=dict)
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Price:
    """A price of a product on a price list: from a day on, in a currency, for a tier of customers (empty: all).

    `minimum` is the quantity it begins at. `valid_until` is its last day.
    """

    product_id: int
    unit_price: Decimal = field(validator=not_negative)
    valid_from: date
    price_list: str = "standard"
    tier: str = ""
    currency: str = field(default="CNY", validator=currency_code)
    minimum: Decimal = field(default=Decimal(0), validator=not_negative)
    valid_until: date | None = None
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0


@entity
class Rate:
    """What one unit of a currency is worth in the workspace's currency, from a day on."""

    currency: str = field(validator=currency_code)
    day: date
    rate: Decimal = field(validator=not_negative)
    id: int = 0
    version: int = 0
