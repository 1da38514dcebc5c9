"""The call list: contacts with something due who have a number, each asked for through the policy (S1-01)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from attrs import field, frozen
from sqlalchemy import select

from crmcore.engine.tables import contact, contact_point, customer, task
from crmcore.engine.transaction import Transaction
from crmcore.hooks.policy import Act, Decision
from crmcore.search.privacy import task_seen

_TASKS_EACH = 10


@frozen(kw_only=True)
class Reason:
    """Why to call: a task or promise that is due."""

    id: int
    kind: str
    due: date
    subject: str


@frozen(kw_only=True)
class Call:
    """Somebody to call, or not: `objections` say what speaks against it, `until` when that is over."""

    contact_id: int
    name: str
    customer_id: int | None
    customer: str
    phones: tuple[str, ...]
    why: tuple[Reason, ...]
    objections: tuple[str, ...] = ()
    until: datetime | None = None


@frozen(kw_only=True)
class CallList:
    """Whom to call (objections of theirs only warn), who is left out for a reason, and who has no number."""

    at: datetime
    purpose: str
    call: list[Call] = field(factory=list)
    left_out: list[Call] = field(factory=list)
    no_number: list[Call] = field(factory=list)


def call_list(
    tx: Transaction, at: datetime, today: date, *, purpose: str, owner_id: int | None, limit: int
) -> CallList:
    """Return the call list for a moment: contacts with tasks or promises due up to `today`, the longest overdue first.

    `limit` bounds the contacts asked for. Two statements, and those of the policy for all together; each decision is
    journalled.
    """
    found = CallList(at=at, purpose=purpose)
    waiting = _waiting(tx, today, owner_id, limit)
    phones = _phones(tx, list(waiting))
    acts: dict[int, Act] = {}
    for contact_id, rows in waiting.items():
        if contact_id in phones:
            acts[contact_id] = Act(
                kind="contact", at=at, channel="call", purpose=purpose,
                contact_id=contact_id, customer_id=rows[0].customer_id,
            )  # fmt: skip
        else:
            found.no_number.append(_call(rows, ()))
    for act, decision in zip(acts.values(), tx.permit_all(tuple(acts.values())), strict=True):
        one = _call(waiting[act.contact_id or 0], phones[act.contact_id or 0], decision)
        (found.call if decision.allowed else found.left_out).append(one)
    return found


def _call(rows: Sequence[Any], phones: Sequence[str], decision: Decision | None = None) -> Call:
    first = rows[0]
    return Call(
        contact_id=first.contact_id,
        name=first.contact,
        customer_id=first.customer_id,
        customer=first.customer or "",
        phones=tuple(phones),
        why=tuple(Reason(id=r.id, kind=r.kind, due=r.due, subject=r.subject) for r in rows[:_TASKS_EACH]),
        objections=decision.reasons if decision else (),
        until=decision.until if decision else None,
    )


def _waiting(tx: Transaction, today: date, owner_id: int | None, limit: int) -> dict[int, list[Any]]:
    """Return what is due by contact, the earliest first, for `limit` contacts at most."""
    t = task.c
    statement = (
        select(
            t.id, t.kind, t.due, t.subject, t.contact_id, t.customer_id, contact.c.name.label("contact"),
            select(customer.c.name).where(customer.c.id == t.customer_id).scalar_subquery().label("customer"),
        )
        .join_from(task, contact, contact.c.id == t.contact_id)
        .where(t.status == "open", t.due <= today, task_seen(tx.actor.user_id))
        .order_by(t.due, t.id)
        .limit(limit * _TASKS_EACH)
    )  # fmt: skip
    if owner_id is not None:
        statement = statement.where(t.owner_id == owner_id)
    waiting: dict[int, list[Any]] = defaultdict(list)
    for row in tx.rows(statement):
        if row.contact_id in waiting or len(waiting) < limit:
            waiting[row.contact_id].append(row)
    return waiting


def _phones(tx: Transaction, ids: Sequence[int]) -> dict[int, list[str]]:
    c = contact_point.c
    found: dict[int, list[str]] = defaultdict(list)
    statement = select(c.contact_id, c.value).where(c.contact_id.in_(ids), c.kind == "phone", c.status == "")
    for row in tx.rows(statement.order_by(c.preferred.desc(), c.id)):
        found[row.contact_id].append(row.value)
    return found
