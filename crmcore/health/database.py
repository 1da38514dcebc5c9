"""The database: of the right version and sound, its search index complete, its records owned by somebody."""

from collections.abc import Callable, Iterator

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    Table,
    TableClause,
    column,
    except_,
    func,
    inspect,
    or_,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.sql.elements import quoted_name

from crmcore import __version__
from crmcore.engine import migrate
from crmcore.engine.tables import contact, customer, interaction, plugin, process_item, task, user_account
from crmcore.health.diagnosis import Diagnosis, well, wrong
from crmcore.i18n import _


def versions(connection: Connection) -> Iterator[Diagnosis]:
    """Yield which crmcore this is, on which database, and whether its tables are of the same version."""
    reached = migrate.reached(connection, migrate.CORE)
    server = ".".join(str(part) for part in connection.dialect.server_version_info or ())
    said = _("crmcore {version} on {database} {server}, tables {revision}").format(
        version=__version__, database=connection.dialect.name, server=server, revision=reached
    )
    yield (well if reached == migrate.CORE_HEAD else wrong)("versions", said)


def soundness(connection: Connection) -> Iterator[Diagnosis]:
    """Yield what the database itself finds wrong: damaged pages, broken references, indexes that are not valid."""
    problems = _DATABASE[connection.dialect.name](connection)
    for problem in problems[:10]:
        yield wrong("database", problem)
    if not problems:
        yield well("database", _("sound"))


def _sqlite(connection: Connection) -> list[str]:
    integrity = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    problems = [] if integrity == ["ok"] else integrity
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        problems.append(_("{table} {row} points at a {parent} that is not there").format(
            table=row[0], row=row[1], parent=row[2]
        ))  # fmt: skip
    return problems


def _postgresql(connection: Connection) -> list[str]:
    broken = text(
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid ORDER BY 1"
    )
    return [_("index {name} is not valid").format(name=row[0]) for row in connection.execute(broken)]


_DATABASE: dict[str, Callable[[Connection], list[str]]] = {"sqlite": _sqlite, "postgresql": _postgresql}


def _held(dialect: str) -> dict[str, tuple[Select[tuple[int]], ...]]:
    """Return by search index the records it holds: of parties those with a note, or a text in a field of their own."""
    texts = text(
        "EXISTS (SELECT 1 FROM json_each(custom) WHERE type = 'text' AND value <> '')"
        if dialect == "sqlite"
        else 'jsonb_path_exists(custom, \'$.* ? (@.type() == "string" && @ != "")\')'
    )
    return {
        "name_index": (select(customer.c.id), select(contact.c.id)),
        "text_index": (
            select(interaction.c.id), select(task.c.id), select(process_item.c.id),
            *(select(each.c.id).where(or_(each.c.note != "", texts)) for each in (customer, contact)),
        ),
    }  # fmt: skip


def indexes(connection: Connection) -> Iterator[Diagnosis]:
    """Yield whether each search index holds exactly the records it is made of."""
    for index, held in _held(connection.dialect.name).items():
        key = "rowid" if connection.dialect.name == "sqlite" else "id"
        entry = table(quoted_name(index, False), column(key, Integer))
        indexed = select(entry.c[key])
        for brought in _of_plugins(connection):  # which of them are searched, only the plugin can tell
            indexed = indexed.where(entry.c[key].not_in(select(brought.c.id)))
        stored = select(union_all(*held).subquery().c.id)
        records, entries, missing = [
            int(connection.execute(select(func.count()).select_from(ids.subquery())).scalar_one())
            for ids in (stored, indexed, except_(stored, indexed))
        ]
        yield (well if records == entries and not missing else wrong)(
            _("search index {name}").format(name=index),
            _("{records} records, {entries} entries, {missing} records missing").format(
                records=records, entries=entries, missing=missing
            ),
        )


def _of_plugins(connection: Connection) -> list[TableClause]:
    """Return the tables of the records that plugins brought, enabled or not."""
    there = set(inspect(connection).get_table_names())
    names = {name for row in connection.execute(select(plugin.c.entities)) for name in row.entities}
    return [table(quoted_name(name, True), column("id", Integer)) for name in sorted(names & there)]


def owners(connection: Connection) -> Iterator[Diagnosis]:
    """Yield whether anything is owned by somebody who left."""
    gone = select(user_account.c.id).where(user_account.c.active.is_(False))
    orphans = sum(_count(connection, owned, gone) for owned in (customer, contact, task))
    yield (wrong if orphans else well)("owners", _("{n} records of users who left").format(n=orphans))


def _count(connection: Connection, owned: Table, gone: Select[tuple[int]]) -> int:
    statement = select(func.count()).select_from(owned).where(owned.c.owner_id.in_(gone))
    if owned is task:
        statement = statement.where(task.c.status == "open")
    return int(connection.execute(statement).scalar_one())
