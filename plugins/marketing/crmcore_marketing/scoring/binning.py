"""Bins in SQL: which bin of a factor a value is in, how values are put into bins, how many people are in each."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve
from sqlalchemy import (
    ColumnElement,
    Date,
    Double,
    FromClause,
    Select,
    Text,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)

from crmcore.api import Instant, PluginReader, Reader
from crmcore_marketing.scoring.card import MOMENT, NUMBER, TEXT, TRUTH, Bin, Factor
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


def first_bins(reader: Reader | PluginReader, facts: Sequence[Fact], people: FromClause) -> list[Factor]:
    """Return the values of facts in fine bins: two statements for all of them.

    `people` have `value_0`, `value_1`... in the order of the facts.
    """
    numbers = [place for place, one in enumerate(facts) if one.kind == NUMBER]
    texts = [place for place, one in enumerate(facts) if one.kind == TEXT]
    lows: dict[int, list[float]] = defaultdict(list)
    words: dict[int, list[str]] = defaultdict(list)
    if numbers:
        for row in reader.rows(_together([_lows(place, people) for place in numbers])):
            lows[row.fact].append(float(row.low))
    if texts:
        for row in reader.rows(_together([_words(place, people) for place in texts])):
            words[row.fact].append(row.word)
    return [
        Factor(
            name=one.name,
            title=one.title,
            kind=one.kind,
            bins=(*_ranges(one, lows[place], words[place]), Bin(unknown=True)),
        )
        for place, one in enumerate(facts)
    ]


def _together(parts: Sequence[Select[Any]]) -> Select[Any]:
    """Return the rows of several statements over the same people, who are reckoned once."""
    return select(union_all(*parts).subquery()) if len(parts) > 1 else parts[0]


def _lows(place: int, people: FromClause) -> Select[Any]:
    """Return the least value of each twentieth of the people who have one, those with nothing apart.

    Else what few people do, such as filling in a form, would be in one twentieth with those who do not.
    """
    value = people.c[f"value_{place}"]
    nought = (value == 0).label("nought")
    tile = func.ntile(_TILES).over(partition_by=value == 0, order_by=value).label("tile")
    tiles = select(value.label("value"), nought, tile).where(value.is_not(None)).subquery()
    low: Any = cast(func.min(tiles.c.value), Double()).label("low")
    return select(literal(place).label("fact"), low).group_by(tiles.c.nought, tiles.c.tile)


def _words(place: int, people: FromClause) -> Select[Any]:
    """Return the words that most people have."""
    value = people.c[f"value_{place}"]
    often = (
        select(value.label("word"))
        .where(value.is_not(None))
        .group_by(value)
        .having(func.count() >= _OFTEN)
        .order_by(func.count().desc(), value)
        .limit(_WORDS)
        .subquery()
    )
    return select(literal(place).label("fact"), often.c.word)


def _ranges(fact: Fact, lows: Sequence[float], words: Sequence[str]) -> list[Bin]:
    """Return the bins of a fact, those of whom nothing is known left out."""
    match fact.kind:
        case "number":
            edges = sorted(set(lows))
            return [
                Bin(low=low if number else None, high=high)
                for number, (low, high) in enumerate(zip(edges, [*edges[1:], None], strict=True))
            ]
        case "moment":
            return [Bin(low=low, high=high) for low, high in zip(_DAYS, [*_DAYS[1:], None], strict=True)]
        case "truth":
            return [Bin(values=("true",)), Bin(values=("false",))]
    return [*(Bin(values=(word,)) for word in sorted(words)), Bin(rest=True)]


def counted(reader: Reader | PluginReader, factors: Sequence[Factor], people: FromClause, at: datetime) -> list[Factor]:
    """Return factors with how many people, and positives, are in each bin; empty bins are left out. One statement.

    `people` have `positive` (1 or 0) and `value_0`, `value_1`... in the order of the factors.
    """
    parts: list[Select[Any]] = []
    for number, factor in enumerate(factors):
        bin_ = place(factor, people.c[f"value_{number}"], at).label("bin")
        each = select(bin_, people.c.positive.label("positive")).subquery()
        yes = func.sum(each.c.positive).label("yes")
        columns = (literal(number).label("fact"), each.c.bin, func.count().label("people"), yes)
        parts.append(select(*columns).group_by(each.c.bin))
    known: dict[tuple[int, int], Any] = {(row.fact, row.bin): row for row in reader.rows(_together(parts))}
    return [
        evolve(
            factor,
            bins=tuple(
                evolve(one, people=int(known[number, place].people), positives=int(known[number, place].yes))
                for place, one in enumerate(factor.bins)
                if (number, place) in known
            ),
        )
        for number, factor in enumerate(factors)
    ]
