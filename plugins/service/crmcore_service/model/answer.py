"""What was solved without an engineer, and how satisfied people were."""

from datetime import datetime
from typing import Any

from attrs import field

from crmcore.api import InvalidInput, entity, one_of, required
from crmcore_service.i18n import _


def _score(_record: object, _attribute: object, value: int | None) -> None:
    if value is not None and not 1 <= value <= 5:
        raise InvalidInput(_("A score is 1 to 5, not {value}.").format(value=value))


@entity
class Deflection:
    """A question that was answered by what was known already. `status`: offered, confirmed, refused, ticket.

    It counts only when the customer confirmed: through a link, or to one of our people (`confirmed_by_id`). `minutes`
    is what an engineer would have needed, and `basis` where that is from: category, or measured (row S1-V12).
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
    confirmed_by_id: int | None = None
    minutes: int | None = None
    basis: str = field(default="", validator=one_of("", "category", "measured"))
    category_id: int | None = None
    ticket_id: int | None = None
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class PublicAnswer:
    """What any customer may be told of how a ticket was solved: cleaned of who it was about, and read by a person."""

    ticket_id: int
    title: str = field(validator=required)
    text: str = field(validator=required)
    published_by_id: int | None = None
    published_at: datetime | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Rating:
    """What somebody says of how a ticket or visit was handled: 1 to 5, and a comment.

    `status`: asked, answered, or withheld: nothing was sent, for the `reason` that is told. `task_id` is the recovery
    task that a low score opened (row S1-12).
    """

    ticket_id: int | None = None
    work_order_id: int | None = None
    contact_id: int | None = None
    customer_id: int | None = None
    channel: str = ""
    status: str = field(default="asked", validator=one_of("asked", "answered", "withheld"))
    reason: str = ""
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    score: int | None = field(default=None, validator=_score)
    comment: str = ""
    task_id: int | None = None
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
