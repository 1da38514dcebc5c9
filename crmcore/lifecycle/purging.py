"""Purging: removing what a plugin left in a workspace, its package being there or not. The journal keeps what was."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import field, frozen
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    bindparam,
    delete,
    func,
    inspect,
    or_,
    select,
    table,
    text,
)

from crmcore.engine import migrate, tables
from crmcore.engine.workspace import explained
from crmcore.errors import NotFound, PluginError
from crmcore.i18n import _
from crmcore.lifecycle import states
from crmcore.lifecycle.enabling import tell
from crmcore.lifecycle.states import Recorded
from crmcore.model.user import SYSTEM


@frozen(kw_only=True)
class Purge:
    """What a purge of a plugin removes: its tables, and rows of the core's tables that are about it, with counts.

    `references` are tables of others that point at its tables; while there are any, or it is enabled, `refusal` says
    why nothing is removed.
    """

    name: str
    tables: Mapping[str, int] = field(factory=dict)
    rows: Mapping[str, int] = field(factory=dict)
    references: tuple[str, ...] = ()
    refusal: str = ""


def plan(connection: Connection, name: str) -> Purge:
    """Return what a purge would remove; raises `NotFound` for a plugin that left nothing in the workspace."""
    known = states.recorded(connection)
    if name not in known:
        raise NotFound(_("Plugin {name} has left nothing in this workspace.").format(name=name))
    doomed = _tables(connection, known[name])
    pointing = _pointing(connection, doomed, known)
    refusal = ""
    if known[name].enabled:
        refusal = _("Plugin {name} is enabled; `crm plugin disable {name}` first.").format(name=name)
    elif pointing:
        refusal = _("Plugin {name} stays: tables of others point at its own: {references}.").format(
            name=name, references=", ".join(pointing)
        )
    return Purge(
        name=name,
        tables={each: _count(connection, table(each)) for each in doomed},
        rows={
            of.name: found
            for of, condition in _about(name, known[name])
            if (found := _count(connection, of, condition))
        },
        references=tuple(pointing),
        refusal=refusal,
    )


def purge(engine: Engine, name: str, *, by: str = SYSTEM.login) -> Purge:
    """Remove what a plugin left, in the name of `by`, and return what that was; raises `PluginError` when refused.

    One transaction, told in the journal.
    """
    with explained(engine), migrate.alone(engine) as connection:
        found = plan(connection, name)
        if found.refusal:
            raise PluginError(found.refusal)
        one = states.recorded(connection)[name]
        for of, condition in reversed(list(_about(name, one))):
            connection.execute(delete(of).where(condition))
        _forget_words(connection, [each for each in found.tables if each in one.entities])
        _drop(connection, list(found.tables))
        tell(connection, "plugin.purged", [name], by)
    return found


def _tables(connection: Connection, one: Recorded) -> list[str]:
    """Return the tables that are there and the plugin's own: those recorded, and the one that keeps its revision."""
    there = set(inspect(connection).get_table_names())
    wanted = (*one.tables, migrate.History(name=one.name, versions=Path()).version_table)
    return [each for each in dict.fromkeys(wanted) if each in there and each not in tables.metadata.tables]


def _pointing(connection: Connection, doomed: list[str], known: Mapping[str, Recorded]) -> list[str]:
    """Return the tables of others that point at tables to be dropped, each with its owner."""
    owners = {each: one.name for one in known.values() for each in one.tables}
    found = []
    for (_schema, owner), keys in inspect(connection).get_multi_foreign_keys().items():
        targets = {key["referred_table"] for key in keys} & set(doomed)
        if owner not in doomed and targets:
            found.append(f"{owner} ({owners[owner]})" if owner in owners else owner)
    return sorted(found)


def _about(name: str, one: Recorded) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Yield the core's tables that hold rows about a plugin, with the condition that finds them."""
    mine = select(tables.subscription.c.name).where(tables.subscription.c.plugin == name)
    yield tables.plugin, tables.plugin.c.name == name
    yield tables.finding, tables.finding.c.plugin == name
    yield tables.hook_time, tables.hook_time.c.plugin == name
    yield tables.schedule, tables.schedule.c.plugin == name
    yield tables.job, tables.job.c.plugin == name
    yield tables.subscription, tables.subscription.c.plugin == name
    yield tables.delivery, tables.delivery.c.subscription.in_(mine)
    yield tables.external_id, tables.external_id.c.kind.in_(one.entities)
    yield tables.duplicate, tables.duplicate.c.kind.in_(one.entities)
    yield tables.merge, tables.merge.c.kind.in_(one.entities)
    ends = tables.link.c.from_entity, tables.link.c.to_entity
    yield tables.link, or_(*(end.in_(one.entities) for end in ends))
    yield tables.import_change, tables.import_change.c.entity.in_(one.entities)


def _count(connection: Connection, of: "Table | object", condition: ColumnElement[bool] | None = None) -> int:
    statement = select(func.count()).select_from(of)  # type: ignore[arg-type] # a table, or the name of one
    return int(connection.execute(statement if condition is None else statement.where(condition)).scalar_one())


def _forget_words(connection: Connection, entities: list[str]) -> None:
    """Take the plugin's records out of the search index, whose key is a record's id."""
    quote = connection.dialect.identifier_preparer.quote
    key = "rowid" if connection.dialect.name == "sqlite" else "id"
    for each in entities:
        connection.exec_driver_sql(f"DELETE FROM text_index WHERE {key} IN (SELECT id FROM {quote(each)})")  # noqa: S608 # quoted


def _drop(connection: Connection, doomed: list[str]) -> None:
    """Drop tables that may point at one another, and on PostgreSQL the types that only their columns had."""
    if not doomed:
        return
    quote = connection.dialect.identifier_preparer.quote
    if connection.dialect.name == "sqlite":
        for each in doomed:
            connection.exec_driver_sql(f"DROP TABLE {quote(each)}")
        return
    types = connection.execute(_TYPES, {"tables": doomed}).scalars().all()
    connection.exec_driver_sql(f"DROP TABLE {', '.join(quote(each) for each in doomed)}")
    for each in types:
        connection.exec_driver_sql(f"DROP TYPE {each}")


_TYPES = text(
    "SELECT DISTINCT t.oid::regtype::text FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid"
    " JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = t.typnamespace"
    " WHERE t.typtype IN ('e', 'd') AND n.nspname = current_schema() AND c.relname = ANY(:tables)"
    " AND NOT EXISTS (SELECT FROM pg_attribute AS b JOIN pg_class AS d ON d.oid = b.attrelid"
    " WHERE b.atttypid = t.oid AND d.relname <> ALL(:tables))"
).bindparams(bindparam("tables"))
