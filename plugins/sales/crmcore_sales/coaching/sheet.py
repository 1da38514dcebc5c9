"""The sheet of a one-to-one: deals to talk about, one skill to work on, what was agreed, and when to meet again."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import Reader, here, tables
from crmcore_sales.coaching.attention import DealToCoach, deals_to_coach
from crmcore_sales.coaching.skills import Gap, skill_gap
from crmcore_sales.i18n import _
from crmcore_sales.tables import coaching, coaching_action

ACTIONS = 2
"""How many actions are agreed in a one-to-one."""

_MOST = 500


@frozen(kw_only=True)
class Action:
    """Something agreed: `state` is that of the task it became (open, done, ...), or gone."""

    text: str
    task_id: int | None
    due: date | None
    state: str


@frozen(kw_only=True)
class Sheet:
    """What to talk about with a rep today; `agreed` and `next_on` are of the last time, `suggested` for this one."""

    rep: str
    rep_id: int
    on: date
    deals: tuple[DealToCoach, ...]
    gap: Gap | None
    agreed: tuple[Action, ...]
    last_on: date | None
    next_on: date | None
    suggested: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        """Return it as it is kept, and as programs read it."""
        return {
            "rep": self.rep,
            "on": self.on.isoformat(),
            "deals": [
                {
                    "id": one.id,
                    "title": one.title,
                    "customer": one.customer,
                    "stage": one.stage,
                    "amount": None if one.amount is None else f"{one.amount:f}",
                    "currency": one.currency,
                    "why": [concern.why for concern in one.concerns],
                }
                for one in self.deals
            ],
            "gap": None if self.gap is None else {"stage": self.gap.stage, "text": self.gap.said()},
            "agreed": [{"text": one.text, "task_id": one.task_id, "state": one.state} for one in self.agreed],
            "last_on": self.last_on.isoformat() if self.last_on else None,
            "next_on": self.next_on.isoformat() if self.next_on else None,
            "suggested": list(self.suggested),
        }


def sheet(reader: Reader, rep: Any) -> Sheet:
    """Return the sheet of a rep (a row of users) as it is now."""
    c = coaching.c
    last = reader.first(
        select(c.id, c.held_on, c.next_on).where(c.rep_id == rep.id).order_by(c.held_on.desc(), c.id.desc())
    )
    deals, gap = deals_to_coach(reader, rep.id), skill_gap(reader, rep.id)
    return Sheet(
        rep=rep.login,
        rep_id=rep.id,
        on=here(reader).today,
        deals=tuple(deals),
        gap=gap,
        agreed=tuple(actions(reader, [last.id]).get(last.id, ())) if last else (),
        last_on=last.held_on if last else None,
        next_on=last.next_on if last else None,
        suggested=_suggested(deals, gap),
    )


def _suggested(deals: Sequence[DealToCoach], gap: Gap | None) -> tuple[str, ...]:
    """Return an action for the first deal, and one for the skill, or the next deal."""
    found = [f"{one.title}: {one.concerns[0].todo}" for one in deals]
    if gap is not None:
        found.insert(1, _("go through the last two deals lost in {stage} together").format(stage=gap.stage))
    return tuple(found[:ACTIONS])


def actions(reader: Reader, ids: Iterable[int]) -> dict[int, list[Action]]:
    """Return what was agreed in one-to-ones, by their ids."""
    a, t = coaching_action.c, tables.task.c
    rows = reader.rows(
        select(a.coaching_id, a.text, a.task_id, t.due, t.status)
        .join_from(coaching_action, tables.task, t.id == a.task_id, isouter=True)
        .where(a.coaching_id.in_(ids))
        .order_by(a.id)
        .limit(_MOST)
    )
    found: dict[int, list[Action]] = {}
    for row in rows:
        one = Action(text=row.text, task_id=row.task_id, due=row.due, state=row.status or _("gone"))
        found.setdefault(row.coaching_id, []).append(one)
    return found
