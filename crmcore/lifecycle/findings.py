"""Keeping what was noticed about plugins: findings and the time they took, and putting those in quarantine that fail.

Written in a short transaction of its own, which gives way at once when somebody else writes: then it is kept for later.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from crmcore.engine import clock
from crmcore.engine.tables import finding, hook_time
from crmcore.engine.tables import plugin as plugin_table
from crmcore.hooks.kinds import COLLECT
from crmcore.i18n import _
from crmcore.lifecycle.enabling import tell
from crmcore.model.user import SYSTEM
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.findings import DEPRECATED, FAILED, IMPORT, SLOW, TAMPERED, Finding, Spent

MOST_FAILURES, MOST_DELAYS = 5, 2
"""From so many failures, or calls past their deadline, a plugin is not asked for what it collects any more."""

LOAD = "load"
"""Stands for the opening of a workspace where a finding names a hook; told once, not at every opening."""

_SECONDS_BETWEEN, _SECONDS_AT_MOST = 1.0, 30.0
"""How often a process that goes on running writes: findings, and times."""

_WORTH_KEEPING = 0.05
"""Seconds that plugins must have spent in a process before that alone is reason to write."""


def keep_some(engine: Engine, dispatcher: Dispatcher) -> None:
    """Write what is new about plugins, if it is time to; asked before every transaction, so it is a glance."""
    since = perf_counter() - dispatcher.notes.kept_at
    if since > (_SECONDS_BETWEEN if dispatcher.notes.ledger.found else _SECONDS_AT_MOST):
        keep(engine, dispatcher)


def keep(engine: Engine, dispatcher: Dispatcher) -> None:
    """Write what is new about plugins, if anything is; never fails, and waits for nobody.

    A plugin that failed too often, or took too long, in what it collects is put in quarantine.
    """
    spent = dispatcher.notes.unkept()
    if not dispatcher.notes.ledger.found and sum(one.seconds for one in spent.values()) < _WORTH_KEEPING:
        return
    found = dispatcher.notes.ledger.take()
    try:
        with _short(engine) as connection:
            write(connection, found)
            _write_times(connection, spent)
            _put_in_quarantine(connection, dispatcher, {one.plugin for one in found})
    except (SQLAlchemyError, sqlite3.Error):  # locked, read-only, gone: there is another time
        dispatcher.notes.ledger.give_back(found)
        spent = {}
    dispatcher.notes.kept(spent)


@contextmanager
def _short(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
                yield connection
            return
        driver: Any = connection.connection.dbapi_connection
        (patience,) = driver.execute("PRAGMA busy_timeout").fetchone()
        driver.execute("PRAGMA busy_timeout = 0")
        try:
            connection.execution_options(begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield connection
        finally:
            driver.execute(f"PRAGMA busy_timeout = {int(patience)}")


def write(connection: Connection, found: Sequence[Finding]) -> None:
    """Write findings, in the transaction of the connection; one that is known counts on."""
    c = finding.c
    known = {(row.plugin, row.hook, row.kind): row for row in connection.execute(select(finding))} if found else {}
    for one in found:
        row = known.get(one.key)
        if row is None:
            connection.execute(insert(finding).values(**_row(one)))
        elif not _is_told_once(one) or row.message != one.message:
            said = {"message": one.message, "version": one.version, "severity": one.severity, "at": one.at}
            here = (c.plugin == one.plugin, c.hook == one.hook, c.kind == one.kind)
            connection.execute(update(finding).where(*here).values(count=c.count + one.count, **said))


def _is_told_once(one: Finding) -> bool:
    """Return whether a finding is one of every process that opens the workspace, and not to be counted."""
    return one.hook == LOAD or one.kind in {IMPORT, DEPRECATED}


def _row(one: Finding) -> dict[str, Any]:
    return {column.name: getattr(one, column.name) for column in finding.c}


def read(connection: Connection) -> list[Finding]:
    """Return what was kept of plugins, by plugin, hook and kind."""
    statement = select(finding).order_by(finding.c.plugin, finding.c.hook, finding.c.kind)
    return [Finding(**row) for row in connection.execute(statement).mappings()]


def clear(connection: Connection, plugin: str) -> int:
    """Forget what was found about a plugin, in the transaction of the connection; return how many findings went."""
    return connection.execute(delete(finding).where(finding.c.plugin == plugin)).rowcount


def times(connection: Connection) -> dict[tuple[str, str], Spent]:
    """Return the time kept by (plugin, hook)."""
    return {
        (row.plugin, row.hook): Spent(calls=row.calls, seconds=row.seconds, worst=row.worst)
        for row in connection.execute(select(hook_time))
    }


def _write_times(connection: Connection, spent: Mapping[tuple[str, str], Spent]) -> None:
    c = hook_time.c
    known = {(row.plugin, row.hook): row.worst for row in connection.execute(select(c.plugin, c.hook, c.worst))}
    for (plugin, hook), one in spent.items():
        if (plugin, hook) in known:
            more = {"calls": c.calls + one.calls, "seconds": c.seconds + one.seconds}
            worst = max(known[plugin, hook], one.worst)
            connection.execute(update(hook_time).where(c.plugin == plugin, c.hook == hook).values(worst=worst, **more))
        else:
            row = {"plugin": plugin, "hook": hook, "calls": one.calls, "seconds": one.seconds, "worst": one.worst}
            connection.execute(insert(hook_time).values(since=clock.now(), **row))


def _put_in_quarantine(connection: Connection, dispatcher: Dispatcher, plugins: set[str]) -> None:
    c = plugin_table.c
    free = select(c.name).where(c.name.in_(plugins), c.enabled.is_(True), c.quarantined == "")
    names = []
    for name in connection.execute(free).scalars().all() if plugins else ():
        reason = _reason(connection, name, dispatcher.named(COLLECT))
        if reason:
            connection.execute(update(plugin_table).where(c.name == name).values(quarantined=reason))
            names.append(name)
    tell(connection, "plugin.quarantined", names, SYSTEM.login)


def _reason(connection: Connection, name: str, hooks: Sequence[str]) -> str:
    """Return why a plugin belongs in quarantine, empty when it does not."""
    c = finding.c
    of_kind = (
        select(c.kind, func.sum(c.count).label("times"))
        .where(c.plugin == name, c.hook.in_(hooks), c.kind.in_((FAILED, TAMPERED, SLOW)))
        .group_by(c.kind)
    )
    counted = {row.kind: int(row.times) for row in connection.execute(of_kind)}
    failures = counted.get(FAILED, 0) + counted.get(TAMPERED, 0)
    if failures < MOST_FAILURES and counted.get(SLOW, 0) < MOST_DELAYS:
        return ""
    last = connection.execute(
        select(c.hook, c.message).where(c.plugin == name, c.hook.in_(hooks)).order_by(c.at.desc()).limit(1)
    ).one()
    return _("it failed {failures} times and took too long {delays} times; last in {hook}: {why}").format(
        failures=failures, delays=counted.get(SLOW, 0), hook=last.hook, why=last.message
    )
