"""By which ids a call is known: each belongs to one call, also where two hear of it at the same moment."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from crmcore_callcenter.agents.finding import AnyReader
from crmcore_callcenter.callbacks.owed import AnyTransaction
from crmcore_callcenter.calls.grouping import Group, Key
from crmcore_callcenter.tables import call_key

_PORTION = 10_000

Known = dict[Key, int]


def known(reader: AnyReader, keys: Collection[Key]) -> Known:
    """Return the calls that have these ids: one statement for up to 10,000."""
    k = call_key.c
    values = sorted({value for _system, value in keys})
    found: Known = {}
    for start in range(0, len(values), _PORTION):
        wanted = select(k.system, k.value, k.call_id).where(k.value.in_(values[start : start + _PORTION]))
        found.update(((row.system, row.value), row.call_id) for row in reader.rows(wanted))
    return found


def settle(groups: Sequence[Group], calls: Known) -> None:
    """Say of each group which call it is of, and which others go on in that; None where nobody knows it."""
    for group in groups:
        ids = {calls[key] for key in group.keys if key in calls}
        own = {calls[key] for key in group.own_keys if key in calls} or ids
        group.call_id = min(own, default=None)
        group.absorbed = sorted(ids - {group.call_id})


def claim(tx: AnyTransaction, groups: Sequence[Group], there: Known, batch_id: int | None) -> set[int]:
    """Keep all ids of groups, `there` being those that were kept; return the ids of calls still to be made.

    Where somebody else claims an id at the same moment, the call is theirs, and known here too when this returns.
    """
    given = {id(group): tx.new_id() for group in groups if group.call_id is None}
    for group in groups:
        group.call_id = given.get(id(group), group.call_id)
    first = True
    while rows := _missing(tx, groups, there, batch_id):
        if _inserted(tx, rows) == len(rows):
            break
        there, first = known(tx, [key for group in groups for key in group.keys]), False
    lost = set() if first else _move(tx, groups, there, given)
    return set(given.values()) - lost


def _missing(tx: AnyTransaction, groups: Sequence[Group], there: Known, batch_id: int | None) -> list[dict[str, Any]]:
    rows = [
        {"id": tx.new_id(), "call_id": group.call_id, "system": key[0], "value": key[1], "batch_id": batch_id}
        for group in groups
        for key in group.keys
        if key not in there
    ]
    return sorted(rows, key=lambda row: (row["system"], row["value"]))  # two that wait do not wait for each other


def _inserted(tx: AnyTransaction, rows: Sequence[dict[str, Any]]) -> int:
    """Insert the ids that nobody has; return how many those are. Waits for who is about to have one."""
    return len(tx.execute(insert(call_key).on_conflict_do_nothing().returning(call_key.c.id), rows).rows)


def _move(tx: AnyTransaction, groups: Sequence[Group], there: Known, given: dict[int, int]) -> set[int]:
    """Give what was claimed of calls that are somebody else's to these; return the ids that are not needed then."""
    lost: dict[int, int] = {}
    for group in groups:
        provisional = given.get(id(group))
        theirs = {there[key] for key in group.keys if key in there and there[key] != provisional}
        if provisional is not None and theirs:
            settle([group], {key: there[key] for key in group.keys if key in there and there[key] != provisional})
            lost[provisional] = group.call_id or 0
    if lost:
        reassign(tx, lost)
    return set(lost)


def reassign(tx: AnyTransaction, calls: dict[int, int]) -> None:
    """Let the ids of some calls be those of others: one statement."""
    rows = [{"was": was, "now": now} for was, now in calls.items()]
    tx.execute(update(call_key).where(call_key.c.call_id == bindparam("was")).values(call_id=bindparam("now")), rows)
