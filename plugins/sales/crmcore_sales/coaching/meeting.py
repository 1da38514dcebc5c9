"""Holding one-to-ones: the sheet is kept as it was, what was agreed becomes tasks, and the history stays."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import InvalidInput, Reader, Task, Transaction, logins
from crmcore_sales.coaching.sheet import ACTIONS, Action, Sheet, actions
from crmcore_sales.i18n import _
from crmcore_sales.model.coaching import Coaching, CoachingAction
from crmcore_sales.tables import coaching

USUAL = timedelta(days=14)
"""When to meet again, where nothing is said."""


@frozen(kw_only=True)
class Meeting:
    """A one-to-one that was held: the sheet of the day, what was agreed and what became of it, and the next date."""

    id: int
    held_on: date
    next_on: date | None
    manager: str
    note: str
    actions: Sequence[Action]
    sheet: dict[str, Any]


def hold(
    tx: Transaction, today: Sheet, *, agreed: Sequence[str] = (), next_on: date | None = None, note: str = ""
) -> Coaching:
    """Keep a one-to-one; what was agreed (if nothing is given, what is suggested) becomes tasks of the rep.

    They are due the next time. Raises `InvalidInput` for a next date that is not after today, and for nothing agreed.
    """
    next_on = next_on or today.on + USUAL
    if next_on <= today.on:
        raise InvalidInput(_("The next one-to-one is to be after {day}.").format(day=today.on.isoformat()))
    wanted = [each.strip() for each in agreed if each.strip()] or list(today.suggested)
    if not wanted:
        raise InvalidInput(_("Nothing is agreed; give --action TEXT, up to {n} times.").format(n=ACTIONS))
    held = tx.add(
        Coaching(
            rep_id=today.rep_id,
            manager_id=tx.actor.user_id or None,
            held_on=today.on,
            next_on=next_on,
            sheet=today.told(),
            note=note,
        )
    )
    for text in wanted:
        task = tx.add(Task(subject=text, due=next_on, owner_id=today.rep_id, source="one-to-one"))
        tx.add(CoachingAction(coaching_id=held.id, text=text, task_id=task.id))
    return held


def meetings(reader: Reader, rep_id: int, *, limit: int, after: int | None = None) -> list[Meeting]:
    """Return the one-to-ones held with a rep, the last one first; `after` is the last one shown."""
    c = coaching.c
    statement = select(coaching).where(c.rep_id == rep_id).order_by(c.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(c.id < after)
    rows = reader.rows(statement)
    agreed = actions(reader, [row.id for row in rows])
    managers = logins(reader, [row.manager_id for row in rows])
    return [
        Meeting(
            id=row.id,
            held_on=row.held_on,
            next_on=row.next_on,
            manager=managers.get(row.manager_id, ""),
            note=row.note,
            actions=agreed.get(row.id, []),
            sheet=row.sheet,
        )
        for row in rows
    ]
