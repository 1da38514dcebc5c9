"""What partners sell for us: deals they registered, and their people who follow them here."""

from datetime import date, datetime
from decimal import Decimal

from attrs import field

from crmcore.api import currency_code, entity, not_negative, one_of, required

STATUSES = ("protected", "shared", "conflict", "refused", "withdrawn")


@entity
class Registration:
    """A deal that a partner registered: while `protected`, until `protected_until`, the customer is that partner's.

    In `conflict` it waits for a decision: `rival_id` is the registration or opportunity that was there before, and
    `reason` says so. `shared`: it was decided that it stands beside the other. `opportunity_id` is what came of it.
    """

    partner_id: int | None
    customer_id: int | None
    title: str = field(validator=required)
    registered_on: date
    protected_until: date
    opportunity_id: int | None = None
    owner_id: int | None = None
    agent_id: int | None = None
    amount: Decimal | None = field(default=None, validator=not_negative)
    currency: str = field(default="CNY", validator=currency_code)
    status: str = field(default="protected", validator=one_of(*STATUSES))
    rival_id: int | None = None
    reason: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Agent:
    """A user who works for a partner: what the partner registers is the agent's to follow, too."""

    user_id: int
    partner_id: int
    id: int = 0
    version: int = 0
