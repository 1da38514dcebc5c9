"""Filling a plugin's tables with rows, from what its tables and entity types say and nothing else."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import attrs
from sqlalchemy import Column, Table, UniqueConstraint, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import JSON, Boolean, Date, DateTime, Float, Integer, LargeBinary, Numeric, String, Time

from crmcore.app import App
from crmcore.conformance.subject import Subject
from crmcore.conformance.tables import all_tables, declared_entities, declared_references
from crmcore.engine.database import reason
from crmcore.engine.types import Amount, Fixed, Instant
from crmcore.errors import InvalidInput, PluginError
from crmcore.i18n import _

_NUMBERS = count(1_000_000_000)  # ids beyond what the workspace's own sequence reaches
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_AT_ONCE = 5_000
_COLUMNS = 1_000
"""More than a table has."""


class Filler:
    """Adds rows to all tables of a plugin; each points at the records given, in turn.

    A field has its entity's default where that is a value, else something of its column's type; every text holds
    `text` and a number.
    """

    def __init__(self, app: App, subject: Subject, text: str = "conformance") -> None:
        self._app = app
        self._text = text
        self._tables = all_tables(app, subject)
        with app.engine.connect() as connection:
            there = [connection.scalar(select(func.count()).select_from(each)) or 0 for each in self._tables]
        self._own = count(_COLUMNS * sum(there))
        self._ids: dict[str, list[int]] = defaultdict(list)
        self._filled: dict[str, int] = defaultdict(int)
        self._defaults = {each.name: _defaults(each.cls) for each in declared_entities(app, subject)}
        self._targets: dict[tuple[str, str], str] = {}
        self._words: dict[tuple[str, str], str] = {}
        for reference in declared_references(app, subject):
            self._targets[reference.table.name, reference.column] = reference.target
            if reference.where:
                self._words[reference.table.name, reference.where[0]] = reference.where[1]

    def fill(self, rows: int, pointing_at: Mapping[str, Sequence[int]]) -> None:
        """Add `rows` rows to each table; `pointing_at` are the ids of records by their table's name.

        Without ids a column stays empty; one that cannot takes those of “some TABLE”. A table that has at most one row
        for each record gets one for each. Raises `PluginError` when the database refuses such rows.
        """
        for table in self._tables:
            free = self._free(table, pointing_at)
            wanted = min([rows, *(len(free.get(each, ())) for each in self._needed(table))])
            spared = self._sparing(table, free)
            first = self._filled[table.name]  # rows of two records each go on where the last ones ended
            self._filled[table.name] += wanted
            for begin in range(0, wanted, _AT_ONCE):
                numbers = range(first + begin, first + min(begin + _AT_ONCE, wanted))
                made = [self._row(table, number, free, spared(number - first)) for number in numbers]
                try:
                    with self._app.engine.begin() as connection:
                        connection.execute(insert(table), made)
                except DBAPIError as error:
                    raise PluginError(
                        _("Its table {table} takes no rows made from its columns and defaults: {why}").format(
                            table=table.name, why=reason(error)
                        )
                    ) from error

    def record(self, cls: type, table: Table, pointing_at: Mapping[str, Sequence[int]]) -> Any:
        """Return a new record of an entity class, with a value for every field; not added yet.

        Raises `InvalidInput` where there is one for each record it can point at, and at most one is allowed.
        """
        free = self._free(table, pointing_at)
        if not all(free.get(each) for each in self._needed(table)):
            raise InvalidInput(_("Each record has its own row of {table}.").format(table=table.name))
        row = self._row(table, 0, free, self._sparing(table, free)(0))
        if row.get("id") in self._ids[table.name]:
            self._ids[table.name].remove(row["id"])  # nothing can point at a record that is not there
        row |= self._apart(table, free)
        fields = {each.name: each.default for each in attrs.fields(cls)}
        given = {
            name: value
            for name, value in row.items()
            if name in fields.keys() - {"id", "version"} and (value is not None or fields[name] is attrs.NOTHING)
        }
        return cls(**given)

    def _apart(self, table: Table, free: Mapping[str, Sequence[int]]) -> dict[str, int | None]:
        """Return what sets a record apart where a table has at most one row for a set of records, as the others have.

        One of them is empty, or where none can be the next one, which the first row does not point at.
        """
        found: dict[str, int | None] = {}
        for columns in _unique(table):
            targets = [self._target(table, each) for each in columns]
            if len(columns) < 2 or not all(targets):
                continue
            optional = [each.name for each in columns if each.nullable]
            ids = free.get(targets[-1]) or self._ids[targets[-1]]
            found |= {optional[0]: None} if optional else {columns[-1].name: ids[1 % len(ids)]}
        return found

    def _alone(self, table: Table) -> dict[str, str]:
        """Return what a table has at most one row for: the targets, by the columns that are unique by themselves."""
        return {
            columns[0].name: target
            for columns in _unique(table)
            if len(columns) == 1 and (target := self._target(table, columns[0])) and columns[0].name != "id"
        }

    def _needed(self, table: Table) -> list[str]:
        """Return what every row of a table needs one of for itself; other rows point there while there are any."""
        return [target for name, target in self._alone(table).items() if not table.c[name].nullable]

    def _sparing(self, table: Table, free: Mapping[str, Sequence[int]]) -> Callable[[int], list[str]]:
        """Return which columns stay empty in the nth row: those for which no record is left."""
        most = {
            name: len(free.get(target, ())) for name, target in self._alone(table).items() if table.c[name].nullable
        }
        return lambda nth: [name for name, n in most.items() if nth >= n]

    def _free(self, table: Table, pointing_at: Mapping[str, Sequence[int]]) -> Mapping[str, Sequence[int]]:
        """Return what rows of a table can point at: without what has the one row it may have."""
        free = dict(pointing_at)
        with self._app.engine.connect() as connection:
            for column, target in self._alone(table).items():
                taken = set(connection.execute(select(table.c[column])).scalars())
                free[target] = [each for each in free.get(target) or self._ids[target] if each not in taken]
        return free

    def _target(self, table: Table, column: "Column[Any]") -> str:
        """Return the table a column points at, or the empty text."""
        said = self._targets.get((table.name, column.name))
        return said or next((key.target_fullname.split(".")[-2] for key in column.foreign_keys), "")

    def _row(
        self, table: Table, number: int, pointing_at: Mapping[str, Sequence[int]], spared: Collection[str]
    ) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for column in table.columns:
            target = self._target(table, column)
            if column.name in spared:
                row[column.name] = None
            elif target and target != table.name:
                ids = pointing_at.get(target) or self._ids.get(target)
                if not ids and not column.nullable:
                    ids = pointing_at.get(f"some {target}")
                row[column.name] = ids[number % len(ids)] if ids else None
            elif target:
                row[column.name] = None
            elif column.name == "id" and isinstance(column.type, Integer):
                row["id"] = next(_NUMBERS)
                self._ids[table.name].append(row["id"])
            else:
                row[column.name] = self._value(table, column, number)
        return row

    def _value(self, table: Table, column: "Column[Any]", number: int) -> Any:
        if (table.name, column.name) in self._words:
            return self._words[table.name, column.name]
        default = self._defaults.get(table.name, {}).get(column.name)
        if column.name == "version":
            return 1
        return default if default not in (None, "", 0, {}, []) else self._made(column, number)

    def _made(self, column: "Column[Any]", number: int) -> Any:
        kind, instant = column.type, _BEGINNING + timedelta(minutes=number % 400_000)
        own = next(self._own)  # no two texts or days are the same: a key may be made of them
        made: dict[type, Any] = {
            Amount: Decimal(number), Fixed: Decimal(number),
            Instant: instant, DateTime: instant.replace(tzinfo=None), Time: time(number % 24),
            Date: _BEGINNING.date() + timedelta(days=own % 400_000), Boolean: number % 2 == 0, Integer: number,
            Float: float(number), Numeric: Decimal(number), JSON: {}, LargeBinary: b"", String: f"{self._text} {own}",
        }  # fmt: skip
        return next((value for each, value in made.items() if isinstance(kind, each)), None)


def _unique(table: Table) -> "list[list[Column[Any]]]":
    """Return the columns of each key of a table."""
    unique = [list(each.columns) for each in table.constraints if isinstance(each, UniqueConstraint)]
    unique += [list(each.columns) for each in table.indexes if each.unique]
    return [*unique, list(table.primary_key.columns)]


def _defaults(cls: type) -> dict[str, Any]:
    return {
        each.name: each.default
        for each in attrs.fields(cls)
        if isinstance(each.default, str | int | float | Decimal | bool | date | datetime)
    }
