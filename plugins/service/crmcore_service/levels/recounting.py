"""Reckoning anew when what clocks run by is changed: a level, a calendar, the workspace's zone.

Open tickets are marked by one statement; the job that escalates reckons those it finds marked, in portions.
"""

from sqlalchemy import ColumnElement, update

from crmcore.api import ApplyTransaction, Event, Transaction
from crmcore_service.levels.promised import ESCALATE, SETTING, USUALLY
from crmcore_service.tables import ticket, work_order

HEARS = ("config.applied", "config.reverted", "setting.changed")
"""The types of events after which calendars may be others."""

_SETTINGS = frozenset({"calendar", "zone", SETTING, ESCALATE, *USUALLY})


def mark(tx: ApplyTransaction | Transaction, *conditions: ColumnElement[bool]) -> int:
    """Let the clocks of open tickets be reckoned anew; return of how many. Those without a level count too."""
    c = ticket.c
    found = tx.execute(update(ticket).where(c.closed_at.is_(None), *conditions).values(next_step_at=tx.now))
    if not conditions:
        w = work_order.c
        tx.execute(update(work_order).where(w.closed_at.is_(None)).values(next_step_at=tx.now))
    return found.rowcount


def heard(event: Event, tx: ApplyTransaction) -> None:
    """Mark all open tickets after a calendar, or a setting that clocks run by, was changed."""
    if event.type == "setting.changed":
        if event.data.keys() & _SETTINGS:
            mark(tx)
    elif any(one["kind"] == "calendar" for one in event.data.get("changes", ())):
        mark(tx)
