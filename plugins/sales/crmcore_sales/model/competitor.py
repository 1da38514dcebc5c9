"""Competitors, and where we met them."""

from datetime import datetime
from decimal import Decimal

from attrs import field

from crmcore.api import entity, not_negative, required


@entity
class Competitor:
    """Somebody who sells what we sell."""

    name: str = field(validator=required)
    strengths: str = ""
    weaknesses: str = ""
    note: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Rivalry:
    """A competitor met in an opportunity: what they asked for it, in its currency, and whether they won it."""

    opportunity_id: int
    competitor_id: int
    price: Decimal | None = field(default=None, validator=not_negative)
    won: bool = False
    seen_at: datetime | None = None
    note: str = ""
    id: int = 0
    version: int = 0
