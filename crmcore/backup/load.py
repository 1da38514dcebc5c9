"""Bringing a backup back: everything in one transaction, counted before it is committed."""

import json
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from crmcore.backup import database
from crmcore.backup.check import opened
from crmcore.backup.manifest import Manifest, Part
from crmcore.backup.older import core_tables
from crmcore.backup.save import Progress
from crmcore.backup.schema import build
from crmcore.engine import migrate, positions
from crmcore.engine.reader import Reader
from crmcore.engine.tables import worker
from crmcore.engine.visibility import NO_SCOPE
from crmcore.errors import InvalidInput
from crmcore.exporting.tables import CORE_TABLES
from crmcore.exporting.values import readers
from crmcore.hooks.entities import Row
from crmcore.i18n import _
from crmcore.model.change import Change
from crmcore.model.user import SYSTEM
from crmcore.search import index

_AT_ONCE = 1000


def load(
    engine: Engine, path: Path, manifest: Manifest, *, show: Progress = lambda _table, _rows: None
) -> dict[str, int]:
    """Replace all that is in a workspace by what a checked backup holds; return the number of rows by table.

    The search index is built anew. Raises `InvalidInput` when the database does not take it; then nothing happened.
    """
    try:
        with database.replacing(engine) as connection, opened(path) as archive:
            ours = core_tables(connection)
            made = _make_room(connection, manifest)
            tables = {**made.tables, **{table.name: table for table in ours}}
            with database.without_references(connection):
                for table in reversed(ours):
                    connection.execute(delete(table))
                for part in manifest.parts:
                    _fill(connection, archive, tables[part.table], part, show)
            _check_counts(connection, manifest)
            if manifest.revision == migrate.CORE_HEAD:
                positions.renumber(connection)
                connection.execute(delete(worker))  # those that run somewhere else
            database.set_next_id(connection, manifest.next_id)
            database.set_sequences(connection, [tables[part.table] for part in manifest.parts])
    except DBAPIError as error:
        why = database.reason(error)
        raise InvalidInput(
            _("{path} cannot be restored, nothing was changed: {why}").format(path=path, why=why)
        ) from error
    except (StatementError, ValueError, KeyError, TypeError) as error:
        raise InvalidInput(
            _("{path} holds a value that does not fit its column, nothing was changed: {why}").format(
                path=path, why=error
            )
        ) from error
    return manifest.counts


def _make_room(connection: Connection, manifest: Manifest) -> MetaData:
    """Empty the search index, drop the plugins' tables that are there, and make those of the backup."""
    for name in {name for indexes in index.INDEXED.values() for name, _columns in indexes}:
        connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608 # a name of ours
    database.drop_plugin_tables(connection)
    made = build([table for one in manifest.plugins for table in one.tables])
    ours = {table.name for table in CORE_TABLES}
    wanted = {part.table for part in manifest.parts} - ours
    made.create_all(
        connection, tables=[table for table in made.sorted_tables if table.name in wanted], checkfirst=False
    )
    for one in manifest.plugins:
        if one.revision:
            database.set_revision(connection, one.name, one.revision)
    return made


def _fill(connection: Connection, archive: zipfile.ZipFile, table: Table, part: Part, show: Progress) -> None:
    done = 0
    for rows in _batches(archive, table, part):
        connection.execute(insert(table), rows)
        if table.name in index.INDEXED:
            _index(connection, table.name, rows)
        done += len(rows)
        show(table.name, done)


def _batches(archive: zipfile.ZipFile, table: Table, part: Part) -> Iterator[list[Row]]:
    columns, convert = {column.name for column in table.columns}, readers(table)
    with archive.open(part.file) as file:
        number = 0
        while lines := list(islice(file, _AT_ONCE)):
            rows = []
            for written in lines:
                number += 1
                row: Row = json.loads(written)
                if row.keys() != columns:
                    told = ", ".join(sorted(set(row) ^ columns))
                    raise InvalidInput(
                        _("{file}, line {line}: the columns are not those of the table: {names}").format(
                            file=part.file, line=number, names=told
                        )
                    )
                for name, read in convert.items():
                    if row[name] is not None:
                        row[name] = read(row[name])
                rows.append(row)
            yield rows


def _index(connection: Connection, entity: str, rows: list[Row]) -> None:
    changes = [Change(action="created", entity=entity, id=row["id"], before={}, after=row) for row in rows]
    index.follow(changes, Reader(connection, SYSTEM, NO_SCOPE), index.INDEXED)


def _check_counts(connection: Connection, manifest: Manifest) -> None:
    for name, wanted in manifest.counts.items():
        found: Any = connection.execute(select(func.count()).select_from(text(f'"{name}"'))).scalar_one()
        if found != wanted:
            raise InvalidInput(
                _("{table}: {found} rows arrived of {wanted}; nothing was changed.").format(
                    table=name, found=found, wanted=wanted
                )
            )
