"""What was solved without an engineer, and how satisfied people were."""

from datetime import datetime
from typing import Any

from attrs import field

from crmcore.api import entity, one_of, required


@entity
class Deflection:
    """A question that was answered by what was known already. `status`: offered, confirmed, refused, ticket.

    It counts only when the customer confirmed; `minutes` is what an engineer would have needed (row S1-V12).
    """

    question: str = field(validator=required)
    asked_at: datetime
    contact_id: int | None = None
    customer_id: int | None = None
    channel: str = ""
    status: str = field(default="offered", validator=one_of("offered", "confirmed", "refused", "ticket"))
    offered: list[dict[str, Any]] = field(factory=list)
    answer_kind: str = ""
    answer_id: int | None = None
    answer_title: str = ""
    confirmed_at: datetime | None = None
    minutes: int | None = None
    category_id: int | None = None
    ticket_id: int | None = None
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Rating:
    """What somebody says of how a ticket or visit was handled: 1 to 5, and a comment.

    `task_id` is the recovery task that a low score opened (row S1-12).
    """

    ticket_id: int | None = None
    work_order_id: int | None = None
    contact_id: int | None = None
    customer_id: int | None = None
    channel: str = ""
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    score: int | None = None
    comment: str = ""
    task_id: int | None = None
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
