"""Who of the people that a selection chooses may be contacted now, and what stands against the others.

Everybody is asked about through policy, as at the moment of sending, in portions: the memory it takes does not grow
with the audience. Nothing is journalled.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, select

from crmcore.api import Act, Selection, Transaction, tables
from crmcore_marketing.i18n import _

_AT_ONCE, _FETCHED, _MORE = 5_000, 100_000, 4
_REACHED_BY = {"email": "email", "call": "phone", "sms": "phone"}
"""The kind of address a channel needs."""
_PARTICULAR = re.compile(r"“[^”]*”|\([^)]*\)|\S+@\S+|\d[\d.,:/-]*")
"""What differs between the same reason told of two people: what they said, when, where, how many."""


@frozen(kw_only=True)
class Plan:
    """What is to be done to people: by which channel, for which purpose, with which materials (codes), when."""

    channel: str
    purpose: str
    materials: tuple[str, ...] = ()
    at: datetime


@frozen(kw_only=True)
class Against:
    """Why a person is left out: the reason, whose it is (a plugin, or `address`), and when it ends if that is known."""

    by: str
    reason: str
    until: datetime | None = None

    @property
    def gist(self) -> str:
        """The reason without what is particular to the person, to be counted."""
        return " ".join(_PARTICULAR.sub("…", self.reason).split())


@frozen(kw_only=True)
class Judged:
    """A contact that was chosen, and what stands against contacting him, the weightiest first; nothing: he is in."""

    contact_id: int
    against: Sequence[Against] = ()


def judged(tx: Transaction, one: Selection, plan: Plan, *, after: int = 0, first: int = _FETCHED) -> Iterator[Judged]:
    """Yield everybody whom a selection chooses, in the order of their ids after `after`, with what stands against it.

    The selection is asked for `first` people, then for more and more, up to 100,000 at a time; policy for 5,000.
    """
    fetched = first
    while ids := [row.id for row in tx.rows(_following(one, after).limit(fetched))]:
        after = ids[-1]
        for start in range(0, len(ids), _AT_ONCE):
            yield from _portion(tx, ids[start : start + _AT_ONCE], plan)
        if len(ids) < fetched:
            return
        fetched = min(_MORE * fetched, _FETCHED)


def _following(one: Selection, after: int) -> Select[Any]:
    found = one.statement.subquery()
    return select(found.c.id).where(found.c.id > after).order_by(found.c.id)


def _portion(tx: Transaction, ids: Sequence[int], plan: Plan) -> Iterator[Judged]:
    reached = _addresses(tx, ids, plan.channel)
    acts = [
        Act(
            kind="contact", at=plan.at, channel=plan.channel, purpose=plan.purpose, contact_id=one,
            materials=plan.materials,
        )
        for one in ids
    ]  # fmt: skip
    for key, decision in zip(ids, tx.explain(acts), strict=True):
        against = [
            Against(by=plugin, reason=one.reason, until=one.until) for plugin, one in decision.objections if one.blocks
        ]
        if reached is not None and reached.get(key) != "":
            against.append(_unreachable(plan.channel, reached.get(key)))
        yield Judged(contact_id=key, against=against)


def _addresses(tx: Transaction, ids: Sequence[int], channel: str) -> dict[int, str] | None:
    """Return by contact what is the matter with its addresses (empty: one works); None where none is needed."""
    kind = _REACHED_BY.get(channel)
    if kind is None:
        return None
    p = tables.contact_point.c
    statement = select(p.contact_id, func.min(p.status).label("status")).where(p.contact_id.in_(ids), p.kind == kind)
    return {row.contact_id: row.status for row in tx.rows(statement.group_by(p.contact_id))}


def _unreachable(channel: str, status: str | None) -> Against:
    if status is None:
        reason = _("no e-mail address") if channel == "email" else _("no telephone number")
    else:
        reason = _("the only address is {status}").format(status=_(status))
    return Against(by="address", reason=reason)
