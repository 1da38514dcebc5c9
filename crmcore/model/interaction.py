"""What passed between us and a party, who took part, and what is to be done."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import field

from crmcore.model.entity import entity, one_of, required


@entity
class Interaction:
    """Something that passed between us and them.

    `at` is an instant in UTC with its `zone` of origin; a date-only event has `day` instead, which is never
    converted. `origin` and `external_id` together make capture idempotent (Message-ID, UID and recurrence id).
    `thread` is the id of the first message of the conversation. `private` hides subject and body from others.
    """

    channel: str = field(validator=required)
    customer_id: int | None = None
    contact_id: int | None = None
    user_id: int | None = None
    direction: str = field(default="", validator=one_of("", "in", "out"))
    at: datetime | None = None
    day: date | None = None
    zone: str = ""
    seconds: int | None = None
    subject: str = ""
    body: str = ""
    quoted: str = ""
    location: str = ""
    status: str = ""
    private: bool = False
    origin: str = ""
    external_id: str | None = None
    thread: str = ""
    details: dict[str, Any] = field(factory=dict)
    custom: dict[str, Any] = field(factory=dict)
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Participant:
    """A user or contact in an interaction, in a role; `customer_id` is whom the contact stood for at the time."""

    interaction_id: int
    role: str = field(validator=required)
    contact_id: int | None = None
    user_id: int | None = None
    customer_id: int | None = None
    name: str = ""
    address: str = ""
    normal: str = ""
    status: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0


@entity
class Task:
    """Something to do by a date. A promise is a task made to somebody, with its source sentence.

    `by` says whose it is: us, or them. `topic`, `amount` and `unit` let two promises be compared (delivery, 2, week).
    """

    subject: str = field(validator=required)
    kind: str = field(default="task", validator=one_of("task", "promise"))
    due: date | None = None
    status: str = field(default="open", validator=one_of("open", "done", "broken", "cancelled"))
    closed_at: datetime | None = None
    owner_id: int | None = None
    by: str = field(default="us", validator=one_of("us", "them"))
    contact_id: int | None = None
    customer_id: int | None = None
    interaction_id: int | None = None
    sentence: str = ""
    topic: str = ""
    amount: Decimal | None = None
    unit: str = ""
    note: str = ""
    custom: dict[str, Any] = field(factory=dict)
    origin: str = ""
    external_id: str | None = None
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
