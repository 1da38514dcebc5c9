"""The workspace's health: is the database sound, is the index complete, do the plugins work?"""

from collections.abc import Callable, Iterator, Sequence

from attrs import frozen
from sqlalchemy import Connection, Integer, Select, Table, column, except_, func, select, table, text, union_all
from sqlalchemy.sql.elements import quoted_name

from crmcore.engine import migrate
from crmcore.engine.tables import contact, customer, interaction, task, user_account
from crmcore.i18n import _
from crmcore.lifecycle.states import states
from crmcore.plugins.dispatch import Failure


@frozen(kw_only=True)
class Check:
    """One thing that was looked at: whether it is well, and what was found."""

    name: str
    ok: bool
    found: str


def checks(connection: Connection, failures: Sequence[Failure]) -> list[Check]:
    """Return everything that was looked at in a workspace; `failures` are those of opening it."""
    found = [_revision(connection), _database(connection), *_index(connection), *_owners(connection)]
    found += _plugins(connection)
    failed = [f"{one.plugin}, {one.hook}: {one.message}" for one in failures]
    return [*found, Check(name=_("failures"), ok=not failed, found="; ".join(failed) or _("none"))]


def _revision(connection: Connection) -> Check:
    reached = migrate.reached(connection, migrate.CORE)
    return Check(name=_("revision"), ok=reached == migrate.CORE_HEAD, found=str(reached))


def _database(connection: Connection) -> Check:
    problems = _DATABASE[connection.dialect.name](connection)
    return Check(name=_("database"), ok=not problems, found="; ".join(problems[:10]) or _("sound"))


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


_INDEXES = {
    "name_index": (select(customer.c.id), select(contact.c.id)),
    "text_index": (
        select(interaction.c.id), select(task.c.id),
        *(select(each.c.id).where(each.c.note != "") for each in (customer, contact)),
    ),
}  # fmt: skip
"""By search index: the records it holds."""


def _index(connection: Connection) -> Iterator[Check]:
    """Yield whether each search index holds exactly the records it is made of."""
    for index, held in _INDEXES.items():
        key = "rowid" if connection.dialect.name == "sqlite" else "id"
        entry = table(quoted_name(index, False), column(key, Integer))
        indexed = select(entry.c[key])
        stored = select(union_all(*held).subquery().c.id)
        counts = [
            int(connection.execute(select(func.count()).select_from(ids.subquery())).scalar_one())
            for ids in (stored, indexed, except_(stored, indexed))
        ]
        records, entries, missing = counts
        yield Check(
            name=_("search index {name}").format(name=index),
            ok=records == entries and not missing,
            found=_("{records} records, {entries} entries, {missing} records missing").format(
                records=records, entries=entries, missing=missing
            ),
        )


def _owners(connection: Connection) -> Iterator[Check]:
    """Yield whether anything is owned by somebody who left."""
    gone = select(user_account.c.id).where(user_account.c.active.is_(False))
    orphans = 0
    for owned in (customer, contact, task):
        orphans += _count(connection, owned, gone)
    yield Check(name=_("owners"), ok=not orphans, found=_("{n} records of users who left").format(n=orphans))


def _count(connection: Connection, owned: Table, gone: Select[tuple[int]]) -> int:
    statement = select(func.count()).select_from(owned).where(owned.c.owner_id.in_(gone))
    if owned is task:
        statement = statement.where(task.c.status == "open")
    return int(connection.execute(statement).scalar_one())


def _plugins(connection: Connection) -> Iterator[Check]:
    for one in states(connection):
        yield Check(
            name=_("plugin {name}").format(name=one.name),
            ok=one.state in {"enabled", "disabled"},
            found=f"{one.state}: {one.reason}" if one.reason else one.state,
        )
