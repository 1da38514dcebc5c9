"""Interests of a person, and the people interested in a line."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import field, frozen
from sqlalchemy import func, select

from crmcore.api import PluginReader, Reader, tables
from crmcore_marketing.interests.signals import POINTS, SORTS, interest, points, share, signals

_MOST = 1_000
AT_LEAST = 0.5
"""From which interest on somebody counts as interested."""


@frozen(kw_only=True)
class LineView:
    """A person's interest in a product line: the points, from how many of each sort of signal, and the latest."""

    line: str
    interest: float
    points: int
    signals: Mapping[str, int] = field(factory=dict)
    last_at: datetime | None = None


@frozen(kw_only=True)
class InterestedView:
    """A person who is interested in a line, and how much."""

    contact_id: int
    contact: str
    interest: float


@frozen(kw_only=True)
class LinePeople:
    """A product line: how many people showed some interest, and how many are interested."""

    line: str
    people: int
    interested: int


def interests(reader: Reader | PluginReader, contact_id: int) -> list[LineView]:
    """Return a person's interests, the greatest first: one statement."""
    s = signals(reader)
    statement = (
        select(s.c.line, s.c.kind, func.count().label("number"), func.max(s.c.at).label("last_at"))
        .where(s.c.contact_id == contact_id)
        .group_by(s.c.line, s.c.kind)
        .limit(_MOST)
    )
    rows = reader.rows(statement)
    every = sum(POINTS[row.kind] * row.number for row in rows)
    found = []
    for line in dict.fromkeys(row.line for row in rows):
        mine = [row for row in rows if row.line == line]
        ours, sorts = sum(POINTS[row.kind] * row.number for row in mine), dict.fromkeys(SORTS.values(), 0)
        for row in mine:
            sorts[SORTS[row.kind]] += row.number
        found.append(
            LineView(
                line=line,
                interest=round(ours / (every + 1), 4),
                points=ours,
                signals={sort: number for sort, number in sorts.items() if number},
                last_at=max(row.last_at for row in mine),
            )
        )
    return sorted(found, key=lambda one: (-one.points, one.line))


def interested(
    reader: Reader | PluginReader, line: str, *, at_least: float, limit: int, after: int | None = None
) -> list[InterestedView]:
    """Return who is interested in a line, in the order of their ids, after one of them: two statements."""
    trait = interest(reader, line)
    c = tables.contact.c
    statement = (
        select(c.id, c.name, trait.value.label("interest"))
        .join(trait.source, trait.key == c.id)
        .where(c.merged_into_id.is_(None), trait.value >= at_least, trait.value > 0, c.id > (after or 0))
        .order_by(c.id)
        .limit(limit)
    )
    return [
        InterestedView(contact_id=row.id, contact=row.name, interest=round(row.interest, 4))
        for row in reader.rows(statement)
    ]


def lines(reader: Reader | PluginReader, *, at_least: float, limit: int) -> Sequence[LinePeople]:
    """Return the product lines that anybody showed interest in, those with the most interested first: one statement."""
    s = signals(reader)
    total = select(s.c.contact_id, func.sum(points(s.c.kind)).label("points")).group_by(s.c.contact_id).subquery()
    each = (
        select(s.c.contact_id, s.c.line, func.sum(points(s.c.kind)).label("points"))
        .group_by(s.c.contact_id, s.c.line)
        .subquery()
    )
    many = func.count().filter(share(each.c.points, total.c.points) >= at_least)
    statement = (
        select(each.c.line, func.count().label("people"), many.label("interested"))
        .join(total, total.c.contact_id == each.c.contact_id)
        .group_by(each.c.line)
        .order_by(many.desc(), func.count().desc(), each.c.line)
        .limit(limit)
    )
    return [LinePeople(line=row.line, people=row.people, interested=row.interested) for row in reader.rows(statement)]
