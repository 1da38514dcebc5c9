"""Tickets."""

from datetime import datetime
from typing import Any

from attrs import field

from crmcore.api import entity, one_of, required


@entity
class Ticket:
    """A request of a customer, by whatever channels it came (Salesforce: Case), until it is resolved and closed.

    `owner_due`, `response_due` and `resolution_due` are by when it must have an owner, our first answer, and its end;
    while it waits for the customer (`paused_at`) the clocks stand still, and `remaining` holds the seconds they had
    left. `next_step_at` is when the next escalation is due. `cause` is what was behind it (user error, defect, …),
    `resolution` what helped. `at_risk` says that the customer may leave over it. The conversation is in its posts.
    """

    subject: str = field(validator=required)
    opened_at: datetime
    contact_id: int | None = None
    customer_id: int | None = None
    channel: str = ""
    queue_id: int | None = None
    category_id: int | None = None
    priority: str = field(default="P3", validator=one_of("P1", "P2", "P3", "P4"))
    status: str = "new"
    entered_at: datetime | None = None
    owner_id: int | None = None
    level_id: int | None = None
    contract_id: int | None = None
    asset_id: int | None = None
    calendar: str = ""
    assigned_at: datetime | None = None
    responded_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    owner_due: datetime | None = None
    response_due: datetime | None = None
    resolution_due: datetime | None = None
    paused_at: datetime | None = None
    remaining: dict[str, Any] = field(factory=dict)
    next_step_at: datetime | None = None
    reopened: int = 0
    cause: str = ""
    resolution: str = ""
    at_risk: bool = False
    merged_into_id: int | None = None
    interaction_id: int | None = None
    note: str = ""
    custom: dict[str, Any] = field(factory=dict)
    details: dict[str, Any] = field(factory=dict)
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
