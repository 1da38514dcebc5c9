"""Bins in SQL: which bin of a factor a value is in, how values are put into bins, how many people are in each."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve
from sqlalchemy import ColumnElement, Date, FromClause, Text, case, func, literal, select

from crmcore.api import Instant, PluginReader, Reader
from crmcore_marketing.scoring.card import MOMENT, NUMBER, TRUTH, Bin, Factor
from crmcore_marketing.scoring.facts import Fact

_TILES = 20
_DAYS = (0.0, 7.0, 30.0, 90.0, 180.0, 365.0)
_WORDS = 15
"""Words of a text that have a bin of their own; the rarer ones share one."""
_OFTEN = 10
"""People with the same word below whom it has no bin: a card tells of nobody."""


def place(factor: Factor, value: ColumnElement[Any], at: datetime) -> ColumnElement[int]:
    """Return the place of the bin that a value is in, as it stood at an instant; -1 for one in none."""
    return _by_bin(factor, value, at, range(len(factor.bins)), -1)


def points(factor: Factor, value: ColumnElement[Any], at: datetime) -> ColumnElement[int]:
    """Return the points of the bin that a value is in, as it stood at an instant; none for one in no bin."""
    return _by_bin(factor, value, at, [one.points for one in factor.bins], 0)


def _by_bin(
    factor: Factor, value: ColumnElement[Any], at: datetime, answers: Sequence[int], missing: int
) -> ColumnElement[int]:
    """Return what stands for the bin of a value; each bin is asked once, from the lowest up."""
    pairs = list(zip(factor.bins, answers, strict=True))
    unknown = next((answer for one, answer in pairs if one.unknown), missing)
    known = [(one, answer) for one, answer in pairs if not one.unknown]
    if not known:
        return case((value.is_(None), unknown), else_=missing)
    cases: list[tuple[ColumnElement[bool], int]] = [(value.is_(None), unknown)]
    if factor.kind in (NUMBER, MOMENT):
        cases += [(_is_below(factor, one, value, at), answer) for one, answer in known[:-1]]
        return case(*cases, else_=known[-1][1])
    if factor.kind == TRUTH:
        cases += [(value.is_(one.values == ("true",)), answer) for one, answer in known]
        return case(*cases, else_=missing)
    cases += [(value.in_(one.values), answer) for one, answer in known if not one.rest]
    return case(*cases, else_=next((answer for one, answer in known if one.rest), missing))


def _is_below(factor: Factor, one: Bin, value: ColumnElement[Any], at: datetime) -> ColumnElement[bool]:
    """Return whether a value is in a bin, if it is in none before."""
    if one.high is None:
        raise ValueError(f"{factor.name}: only the last bin has no end")
    if factor.kind == NUMBER:
        return value < one.high
    return value > _bound(value, at - timedelta(days=one.high))


def _bound(value: ColumnElement[Any], at: datetime) -> ColumnElement[Any]:
    """Return an instant as a column keeps it, or its date where that keeps dates."""
    if isinstance(value.type, Date):
        return literal(at.date(), Date())
    return literal(at.date().isoformat(), Text()) if isinstance(value.type, Text) else literal(at, Instant())


def first_bins(reader: Reader | PluginReader, fact: Fact, people: FromClause) -> Factor:
    """Return the values of a fact in fine bins, of the people to learn from: one statement, none for moments.

    `people` have `value`.
    """
    value = people.c.value
    factor = Factor(name=fact.name, title=fact.title, kind=fact.kind)
    bins: list[Bin] = []
    if fact.kind == NUMBER:
        tile = func.ntile(_TILES).over(order_by=value).label("tile")
        tiles = select(value.label("value"), tile).where(value.is_not(None)).subquery()
        lowest = func.min(tiles.c.value).label("low")
        rows = reader.rows(select(lowest).group_by(tiles.c.tile).order_by(lowest))
        edges = list(dict.fromkeys(float(row.low) for row in rows))
        bins = [
            Bin(low=low if number else None, high=high)
            for number, (low, high) in enumerate(zip(edges, [*edges[1:], None], strict=True))
        ]
    elif fact.kind == MOMENT:
        bins = [Bin(low=low, high=high) for low, high in zip(_DAYS, [*_DAYS[1:], None], strict=True)]
    elif fact.kind == TRUTH:
        bins = [Bin(values=("true",)), Bin(values=("false",))]
    else:
        counted = select(value.label("value"), func.count().label("n")).where(value.is_not(None)).group_by(value)
        often = counted.having(func.count() >= _OFTEN).order_by(func.count().desc(), value).limit(_WORDS)
        bins = [*(Bin(values=(row.value,)) for row in reader.rows(often)), Bin(rest=True)]
    return evolve(factor, bins=(*bins, Bin(unknown=True)))


def counted(reader: Reader | PluginReader, factor: Factor, people: FromClause, at: datetime) -> Factor:
    """Return a factor with how many people, and positives, are in each bin; empty bins are left out. One statement.

    `people` have `value` and `positive` (1 or 0).
    """
    each = select(place(factor, people.c.value, at).label("place"), people.c.positive.label("positive")).subquery()
    rows = reader.rows(
        select(each.c.place, func.count().label("people"), func.sum(each.c.positive).label("positives")).group_by(
            each.c.place
        )
    )
    known: Mapping[int, Any] = {row.place: row for row in rows}
    return evolve(
        factor,
        bins=tuple(
            evolve(one, people=int(known[number].people), positives=int(known[number].positives))
            for number, one in enumerate(factor.bins)
            if number in known
        ),
    )
