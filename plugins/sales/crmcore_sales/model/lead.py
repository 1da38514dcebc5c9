"""A lead: somebody who may want something, and has not been asked yet."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import field

from crmcore.api import currency_code, entity, not_negative, required


@entity
class Lead:
    """Somebody who may want something: to be contacted in time, then accepted as an opportunity or rejected.

    Without an owner it lies in the pool. `received_at` starts the clocks: when it came, or came back to the pool;
    `contacted_at` is our first word to them after that. `returned` counts how often it came back, `returned_by_id` is
    who gave it back last. `reason` says why it was rejected.
    """

    title: str = field(validator=required)
    customer_id: int | None = None
    contact_id: int | None = None
    owner_id: int | None = None
    interaction_id: int | None = None
    opportunity_id: int | None = None
    status: str = ""
    entered_at: datetime | None = None
    closed_at: datetime | None = None
    received_at: datetime | None = None
    assigned_at: datetime | None = None
    contacted_at: datetime | None = None
    escalated_at: datetime | None = None
    returned: int = 0
    returned_by_id: int | None = None
    amount: Decimal | None = field(default=None, validator=not_negative)
    currency: str = field(default="CNY", validator=currency_code)
    lead_source: str = ""
    campaign: str = ""
    region: str = ""
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
