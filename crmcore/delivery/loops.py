"""Loops: effects that lead to effects, cut off where the chain gets too long, and explained."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row

from crmcore.automation import chain
from crmcore.i18n import _


def explained(connection: Connection, cut: Iterable[Row[Any]]) -> dict[int, str]:
    """Return, by the id of the event, the sentence that explains each entry at which a chain is cut.

    The rows are journal entries. One chain is followed; chains that are cut at the same moment have the same origin
    mostly, and each has at least its own length and cause.
    """
    rows = list(cut)
    if not rows:
        return {}
    steps = chain.told(chain.chain(connection, rows[0].id))
    first = _("a loop, cut after {n} deliveries: {chain}").format(n=rows[0].depth, chain=steps)
    return {row.id: first if row.id == rows[0].id else _shorter(row) for row in rows}


def _shorter(row: Row[Any]) -> str:
    step = f"{row.cause} → {row.type} #{row.id}"
    return _("a loop, cut after {n} deliveries: {chain}").format(n=row.depth, chain=step)
