"""How each opportunity stood at each time, written as it changes: what past forecasts and stated odds are read from."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert

from crmcore.api import ApplyTransaction, Change
from crmcore_sales.tables import opportunity, standing

_KEPT = ("status", "amount", "currency", "probability", "category", "need_by", "closed_on")
_WATCHED = frozenset({"owner_id", *_KEPT})
_INSERT = insert(standing)


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Write a row for each opportunity of a change set that stands otherwise now; one statement, none for none."""
    moved = [one for one in changes if one.entity == opportunity.name and not _WATCHED.isdisjoint(one.after)]
    if moved:
        tx.execute(_INSERT, [_row(one, tx) for one in moved])


def _row(change: Change, tx: ApplyTransaction) -> dict[str, Any]:
    read: Mapping[str, Any] = tx.as_read(change.entity, change.id) or {} if change.action == "changed" else {}
    now = {**read, **change.after}
    return {
        "id": tx.new_id(),
        "opportunity_id": change.id,
        "at": tx.now,
        "rep_id": now["owner_id"],
        **{name: now[name] for name in _KEPT},
    }
