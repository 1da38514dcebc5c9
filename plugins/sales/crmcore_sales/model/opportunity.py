"""An opportunity: what somebody may buy from us, for how much, by when, and who decides."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
from attrs import field

from crmcore.api import InvalidInput, currency_code, entity, not_negative, one_of, required
from crmcore_sales.i18n import _

ROLES = ("buyer", "user", "technical", "budget", "coach", "boss", "influencer")
"""Buying roles: who signs, who uses, who judges, whose money it is, who helps us, who decides, who is listened to."""
SUPPORT = ("", "for", "neutral", "against")
CATEGORIES = ("", "commit", "best", "pipeline", "omitted")
"""Forecast categories; empty: what follows from the odds."""


def odds(_instance: object, _attribute: "attrs.Attribute[Any]", value: Any) -> None:
    """Refuse odds outside 0 to 100 per cent."""
    if value is not None and not 0 <= value <= 100:
        raise InvalidInput(_("Odds are between 0 and 100 per cent, not {value}.").format(value=value))


@entity
class Opportunity:
    """Something a customer may buy (schema.org: Demand; “deal” elsewhere).

    `amount` is in `currency`; `probability` are the odds its owner states, in per cent; `need_by` is the day the
    customer needs it by, on which the forecast counts it. `status` (open, won, lost) follows from the `stage`.
    `rate` is what one unit of the currency was worth in the workspace's when it was closed. `agent_id` is a partner's
    user who follows it with the owner. `reason` is why it was won or lost; `sponsor_id` backs a must-win.
    """

    title: str = field(validator=required)
    customer_id: int | None = None
    contact_id: int | None = None
    owner_id: int | None = None
    agent_id: int | None = None
    partner_id: int | None = None
    interaction_id: int | None = None
    lead_id: int | None = None
    stage: str = ""
    status: str = "open"
    entered_at: datetime | None = None
    closed_at: datetime | None = None
    closed_on: date | None = None
    amount: Decimal | None = field(default=None, validator=not_negative)
    currency: str = field(default="CNY", validator=currency_code)
    rate: Decimal | None = None
    probability: int | None = field(default=None, validator=odds)
    category: str = field(default="", validator=one_of(*CATEGORIES))
    need_by: date | None = None
    next_step: str = ""
    lead_source: str = ""
    campaign: str = ""
    channel: str = ""
    region: str = ""
    must_win: bool = False
    sponsor_id: int | None = None
    reason: str = ""
    reason_note: str = ""
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
class Line:
    """A product of an opportunity, or something in words: how many, at what price each."""

    opportunity_id: int
    product_id: int | None = None
    text: str = ""
    quantity: Decimal = field(default=Decimal(1), validator=not_negative)
    unit_price: Decimal | None = field(default=None, validator=not_negative)
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0


@entity
class BuyingRole:
    """A person's part in the decision about an opportunity; one may have several."""

    opportunity_id: int
    contact_id: int
    role: str = field(validator=required)
    support: str = field(default="", validator=one_of(*SUPPORT))
    note: str = ""
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
