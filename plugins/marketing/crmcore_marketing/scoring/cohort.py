"""The people a card learns from: who they are, who of them is positive, and in which half each is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import CTE, ColumnElement, FromClause, Select, Subquery, and_, case, func, or_, select, union

from crmcore.api import InvalidInput, NotFound, PluginReader, Reader, bought, outcomes, selection, tables
from crmcore_marketing.i18n import _
from crmcore_marketing.scoring.facts import Fact

BOUGHT, ACCEPTED = "bought", "accepted"
TRAIN, HELD_OUT = 0, 1
FEWEST = 5
"""People of either kind without whom nothing is learned."""
_FACTOR, _SPAN = 40_503, 65_536
"""Knuth's multiplicative hash: 2^16 over the golden ratio. Neighbouring ids lie far apart."""


@frozen(kw_only=True, eq=False)
class Cohort:
    """Who is looked at: `positive` (1 or 0) of each contact, and whom else the target asks for; facts as of `at`."""

    at: datetime
    source: FromClause
    positive: ColumnElement[int]
    conditions: tuple[ColumnElement[bool], ...]

    def people(self, facts: Sequence[Fact], half: int | None = None, most: int = 0) -> CTE:
        """Return id, positive and `value_0`, `value_1`... of the people, of one half where that is said.

        With `most` about so many of them by chance, always the same.
        """
        c = tables.contact.c
        joined = _joined_with(self.source, facts)
        values = [one.known.label(f"value_{number}") for number, one in enumerate(facts)]
        statement = select(c.id, self.positive.label("positive"), *values).select_from(joined)
        statement = statement.where(c.merged_into_id.is_(None), *self.conditions)
        if half is not None:
            statement = statement.where(is_in(half, c.id))
        if most:
            statement = statement.where(_hash(c.id, 48_271) < most)
        return statement.cte("people").prefix_with("MATERIALIZED")  # else each bin reckons the values anew


def _joined_with(source: FromClause, facts: Sequence[Fact]) -> FromClause:
    """Return contacts joined with the sources of facts, each source once."""
    seen: set[int] = set()
    for one in facts:
        if id(one.source) not in seen:
            seen.add(id(one.source))
            source = source.outerjoin(one.source, one.key == tables.contact.c.id)
    return source


def is_in(half: int, key: ColumnElement[int]) -> ColumnElement[bool]:
    """Return whether a contact is in a half, the one to learn from or the one to measure by; it does not change."""
    return _hash(key, _FACTOR) < _SPAN // 2 if half == TRAIN else _hash(key, _FACTOR) >= _SPAN // 2


def _hash(key: ColumnElement[int], by: int) -> ColumnElement[int]:
    found: ColumnElement[int] = (key * by) % _SPAN
    return found


def part_of(most: int, people: int) -> int:
    """Return what `Cohort.people` takes as `most` so that about that many of so many people are chosen."""
    return 0 if people <= most else max(1, _SPAN * most // people)


def cohort(reader: Reader | PluginReader, target: str, *, at: datetime, among: str = "") -> Cohort:
    """Return the people of a target: `bought` since `at`, `accepted` and not rejected as a lead, or a condition.

    `among` are those that an expression chooses, as audiences have it. Raises `NotFound` where nobody keeps what is
    asked for, and `InvalidInput` for a condition that cannot be asked.
    """
    c = tables.contact.c
    conditions = [c.id.in_(selection(reader, among).statement)] if among.strip() else []
    if target == ACCEPTED:
        decided = _decided(reader)
        conditions.append(decided.c.contact_id.is_not(None))
        return _of(decided, decided.c.accepted, at, conditions)
    chosen = _buyers(reader, at) if target == BOUGHT else selection(reader, target).statement.subquery("chosen")
    key = chosen.c.contact_id if target == BOUGHT else chosen.c.id
    source = tables.contact.outerjoin(chosen, key == c.id)
    return Cohort(at=at, source=source, positive=case((key.is_not(None), 1), else_=0), conditions=tuple(conditions))


def _of(decided: Subquery, positive: ColumnElement[int], at: datetime, conditions: list[Any]) -> Cohort:
    source = tables.contact.join(decided, decided.c.contact_id == tables.contact.c.id)
    return Cohort(at=at, source=source, positive=positive, conditions=tuple(conditions))


def _decided(reader: Reader | PluginReader) -> Subquery:
    """Return the contacts whose leads were decided on: 1 for who was accepted at least once."""
    kept = outcomes(reader, "lead")
    if not kept:
        raise NotFound(_("Nobody here keeps leads: no plugin that does is enabled, such as sales."))
    parts: list[Select[Any]] = [
        select(lead.contact.label("contact_id"), case((lead.state == "won", 1), else_=0).label("accepted"))
        .select_from(lead.source)
        .where(lead.contact.is_not(None), lead.state.in_(("won", "lost")))
        for lead in kept
    ]
    every = parts[0].union_all(*parts[1:]).subquery() if len(parts) > 1 else parts[0].subquery()
    grouped = select(every.c.contact_id, func.max(every.c.accepted).label("accepted")).group_by(every.c.contact_id)
    return grouped.subquery("decided")


def _buyers(reader: Reader | PluginReader, at: datetime) -> Subquery:
    """Return the contacts who bought since an instant: named in what was bought, or at the customer that bought."""
    kept = bought(reader)
    if not kept:
        raise NotFound(_("Nobody here tells who bought: no plugin that does is enabled, such as sales."))
    p = tables.position.c
    parts: list[Select[Any]] = []
    for one in kept:
        when: ColumnElement[bool] = one.closed >= at
        if one.day is not None:
            when = or_(when, and_(one.closed.is_(None), one.day >= at.date()))
        won = (one.state == "won", when)
        parts.append(
            select(one.contact.label("contact_id")).select_from(one.source).where(*won, one.contact.is_not(None))
        )
        firms = (
            select(one.customer.label("customer_id"))
            .select_from(one.source)
            .where(*won, one.contact.is_(None))
            .subquery()
        )
        parts.append(
            select(p.contact_id)
            .join_from(tables.position, firms, firms.c.customer_id == p.customer_id)
            .where(or_(p.ended.is_(None), p.ended >= at.date()))
        )
    every = union(*parts).subquery()
    return select(every.c.contact_id).distinct().subquery("buyers")


def must_tell(people: int, positives: int, target: str) -> None:
    """Raise `InvalidInput` where there are too few people to learn from."""
    few = min(positives, people - positives)
    if few < FEWEST:
        raise InvalidInput(
            _("Of {people} people {positives} are what is looked for ({target}): too few to learn from.").format(
                people=people, positives=positives, target=target
            )
        )
