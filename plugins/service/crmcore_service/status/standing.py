"""How a ticket stands, as its customer may know it: its status, what is promised, who comes. Nothing else is read."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from attrs import frozen
from sqlalchemy import select

from crmcore.api import here
from crmcore.web.links import gone
from crmcore_service.assets.parties import AnyReader
from crmcore_service.i18n import _
from crmcore_service.orders.views import Told, told
from crmcore_service.tables import ticket
from crmcore_service.tickets.joining import REOPEN_DAYS
from crmcore_service.tickets.states import CANCELLED, CLOSED, NEW, ON_HOLD, OPEN, RESOLVED, WAITING

MESSAGE, SOLVED, REOPEN = "message", "solved", "reopen"
"""What its customer can do about a ticket."""
_MOST = 5


@frozen(kw_only=True)
class Standing:
    """How a ticket stands, in sentences for its customer; `can` is what the customer can do now.

    `main` is the ticket itself, or the one it was merged into, in which it goes on.
    """

    id: int
    main: int
    number: str
    subject: str
    status: str
    promise: str
    visits: tuple[str, ...]
    can: tuple[str, ...]


def standing(reader: AnyReader, ticket_id: int) -> Standing:
    """Return how a ticket stands: seven statements at most. Raises `NotFound` for one that is gone.

    Of a ticket that was merged the number and subject are its own, so that nothing shows of the other one.
    """
    t = ticket.c
    own = reader.first(select(t.id, t.subject, t.merged_into_id).where(t.id == ticket_id))
    row = None if own is None else reader.first(select(ticket).where(t.id == (own.merged_into_id or own.id)))
    if own is None or row is None:
        raise gone()
    at, now = here(reader), reader.now
    over = row.resolved_at or row.closed_at
    can = [MESSAGE]
    if row.closed_at is None:
        can.append(SOLVED)
    if over is not None and (now - over).days < int(reader.setting(REOPEN_DAYS)):
        can.append(REOPEN)
    return Standing(
        id=own.id, main=row.id, number=f"T{own.id}", subject=own.subject,
        status=_status(row.status, row.closed_at is not None),
        promise=_promise(row.responded_at, row.response_due, row.resolution_due, over, row.status, now, at.zone),
        visits=tuple(
            _visit(one, at.zone, at.today) for one in told(reader, row.id)[:_MOST] if one.status != CANCELLED
        ),
        can=tuple(can),
    )  # fmt: skip


def _status(status: str, is_over: bool) -> str:
    """Return a sentence for a state; a workspace may have states of its own."""
    sentences = {
        NEW: _("We have got your request."),
        OPEN: _("We are working on it."),
        WAITING: _("We are waiting for an answer from you."),
        ON_HOLD: _("It is put off for now; we will go on with it."),
        RESOLVED: _("We think that it is solved."),
        CLOSED: _("It is done."),
        CANCELLED: _("It was withdrawn."),
    }
    return sentences.get(status, sentences[CLOSED] if is_over else sentences[OPEN])


def _promise(
    responded_at: datetime | None, response_due: datetime | None, resolution_due: datetime | None,
    over: datetime | None, status: str, now: datetime, zone: ZoneInfo,
) -> str:  # fmt: skip
    """Return what is promised and by when; what was promised and not kept is said, too."""
    if over is not None or status in (WAITING, ON_HOLD):
        return ""
    if responded_at is None and response_due is not None:
        said = (
            _("You will have an answer by {when}.")
            if now <= response_due
            else _("You were to have an answer by {when}. We are late, and sorry.")
        )
        return said.format(when=when(response_due, zone))
    if resolution_due is None:
        return ""
    said = (
        _("We mean to have solved it by {when}.")
        if now <= resolution_due
        else _("We meant to have solved it by {when}. We are late, and sorry.")
    )
    return said.format(when=when(resolution_due, zone))


def _visit(one: Told, zone: ZoneInfo, today: date) -> str:
    who = one.technician or _("A technician")
    if one.done_at is not None:
        return _("{who} was with you on {day}.").format(who=who, day=one.done_at.astimezone(zone).date().isoformat())
    if one.starts_at is not None:
        return _("{who} comes on {when}.").format(who=who, when=when(one.starts_at, zone))
    if one.promised_on is None:
        return _("Somebody will come; the day is not set yet.")
    said = (
        _("{who} comes on {day} at the latest.")
        if one.promised_on >= today
        else _("{who} was to come by {day}. We are late, and sorry.")
    )
    return said.format(who=who, day=one.promised_on.isoformat())


def when(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant as customers read it, with the zone it is told in."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"
