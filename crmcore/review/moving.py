"""Re-pointing everything that belongs to one record to another, set-wise, and back again.

The columns are those that the core and all enabled plugins declare through the hook `crm_references`.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from attrs import evolve, field, frozen
from sqlalchemy import (
    Column,
    ColumnElement,
    PrimaryKeyConstraint,
    Row,
    Select,
    Table,
    UniqueConstraint,
    bindparam,
    column,
    exists,
    inspect,
    not_,
    or_,
    select,
    table,
    true,
    tuple_,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from crmcore.engine.tables import metadata, position
from crmcore.engine.transaction import Transaction
from crmcore.errors import PluginError
from crmcore.hooks.references import Reference
from crmcore.i18n import _
from crmcore.review.positions import Absorbed, absorb, take_back

EQUAL = {
    "contact_point": ("kind", "normal"),
    "position": ("title", "department", "role", "started", "ended"),
    "customer_role": ("role", "started", "ended"),
}
"""By table: what makes a row of the one record equal to one of the other. Equal ones are not doubled."""

_AS_WRITTEN = {"contact_point": ("normal", "value")}
"""By table: a column that may be empty, and the one that is compared then."""

_BOTH_ENDS = {"position": ("contact_id", "customer_id")}
_CHUNK = 900


@frozen(kw_only=True)
class Moved:
    """The rows of one column that were moved, by the values of `keys`; and those that stayed because they are equal.

    `keys` is the table's primary key without the column itself; it is empty where the column is the key. `filled` is
    what positions that stayed gave the winner's, as `positions.Absorbed` has it.
    """

    table: str
    column: str
    keys: list[str]
    versioned: bool
    ids: list[list[Any]] = field(factory=list)
    stayed: list[list[Any]] = field(factory=list)
    filled: list[list[Any]] = field(factory=list)


def move(tx: Transaction, kind: str, winner_id: int, loser_id: int) -> list[Moved]:
    """Point every declared column that holds `loser_id` at the winner; return what moved, by column.

    A row that would double one of the winner's, or break a unique constraint of its table, stays. Raises `PluginError`
    when a plugin cannot say what it refers to: its rows would be left behind.
    """
    references = [each for each in tx.dispatcher.declared("crm_references") if each.target == kind]
    for failure in tx.dispatcher.failures:
        if failure.hook == "crm_references":
            raise PluginError(
                _("Plugin {plugin} cannot say which of its records to move: {error}").format(
                    plugin=failure.plugin, error=failure.message
                )
            )
    moved = (_move_column(tx, reference, winner_id, loser_id) for reference in references)
    return [one for one in moved if one.ids or one.stayed]


def _move_column(tx: Transaction, reference: Reference, winner_id: int, loser_id: int) -> Moved:
    steps = _steps(reference.table, reference.column, reference.where, reference.table.name == reference.target)
    both = {"winner": winner_id, "loser": loser_id}
    stayed: list[list[Any]] = []
    if steps.doubling is not None:
        stayed = _keys(tx.connection.execute(steps.doubling, both).all(), steps)
    absorbed = Absorbed()
    if reference.table is position:
        absorbed = absorb(tx, reference.column, winner_id, loser_id)
        stayed += [[key] for key in absorbed.stayed if [key] not in stayed]
    statement = steps.moving if not stayed else steps.moving.where(not_(_among(steps.keys, stayed)))
    return Moved(
        table=reference.table.name,
        column=reference.column,
        keys=[key.name for key in steps.keys],
        versioned="version" in reference.table.c,
        ids=_keys(tx.connection.execute(statement, both).all(), steps),
        stayed=stayed,
        filled=absorbed.filled,
    )


@frozen(kw_only=True)
class _Steps:
    """The statements that move one column from `:loser` to `:winner`, and the other columns of the table's key.

    `doubling` selects what must stay; None where nothing can double. Both answer the keys.
    """

    keys: tuple[Column[Any], ...]
    doubling: Select[Any] | None
    moving: ReturningUpdate[Any]


@lru_cache(maxsize=512)
def _steps(origin: Table, name: str, where: tuple[str, str] | None, among_themselves: bool) -> _Steps:
    pointer = origin.c[name]
    keys = tuple(each for each in origin.primary_key if each is not pointer)
    winner, loser = bindparam("winner", type_=pointer.type), bindparam("loser", type_=pointer.type)
    at_loser = [pointer == loser]
    if where:
        at_loser.append(origin.c[where[0]] == where[1])
    if among_themselves:  # the two records themselves are placed by the merge
        at_loser += [origin.c.id != winner, origin.c.id != loser]
    values: dict[Any, Any] = {pointer: winner}
    if "version" in origin.c:
        values[origin.c.version] = origin.c.version + 1  # who edits such a row meanwhile is told, not overwritten
    doubles = _doubles(origin, pointer, winner)
    return _Steps(
        keys=keys,
        doubling=select(*(keys or [pointer])).where(*at_loser, or_(*doubles)) if doubles else None,
        moving=update(origin).where(*at_loser).values(values).returning(*(keys or [pointer])),
    )


def _keys(rows: Sequence[Row[Any]], steps: _Steps) -> list[list[Any]]:
    return [list(row) if steps.keys else [] for row in rows]


def _doubles(origin: Table, pointer: Column[Any], winner: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """Return the conditions under which the winner has the like of a row of the loser."""
    twin = origin.alias()
    doubles: list[ColumnElement[bool]] = []
    for names in _unique(origin, pointer.name):
        same = [twin.c[name] == origin.c[name] for name in names]
        doubles.append(exists().where(twin.c[pointer.name] == winner, *same))
    if origin.name in EQUAL:
        further = [name for name in _BOTH_ENDS.get(origin.name, ()) if name != pointer.name]
        same = [twin.c[name].is_not_distinct_from(origin.c[name]) for name in (*EQUAL[origin.name], *further)]
        if origin.name in _AS_WRITTEN:
            folded, written = _AS_WRITTEN[origin.name]
            same.append(or_(origin.c[folded] != "", twin.c[written] == origin.c[written]))
        doubles.append(exists().where(twin.c[pointer.name] == winner, *same))
    return doubles


def _unique(origin: Table, pointer: str) -> Iterable[list[str]]:
    """Yield the other columns of every unique constraint the column is part of."""
    for constraint in origin.constraints:
        if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint) and pointer in constraint.columns:
            yield [each.name for each in constraint.columns if each.name != pointer]
    for index in origin.indexes:
        if index.unique and pointer in index.columns:
            yield [each.name for each in index.columns if each.name != pointer]


def _among(keys: Sequence[ColumnElement[Any]], ids: Sequence[Sequence[Any]]) -> ColumnElement[bool]:
    if not keys:
        return true()
    if len(keys) == 1:
        return keys[0].in_([one[0] for one in ids])
    return tuple_(*keys).in_([tuple(one) for one in ids])


def put_back(tx: Transaction, moved: Iterable[Moved], winner_id: int, loser_id: int) -> dict[str, int]:
    """Point the moved rows at the loser again, those that are still the winner's; return how many, by table.

    A table that is gone, with the plugin that owned it, is passed over.
    """
    counts: dict[str, int] = {}
    for one in moved:
        take_back(tx, one.filled)
        if not one.ids or (one.table not in metadata.tables and not inspect(tx.connection).has_table(one.table)):
            continue
        names = {*one.keys, one.column, *(["version"] if one.versioned else [])}
        origin = table(one.table, *(column(name) for name in names))
        values: dict[Any, Any] = {one.column: loser_id}
        if one.versioned:
            values["version"] = origin.c.version + 1
        for start in range(0, len(one.ids), _CHUNK):
            chosen = _among([origin.c[key] for key in one.keys], one.ids[start : start + _CHUNK])
            statement = update(origin).where(origin.c[one.column] == winner_id, chosen).values(values)
            counts[one.table] = counts.get(one.table, 0) + tx.connection.execute(statement).rowcount
    return counts


def joined(first: Iterable[Moved], more: Iterable[Moved]) -> list[Moved]:
    """Add what moved later to what moved at first."""
    found = {(one.table, one.column): one for one in first}
    for one in more:
        held = found.get((one.table, one.column))
        ids = one.ids if held is None else [*held.ids, *(each for each in one.ids if each not in held.ids)]
        filled = one.filled if held is None else [*held.filled, *one.filled]
        found[one.table, one.column] = evolve(one, ids=ids, filled=filled)
    return list(found.values())
