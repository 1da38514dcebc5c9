"""Promises as read from the task table, with the contradictions among them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import evolve, frozen
from sqlalchemy import Select, func, select

from crmcore.engine.tables import contact, customer, interaction, task, user_account
from crmcore.language.contradictions import PromiseFact, contradictions


@frozen(kw_only=True)
class Promised:
    """A promise: `who` made it `to` whom, `by` us or them. `conflicts` says with which others it cannot hold, and why.

    `what` is the thing promised, `sentence` where it was taken from, `made_at` when that was said.
    """

    id: int
    by: str
    who: str
    to: str
    customer_id: int | None
    customer: str
    contact_id: int | None
    contact: str
    what: str
    topic: str
    amount: Decimal | None
    unit: str
    due: date | None
    status: str
    made_at: datetime
    closed_at: datetime | None
    sentence: str
    interaction_id: int | None
    conflicts: tuple[str, ...] = ()
    conflicts_with: tuple[int, ...] = ()


def promises() -> Select[Any]:
    """Return the statement that reads promises; conditions, order and limit are the caller's."""
    t = task.c
    name = func.coalesce(func.nullif(user_account.c.name, ""), user_account.c.login)
    moment = select(interaction.c.moment).where(interaction.c.id == t.interaction_id).scalar_subquery()
    return select(
        t.id, t.by, t.customer_id, t.contact_id, t.subject, t.topic, t.amount, t.unit, t.due, t.status, t.closed_at,
        t.sentence, t.interaction_id, func.coalesce(moment, t.created_at).label("made_at"),
        select(name).where(user_account.c.id == t.owner_id).scalar_subquery().label("user"),
        select(contact.c.name).where(contact.c.id == t.contact_id).scalar_subquery().label("contact"),
        select(customer.c.name).where(customer.c.id == t.customer_id).scalar_subquery().label("customer"),
    ).where(t.kind == "promise")  # fmt: skip


def read(row: Any) -> Promised:
    """Return a row of `promises` as a value."""
    us, them = row.user or "", row.contact or row.customer or ""
    return Promised(
        id=row.id,
        by=row.by,
        who=us if row.by == "us" else them,
        to=them if row.by == "us" else us,
        customer_id=row.customer_id,
        customer=row.customer or "",
        contact_id=row.contact_id,
        contact=row.contact or "",
        what=row.subject,
        topic=row.topic,
        amount=row.amount,
        unit=row.unit,
        due=row.due,
        status=row.status,
        made_at=row.made_at,
        closed_at=row.closed_at,
        sentence=row.sentence,
        interaction_id=row.interaction_id,
    )


def flagged(shown: Sequence[Promised], standing: Sequence[Promised]) -> list[Promised]:
    """Return what is shown with its contradictions; `standing` holds all open promises to the same parties.

    Our promises to a customer are compared with each other whoever made them, and theirs to us likewise.
    """
    reasons: dict[int, list[str]] = defaultdict(list)
    others: dict[int, list[int]] = defaultdict(list)
    for found in contradictions([_fact(one) for one in standing]):
        first, second = found.first.id, found.second.id
        for one, other in ((first, second), (second, first)):
            reasons[one].append(found.reason)
            others[one].append(other)
    return [evolve(one, conflicts=tuple(reasons[one.id]), conflicts_with=tuple(others[one.id])) for one in shown]


def _fact(one: Promised) -> PromiseFact:
    party = f"customer {one.customer_id}" if one.customer_id else f"contact {one.contact_id}"
    if not (one.customer_id or one.contact_id):
        party = f"promise {one.id}"  # to nobody known: nothing to compare it with
    return PromiseFact(
        id=one.id,
        customer_id=f"{one.by} {party}",
        topic=one.topic,
        made_at=one.made_at,
        user=one.who,
        amount=one.amount,
        unit=one.unit,
        due=one.due,
    )
