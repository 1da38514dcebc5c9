"""Campaigns: what we do so that people hear from us, what it costs, and who takes part."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import field

from crmcore.api import currency_code, entity, not_negative, required


@entity
class Campaign:
    """Something done so that people hear from us: an exhibition, a lecture, a mailing (Salesforce: Campaign).

    `parent_id` makes a tree: a roadshow of 20 cities is one parent with 20 children (row S4-02). `code` is what people
    call it, such as C7; `type` a word such as exhibition, lecture, visit drive, telemarketing, email, web. Planned
    figures stand beside what came: `planned_cost` and `planned_revenue` in `currency`. `outcome` holds the values of
    the fields that campaigns of its type have of their own. `products` are names or codes of what it is for.
    """

    name: str = field(validator=required)
    code: str = ""
    parent_id: int | None = None
    programme_id: int | None = None
    type: str = ""
    status: str = ""
    entered_at: datetime | None = None
    closed_at: datetime | None = None
    owner_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    place: str = ""
    channel: str = ""
    industry: str = ""
    products: list[str] = field(factory=list)
    currency: str = field(default="CNY", validator=currency_code)
    planned_cost: Decimal | None = field(default=None, validator=not_negative)
    planned_revenue: Decimal | None = field(default=None, validator=not_negative)
    planned_reached: int | None = field(default=None, validator=not_negative)
    planned_leads: int | None = field(default=None, validator=not_negative)
    planned_orders: int | None = field(default=None, validator=not_negative)
    outcome: dict[str, Any] = field(factory=dict)
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
class Spend:
    """Money spent on a campaign on a day, for `what`; `rate` is what a unit of the currency was worth in the base."""

    campaign_id: int
    amount: Decimal
    day: date
    what: str = ""
    supplier: str = ""
    currency: str = field(default="CNY", validator=currency_code)
    rate: Decimal = Decimal(1)
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0


@entity
class Member:
    """A contact in a campaign, and how far it came: planned, sent, responded, registered, attended, no_show, …

    `status` is a word of the campaign's own; `responded_at` is when the contact first answered in any way. `standing`
    says what the contact was to us when it came in (customer, owned, new), and `worklist` on which list it is to be
    handled; `handled_at` is when it was (row S1-V05).
    """

    campaign_id: int
    contact_id: int | None = None
    customer_id: int | None = None
    status: str = "planned"
    joined_at: datetime | None = None
    responded_at: datetime | None = None
    standing: str = ""
    worklist: str = ""
    handled_at: datetime | None = None
    note: str = ""
    custom: dict[str, Any] = field(factory=dict)
    details: dict[str, Any] = field(factory=dict)
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
