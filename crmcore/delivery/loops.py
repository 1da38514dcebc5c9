"""Loops: effects that lead to effects, cut off where the chain gets too long, and explained."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select

from crmcore.engine.tables import journal
from crmcore.i18n import _

_LINKS = 100


def explained(connection: Connection, cut: Iterable[Row[Any]]) -> dict[int, str]:
    """Return, by the id of the event, the sentence that explains each entry at which a chain is cut.

    The rows are journal entries. One chain is followed; chains that are cut at the same moment have the same origin
    mostly, and each has at least its own length and cause.
    """
    rows = list(cut)
    if not rows:
        return {}
    chain = _chain(connection, rows[0].id)
    first = _("a loop, cut after {n} deliveries: {chain}").format(n=rows[0].depth, chain=chain)
    return {row.id: first if row.id == rows[0].id else _shorter(row) for row in rows}


def _shorter(row: Row[Any]) -> str:
    return _("a loop, cut after {n} deliveries: {chain}").format(
        n=row.depth, chain=f"{row.cause} -> {row.type} #{row.id}"
    )


def _chain(connection: Connection, last: int) -> str:
    """Return what led to an entry, step by step: `contact.created #5 -> plugin a on contact.created #5 -> ...`."""
    c = journal.c
    columns = (c.id, c.cause_id, c.type, c.cause)
    links = select(*columns).where(c.id == last).cte("links", recursive=True)
    links = links.union_all(select(*columns).where(c.id == links.c.cause_id))
    steps = connection.execute(select(links).order_by(links.c.id).limit(_LINKS)).all()
    first, *rest = steps
    return " -> ".join([f"{first.type} #{first.id}", *(f"{step.cause} -> {step.type} #{step.id}" for step in rest)])
