"""What an agent sees when it rings: who that is and why, and what is known of them; of a stranger, of the number."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import or_, select

from crmcore.api import App, Block, Reader, brief, here, tables
from crmcore_callcenter.calls.views import CallView, Named, view
from crmcore_callcenter.calls.whom import candidates
from crmcore_callcenter.recognising.numbers import Match, is_outside
from crmcore_callcenter.tables import call

_EARLIER = 5


@frozen(kw_only=True)
class Earlier:
    """An earlier call from or to the number."""

    id: int
    started_at: datetime
    direction: str
    answered: bool


@frozen(kw_only=True)
class Ring:
    """A call as its agent sees it.

    `contact` and `customer` are whom it is certain to be; else `matches` are who it may be, best first. `about` is all
    that the core and the plugins know of whom it is, or is likeliest to be, as `crm brief` shows it: (plugin, block)
    pairs; `fields` are the customer's own fields, such as a tier. `country` and `earlier` tell of the number.
    """

    call: CallView
    contact: Named | None
    customer: Named | None
    matches: Sequence[Match]
    about: Sequence[tuple[str, Block]]
    fields: Mapping[str, Any]
    country: str
    earlier: Sequence[Earlier]


def ring(app: App, reader: Reader, call_id: int) -> Ring:
    """Return what is to be seen of a call, in the name of who reads: some statements, and those of the brief."""
    found = view(reader, call_id)
    normal = _normal(reader, call_id)
    matches = candidates(reader, call_id) if found.contact is None else []
    contact, customer = found.contact, found.customer
    best = matches[0] if matches else None
    if contact is None and best is not None and best.contact_id is not None:
        contact = Named(id=best.contact_id, name=best.name)
    if customer is None and best is not None and best.customer_id is not None:
        customer = Named(id=best.customer_id, name=best.customer)
    earlier = _earlier(reader, normal, call_id)
    fields = _fields(reader, customer.id) if customer is not None else {}
    return Ring(
        call=found, contact=found.contact, customer=found.customer, matches=matches, fields=fields, earlier=earlier,
        country=_country(normal), about=_about(app, reader, contact, customer),
    )  # fmt: skip


def _about(app: App, reader: Reader, contact: Named | None, customer: Named | None) -> Sequence[tuple[str, Block]]:
    """Return the brief of a contact, else of a customer; it comes last, as it ends the reader's transaction."""
    who = contact or customer
    if who is None:
        return ()
    now = reader.now.astimezone(here(reader).zone)
    entity = "contact" if contact is not None else "customer"
    return brief(reader, app.dispatcher, entity, who.id, who.name, now).blocks


def _fields(reader: Reader, customer_id: int) -> Mapping[str, Any]:
    found = reader.value(select(tables.customer.c.custom).where(tables.customer.c.id == customer_id))
    return {name: value for name, value in (found or {}).items() if value not in (None, "", [])}


def _normal(reader: Reader, call_id: int) -> str:
    c = call.c
    row = reader.first(select(c.direction, c.from_normal, c.to_normal).where(c.id == call_id))
    if row is None:
        return ""
    return str(row.to_normal if row.direction == "out" else row.from_normal)


def _earlier(reader: Reader, normal: str, call_id: int) -> list[Earlier]:
    """Return the last calls from or to a number of the telephone network."""
    if not is_outside(normal):
        return []
    c = call.c
    theirs = or_(c.from_normal == normal, c.to_normal == normal)
    wanted = select(c.id, c.started_at, c.direction, c.answered).where(theirs, c.id != call_id)
    rows = reader.rows(wanted.order_by(c.started_at.desc(), c.id.desc()).limit(_EARLIER))
    return [
        Earlier(id=row.id, started_at=row.started_at, direction=row.direction, answered=row.answered) for row in rows
    ]


def _country(normal: str) -> str:
    """Return the country of a number (ISO 3166 alpha-2); '' where it has none."""
    if not normal.startswith("+") or not is_outside(normal):
        return ""
    import phonenumbers

    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(normal)) or ""
    except phonenumbers.NumberParseException:
        return ""
