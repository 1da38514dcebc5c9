"""How long an engineer would have needed: the minutes of the category, or what its tickets took, as was measured."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import median

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import PluginReader, Reader, Transaction
from crmcore_service.tables import category, cost, ticket

_NEWEST = 2_000
"""Of so many tickets the labour is looked at."""
_ENOUGH = 5
"""Fewer tickets measure nothing."""


@frozen(kw_only=True)
class Minutes:
    """What an engineer needs, and where that is from: `basis` is category, measured, or empty: it is not known."""

    minutes: int | None = None
    basis: str = ""


_UNKNOWN = Minutes()


def minutes(reader: Reader | PluginReader | Transaction, categories: Iterable[int | None]) -> dict[int | None, Minutes]:
    """Return by category how long one of its tickets takes; None is of any category. Two statements.

    Measured is the median of the labour that was noted for each of its newest tickets, where five have any.
    """
    wanted = set(categories)
    ids = [each for each in wanted if each is not None]
    c = category.c
    rows = reader.rows(select(c.id, c.minutes).where(c.id.in_(ids), c.minutes.is_not(None))) if ids else ()
    found: dict[int | None, Minutes] = {row.id: Minutes(minutes=row.minutes, basis="category") for row in rows}
    if wanted - found.keys():
        measured = _measured(reader)
        found |= {each: measured.get(each, _UNKNOWN) for each in wanted - found.keys()}
    return found


def _measured(reader: Reader | PluginReader | Transaction) -> Mapping[int | None, Minutes]:
    t, c = ticket.c, cost.c
    took = (
        select(t.category_id, func.sum(c.minutes).label("minutes"))
        .join_from(cost, ticket, t.id == c.ticket_id)
        .where(c.what == "labour", c.minutes > 0)
        .group_by(t.id, t.category_id)
        .order_by(t.id.desc())
        .limit(_NEWEST)
    )
    spent: dict[int | None, list[int]] = defaultdict(list)
    for row in reader.rows(took):
        spent[None].append(int(row.minutes))
        if row.category_id is not None:
            spent[row.category_id].append(int(row.minutes))
    return {
        each: Minutes(minutes=round(median(some)), basis="measured")
        for each, some in spent.items()
        if len(some) >= _ENOUGH
    }
