"""Our first word to whoever a lead is about: seen from what passed, never typed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Update, and_, func, or_, select, update

from crmcore.api import ApplyTransaction, Change, NotifyTransaction, tables
from crmcore_sales.pipeline.facts import portions
from crmcore_sales.tables import lead

_NO_WORD = ("note",)
_NOT_HELD = ("planned", "tentative", "cancelled", "missed", "declined")
_MET = ("visit", "meeting")
_PARTIES = ("customer_id", "contact_id")
_OF_TALK = frozenset({*_PARTIES, "at", "day", "direction", "channel", "seconds", "status"})
_OF_LEAD = frozenset({*_PARTIES, "received_at", "contacted_at"})


def our_word() -> ColumnElement[bool]:
    """Return the condition that an interaction is a word of ours: sent by us, or said in a talk that took place."""
    i = tables.interaction.c
    talked = or_(i.channel.in_(_MET), and_(i.channel == "call", i.seconds > 0))
    return and_(or_(i.direction != "in", talked), i.channel.not_in(_NO_WORD), i.status.not_in(_NOT_HELD))


def _may_be_our_word(row: Mapping[str, Any]) -> bool:
    """Return whether an interaction may be a word of ours: their mails and our notes are not."""
    return row["channel"] not in _NO_WORD and (row["direction"] != "in" or row["channel"] in (*_MET, "call"))


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Note when leads were first contacted after they came: three statements at most, none where none can be.

    Concerned are the leads whose customer or contact we talked with in this change set, and those that are new or
    about somebody else now. A moment that was given, as by an import, stays.
    """
    for name, ids in _concerned(changes, tx).items():
        for some in portions(sorted(ids)):
            tx.execute(_first_word(tx).where(lead.c[name].in_(some)))


def _concerned(changes: Sequence[Change], tx: ApplyTransaction) -> Mapping[str, set[int]]:
    """Return which leads are looked at, as ids by the column that holds them."""
    found: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        if change.action == "removed":
            continue
        if change.entity == "interaction" and not _OF_TALK.isdisjoint(change.after):
            row = {**(tx.as_read(change.entity, change.id) or {}), **change.after}
            for name in _PARTIES if _may_be_our_word(row) else ():
                if row[name]:
                    found[name].add(row[name])
        elif change.entity == lead.name and not _OF_LEAD.isdisjoint(change.after):
            found["id"].add(change.id)
    return found


def catch_up(tx: NotifyTransaction) -> None:
    """Note the leads whose first talk was in the calendar before and has taken place since: one statement."""
    tx.execute(_first_word(tx))


def _first_word(tx: ApplyTransaction) -> Update:
    i, c = tables.interaction.c, lead.c
    with_them = or_(i.customer_id == c.customer_id, i.contact_id == c.contact_id)
    first = select(func.min(i.moment)).where(with_them, i.moment >= c.received_at, i.moment <= tx.now, our_word())
    waiting = (c.contacted_at.is_(None), c.closed_at.is_(None))
    return update(lead).where(*waiting).values(contacted_at=first.scalar_subquery())
