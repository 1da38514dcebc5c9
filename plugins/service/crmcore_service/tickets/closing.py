"""Closing what was resolved some days ago and of which nobody complained."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from crmcore.api import Desk, Refused
from crmcore_service.assets.parties import AnyReader
from crmcore_service.model.ticket import Ticket
from crmcore_service.tables import ticket
from crmcore_service.tickets.moving import close
from crmcore_service.tickets.states import RESOLVED

CLOSE_DAYS = "service.close_days"
_AT_ONCE = 200


def run(desk: Desk) -> bool:
    """Close all that is due, some at a time; return whether there is more to do now.

    What the workspace's process refuses to close, as it asks for more, stays resolved; the others are closed.
    """
    after = 0
    while not desk.is_over():
        with desk.read() as reader:
            ids = due(reader, after)
        if not ids:
            return False
        _close(desk, ids)
        after = ids[-1]
    return True


def due(reader: AnyReader, after: int = 0) -> list[int]:
    """Return the next tickets that were resolved `service.close_days` ago or before, in the order of their ids."""
    t = ticket.c
    since = reader.now - timedelta(days=int(reader.setting(CLOSE_DAYS)))
    wanted = select(t.id).where(t.status == RESOLVED, t.closed_at.is_(None), t.resolved_at <= since, t.id > after)
    return [row.id for row in reader.rows(wanted.order_by(t.id).limit(_AT_ONCE))]


def _close(desk: Desk, ids: Sequence[int]) -> None:
    """Close tickets in one transaction; where it is refused, each half by itself."""
    try:
        with desk.transaction() as tx:
            for one in tx.load(Ticket, ticket.c.id.in_(ids), ticket.c.status == RESOLVED):
                close(tx, one)
    except Refused:
        if len(ids) > 1:
            middle = len(ids) // 2
            _close(desk, ids[:middle])
            _close(desk, ids[middle:])
