"""What several of us promised a customer, held against our deals and quotes with it (row S1-V21).

That two promises contradict each other the core tells; here it is that one cannot be kept by what we sell.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Row, Select, select

from crmcore.api import Block, PluginReader, Reader, Subject, logins, tables, task_seen
from crmcore_sales.i18n import _
from crmcore_sales.model.quote import OPEN
from crmcore_sales.tables import opportunity, quote

_MOST = 100
_DELIVERY, _DISCOUNT = "delivery", "discount"


@frozen(kw_only=True)
class Clash:
    """A promise that a deal or quote (`entity`, `id`) does not keep, and why: `reason` names both sides."""

    promise_id: int
    who: str
    due: date | None
    entity: str
    id: int
    owner: str
    reason: str


def clashes(reader: Reader | PluginReader, customer_ids: Sequence[int]) -> list[Clash]:
    """Return the promises to these customers that open deals and quotes do not keep: four statements at most.

    A delivery promised for after the day a deal is needed by, and a discount that an open quote does not give.
    """
    promises = reader.rows(_promises(customer_ids, reader.actor.user_id)) if customer_ids else []
    if not promises:
        return []
    o, q = opportunity.c, quote.c
    deals = reader.rows(
        select(o.id, o.customer_id, o.title, o.need_by, o.owner_id)
        .where(o.customer_id.in_(customer_ids), o.status == "open", o.need_by.is_not(None))
        .order_by(o.need_by, o.id)
        .limit(_MOST)
    )
    quotes = reader.rows(
        select(q.id, q.customer_id, q.number, q.discount, q.owner_id)
        .where(q.customer_id.in_(customer_ids), q.status == OPEN)
        .order_by(q.id)
        .limit(_MOST)
    )
    users = logins(reader, (row.owner_id for row in (*promises, *deals, *quotes)))
    found: list[Clash] = []
    for one in promises:
        who = users.get(one.owner_id, "–")
        found += _late(one, who, deals, users) if one.topic == _DELIVERY else _dear(one, who, quotes, users)
    return found


def _promises(customer_ids: Sequence[int], me: int) -> Select[Any]:
    t = tables.task.c
    return (
        select(t.id, t.customer_id, t.topic, t.due, t.amount, t.unit, t.owner_id)
        .where(
            t.customer_id.in_(customer_ids),
            t.kind == "promise",
            t.by == "us",
            t.status == "open",
            t.topic.in_((_DELIVERY, _DISCOUNT)),
            task_seen(me),
        )
        .order_by(t.due.is_(None), t.due, t.id)
        .limit(_MOST)
    )


def _late(one: Row[Any], who: str, deals: Sequence[Row[Any]], users: dict[int, str]) -> Iterator[Clash]:
    for deal in deals:
        if one.due is not None and deal.customer_id == one.customer_id and deal.need_by < one.due:
            owner = users.get(deal.owner_id, "–")
            told = _("{who} promised delivery by {due}, {owner}'s deal “{title}” needs it by {need_by}")
            yield _clash(
                one, who, opportunity.name, deal.id, owner,
                told.format(who=who, due=one.due, owner=owner, title=deal.title, need_by=deal.need_by),
            )  # fmt: skip


def _dear(one: Row[Any], who: str, quotes: Sequence[Row[Any]], users: dict[int, str]) -> Iterator[Clash]:
    if one.unit != "percent" or one.amount is None:
        return
    for each in quotes:
        if each.customer_id == one.customer_id and each.discount < one.amount:
            owner = users.get(each.owner_id, "–")
            told = _("{who} promised {promised:f}% off, {owner}'s open quote {number} gives {given:f}%")
            yield _clash(
                one, who, quote.name, each.id, owner,
                told.format(who=who, promised=one.amount, owner=owner, number=each.number, given=each.discount),
            )  # fmt: skip


def _clash(one: Row[Any], who: str, entity: str, key: int, owner: str, reason: str) -> Clash:
    return Clash(promise_id=one.id, who=who, due=one.due, entity=entity, id=key, owner=owner, reason=reason)


def promised_block(subject: Subject, _now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Yield what was promised and is not kept by deals and quotes, where anything was."""
    found = clashes(reader, subject.customer_ids)
    if found:
        yield Block(
            title=_("Promised otherwise than sold"),
            weight=22,
            rows=tuple(("⚠", one.reason) for one in found),
            data=found,
        )
