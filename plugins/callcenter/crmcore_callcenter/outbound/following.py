"""What calls say of people on calling lists: who is called, who was not reached and waits, who called us."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, select, union, update

from crmcore.api import ApplyTransaction, Change, here
from crmcore_callcenter.i18n import _
from crmcore_callcenter.outbound.taking import CALLING, EXHAUSTED, SKIPPED, WAITING
from crmcore_callcenter.tables import call, calling_list, entry

_HEARD = {"status", "answered", "ended_at", "contact_id", "to_normal", "from_normal"}
_AT_ONCE = 1_000
_EARLY = timedelta(minutes=2)
"""So much earlier than an agent took somebody the telephone system's clock may say that the call began."""


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Let entries follow calls that were written: one statement for 1,000 calls, and one for each entry concerned."""
    ids = [
        one.id
        for one in changes
        if one.entity == call.name
        and (one.action == "created" or (one.action == "changed" and _HEARD & set(one.after)))
    ]
    for start in range(0, len(ids), _AT_ONCE):
        for row in tx.rows(_concerned(ids[start : start + _AT_ONCE])):
            since = row.taken_at if row.direction == "out" else row.created_at
            if since is None or row.started_at < since - _EARLY:  # an old call, told of later
                continue
            values = _called(row) if row.direction == "out" else _called_us(row, tx)
            tx.execute(update(entry).where(entry.c.id == row.entry_id).values(**values))


def _concerned(ids: Sequence[int]) -> Select[Any]:
    """Return who is being called by these calls, and who on an open list called us and was answered."""
    c, e, of = call.c, entry.c, calling_list.c
    columns = (
        c.id, c.direction, c.answered, c.started_at, c.ended_at, e.id.label("entry_id"), e.attempts, e.next_at,
        e.taken_at, e.created_at, of.most_attempts, of.retry_minutes,
    )  # fmt: skip
    ours = and_(c.direction == "out", e.status == CALLING)
    theirs = and_(c.direction == "in", c.answered.is_(True), e.status.in_((WAITING, SKIPPED)), of.status == "open")
    ways = [
        select(*columns)
        .select_from(call.join(entry, same).join(calling_list, of.id == e.list_id))
        .where(c.id.in_(ids), condition)
        for same, condition in (
            (and_(c.to_normal == e.normal, c.to_normal != ""), ours),
            (c.contact_id == e.contact_id, ours),
            (and_(c.from_normal == e.normal, c.from_normal != ""), theirs),
            (c.contact_id == e.contact_id, theirs),
        )
    ]
    return select(union(*ways).subquery("concerned"))


def _called(row: Any) -> dict[str, Any]:
    """Return what a call of ours makes of an entry: its call, and where nobody took it the next try."""
    if row.ended_at is None or row.answered:
        return {"call_id": row.id}
    attempts = row.attempts + 1
    if attempts >= row.most_attempts:
        why = _("tried {n} times").format(n=attempts)
        return {"call_id": row.id, "attempts": attempts, "status": EXHAUSTED, "why": why, "result": "not_reached"}
    again = row.ended_at + timedelta(minutes=row.retry_minutes)
    return {"call_id": row.id, "attempts": attempts, "status": WAITING, "next_at": again, "result": "not_reached"}


def _called_us(row: Any, tx: ApplyTransaction) -> dict[str, Any]:
    """Return what it makes of an entry that they called us and were answered: they have peace for a while."""
    at = row.started_at.astimezone(here(tx).zone)
    peace = row.started_at + timedelta(minutes=row.retry_minutes)
    why = _("they called us at {at}").format(at=f"{at:%Y-%m-%d %H:%M}")
    return {"call_id": row.id, "why": why, "next_at": peace if row.next_at is None else max(peace, row.next_at)}
