"""What else is known of whom a ticket is of: what they are entitled to, and what else is under way for them."""

from collections.abc import Sequence

from attrs import define, frozen
from sqlalchemy import or_, select

from crmcore_service.assets.entitling import Entitled, entitled
from crmcore_service.assets.parties import AnyReader
from crmcore_service.tables import ticket
from crmcore_service.tickets.views import TicketView

_MOST = 5


@frozen(kw_only=True)
class Other:
    """Another ticket of the same customer that is under way."""

    id: int
    number: str
    subject: str
    status: str
    priority: str


@frozen(kw_only=True)
class Known:
    """What a ticket's customer is entitled to today, and the latest of their other tickets under way."""

    entitled: Entitled
    others: Sequence[Other]


@define(kw_only=True)
class _About:
    contact_id: int | None
    customer_id: int | None
    asset_id: int | None


def known(reader: AnyReader, one: TicketView) -> Known:
    """Return what is known beside a ticket: four statements at most."""
    about = _About(
        contact_id=one.contact.id if one.contact else None,
        customer_id=one.customer.id if one.customer else None,
        asset_id=one.asset.id if one.asset else None,
    )
    t = ticket.c
    theirs = [
        column == key for column, key in ((t.customer_id, about.customer_id), (t.contact_id, about.contact_id)) if key
    ]
    rows = (
        reader.rows(
            select(t.id, t.subject, t.status, t.priority)
            .where(or_(*theirs), t.closed_at.is_(None), t.id != one.id)
            .order_by(t.id.desc())
            .limit(_MOST)
        )
        if theirs
        else ()
    )
    return Known(
        entitled=entitled(reader, about),
        others=tuple(Other(number=f"T{row.id}", **row._mapping) for row in rows),
    )
