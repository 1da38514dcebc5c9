"""Plugins: asked first through `crm_erase`, then freed of what points at the person, installed or not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import Column, ColumnElement, Connection, MetaData, Table, delete, inspect, select, update

from crmcore.engine.tables import metadata, plugin
from crmcore.engine.transaction import Transaction
from crmcore.erasing.linked import chunks
from crmcore.erasing.person import Person
from crmcore.erasing.report import Report
from crmcore.errors import PluginError
from crmcore.hooks.reading import Subject
from crmcore.hooks.references import Reference
from crmcore.i18n import _
from crmcore.search.index import indexes, renew

_CORE = "core."


@frozen(kw_only=True, eq=False)
class _Pointer:
    """A column of a plugin's table that points at the person; `falls` when its row goes with what it points at."""

    plugin: str
    table: Table
    column: Column[Any]
    where: tuple[str, str] | None
    falls: bool


def tables(connection: Connection) -> dict[str, list[Table]]:
    """Return the plugins' tables as the database has them, by plugin; also of plugins that are disabled or gone."""
    inspector = inspect(connection)
    there = set(inspector.get_table_names())
    found = MetaData()
    return {
        row.name: [
            Table(name, found, autoload_with=connection, resolve_fks=False) for name in row.tables if name in there
        ]
        for row in connection.execute(select(plugin.c.name, plugin.c.tables).order_by(plugin.c.name))
    }


def ask(tx: Transaction, person: Person, report: Report) -> None:
    """Let every enabled plugin erase what it keeps, and take down what it says."""
    subject = Subject(
        entity=person.entity,
        id=person.ids[0],
        name=person.name,
        customer_ids=person.ids if person.entity == "customer" else (),
        contact_ids=person.ids if person.entity == "contact" else (),
    )
    redactor = person.nearby
    for name, sentence in tx.dispatcher.apply("crm_erase", subject=subject, tx=tx):
        report.say(name, redactor.text(str(sentence)))


def release(tx: Transaction, person: Person, known: Mapping[str, Sequence[Table]], report: Report) -> list[int]:
    """Empty every column of plugins that points at the person, or remove the row.

    Return the ids of the rows that were about nobody else, removed or not.
    """
    gone: list[int] = []
    for one in _pointers(tx, person, known):
        if one.table.name not in {table.name for each in known.values() for table in each}:
            continue
        mine: list[ColumnElement[bool]] = [one.column.in_(person.ids)]
        if one.where is not None:
            mine.append(one.table.c[one.where[0]] == one.where[1])
        what = _("rows of {table}").format(table=one.table.name)
        if one.falls:
            removed = delete(one.table).where(*mine)
            if "id" in one.table.c:
                ids = list(tx.connection.execute(removed.returning(one.table.c.id)).scalars())
                gone += ids
                report.add(one.plugin, what, len(ids), "removed")
            else:
                report.add(one.plugin, what, tx.connection.execute(removed).rowcount, "removed")
            continue
        gone += _about_nobody_else(tx, one, person, mine)
        values: dict[str, Any] = {one.column.name: None}
        if "version" in one.table.c:
            values["version"] = one.table.c.version + 1
        done = tx.connection.execute(update(one.table).where(*mine).values(values))
        report.add(one.plugin, what, done.rowcount, "kept", _("they point at nobody any more"))
    return gone


def _about_nobody_else(
    tx: Transaction, one: _Pointer, person: Person, mine: Sequence[ColumnElement[bool]]
) -> Sequence[int]:
    """Return the ids of the rows that point at the person and at no other party; search has what is left of them.

    A table that says whom its rows are about names a customer beside that one only for whom the person stood.
    """
    table = one.table
    if "id" not in table.c:
        return []
    if indexes(table):
        for some in chunks(list(tx.connection.execute(select(table.c.id).where(*mine)).scalars())):
            renew(tx.connection, table, some)
    parties = (table.info["about"],) if "about" in table.info else ("contact_id", "customer_id")
    others = [table.c[name] for name in parties if name in table.c]
    alone = [each.is_(None) for each in others if each is not one.column]
    if person.key != one.column.name:
        return []  # the person has another part in it
    return list(tx.connection.execute(select(table.c.id).where(*mine, *alone)).scalars())


def _pointers(tx: Transaction, person: Person, known: Mapping[str, Sequence[Table]]) -> Iterator[_Pointer]:
    """Yield what plugins declare, and for those that do not run what the database itself tells."""
    declared: list[tuple[str, Reference]] = tx.dispatcher.declared_by_plugin("crm_references")
    for failure in tx.dispatcher.failures:
        if failure.hook == "crm_references":
            raise PluginError(
                _("Plugin {plugin} cannot say which of its records are about the person: {error}").format(
                    plugin=failure.plugin, error=failure.message
                )
            )
    seen: set[tuple[str, str]] = set()
    for name, one in declared:
        if one.target == person.entity and one.table.name not in metadata.tables and not name.startswith(_CORE):
            seen.add((one.table.name, one.column))
            column = one.table.c[one.column]
            yield _Pointer(plugin=name, table=one.table, column=column, where=one.where, falls=_falls(column))
    for name, found in known.items():
        for table in found:
            for column in table.columns:
                if (table.name, column.name) not in seen and _points_at(column, person.entity):
                    yield _Pointer(plugin=name, table=table, column=column, where=None, falls=_falls(column))


def _points_at(column: Column[Any], entity: str) -> bool:
    targets = [key.target_fullname.rpartition(".")[0] for key in column.foreign_keys]
    return entity in targets if targets else column.name == f"{entity}_id"


def _falls(column: Column[Any]) -> bool:
    return not column.nullable or any((key.ondelete or "").upper() == "CASCADE" for key in column.foreign_keys)
