"""A quote: prices offered to a customer until a day."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import field

from crmcore.api import currency_code, entity, not_negative, one_of, required

DRAFT, HELD, OPEN, ACCEPTED, DECLINED = "draft", "held", "open", "accepted", "declined"
EXPIRED, SUPERSEDED, WITHDRAWN = "expired", "superseded", "withdrawn"
STATUSES = (DRAFT, HELD, OPEN, ACCEPTED, DECLINED, EXPIRED, SUPERSEDED, WITHDRAWN)
"""Held: it contradicts another quote, or asks for a discount somebody must approve. Open: the customer has it."""


@entity
class Quote:
    """Prices offered to a customer, valid until a day; `revision` counts the versions under one number.

    `discount` is what the whole is below the list, in per cent. `reason` says why it stands beside another quote.
    """

    number: str = field(validator=required)
    revision: int = 1
    opportunity_id: int | None = None
    customer_id: int | None = None
    contact_id: int | None = None
    owner_id: int | None = None
    status: str = field(default="draft", validator=one_of(*STATUSES))
    channel: str = ""
    currency: str = field(default="CNY", validator=currency_code)
    amount: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    valid_until: date | None = None
    sent_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str = ""
    note: str = ""
    custom: dict[str, Any] = field(factory=dict)
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class QuoteLine:
    """A product offered: how many, at what price each; `list_price` and `cost` are those of the day it was quoted."""

    quote_id: int
    product_id: int | None = None
    text: str = ""
    quantity: Decimal = field(default=Decimal(1), validator=not_negative)
    list_price: Decimal | None = field(default=None, validator=not_negative)
    unit_price: Decimal = field(default=Decimal(0), validator=not_negative)
    cost: Decimal | None = field(default=None, validator=not_negative)
    id: int = 0
    version: int = 0
