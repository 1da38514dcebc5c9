"""Work at times: each tick is done once, in the transaction that also sets the next one."""

from collections.abc import Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen
from cronsim import CronSim, CronSimError
from sqlalchemy import Connection, Row, Select, insert, select, update

from crmcore.app import App
from crmcore.delivery import findings
from crmcore.delivery.handling import told
from crmcore.delivery.rules import Rules, rules, wait
from crmcore.engine import clock, migrate
from crmcore.engine.tables import schedule, setting
from crmcore.engine.transaction import Transaction
from crmcore.hooks.background import Schedule
from crmcore.i18n import _
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.findings import FAILED

HOOK = "crm_schedules"

Key = tuple[str, str]
"""The plugin's name, and the schedule's."""


@frozen(kw_only=True)
class Ticks:
    """What was done at its time, and what failed: it is tried again."""

    done: int = 0
    failed: int = 0


def following(cron: str, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the next time of a schedule, in UTC.

    Raises `CronSimError` for what is no such expression, `StopIteration` for one without a time to come.

    As in cron, what falls into the hour that summer time leaves out is done at the end of the gap, and what falls
    into the hour that comes twice is done once, unless it is done every hour or minute.
    """
    return next(CronSim(cron, after.astimezone(zone))).astimezone(UTC)


def keep(app: App) -> Ticks:
    """Do what is due of the schedules of all plugins; nothing is done that another worker does at this moment."""
    with app.read() as reader:
        connection = reader.connection
        declared = _declared(app.assembly.dispatcher)
        if not declared:
            return Ticks()
        c = schedule.c
        rows = {
            (row.plugin, row.name): row for row in connection.execute(select(c.plugin, c.name, c.next_at, c.attempts))
        }
        zone, limits = _zone(connection), rules(connection)
    now = clock.now()
    times = {key: following(one.cron, now, zone) for key, one in declared.items() if _is_readable(app, key, one)}
    _set_up(app, rows, times, now)
    done = failed = 0
    for key in times:
        if key in rows and rows[key].next_at <= now:
            try:
                done += _run(app, key, zone)
            except (Exception, SystemExit) as error:  # noqa: BLE001 # a plugin may raise anything; the others are not touched
                _note(app, key, zone, limits, told(error))
                failed += 1
    return Ticks(done=done, failed=failed)


def _declared(dispatcher: Dispatcher) -> dict[Key, Schedule]:
    return {(plugin, one.name): one for plugin, one in dispatcher.declared_by_plugin(HOOK)}


def _zone(connection: Connection) -> ZoneInfo:
    """Return the workspace's zone."""
    said = connection.execute(select(setting.c.value).where(setting.c.name == "zone")).scalar()
    return ZoneInfo(str(said or "UTC"))


def _is_readable(app: App, key: Key, one: Schedule) -> bool:
    """Return whether the times of a schedule can be read; if not, `crm doctor` tells."""
    try:
        following(one.cron, datetime.now(UTC), ZoneInfo("UTC"))
    except (CronSimError, StopIteration) as error:
        said = _("the schedule {name} is no cron expression of five fields with a time to come: “{cron}” {why}")
        app.assembly.dispatcher.note_failure(key[0], HOOK, said.format(name=key[1], cron=one.cron, why=error))
        return False
    return True


def _set_up(app: App, rows: Mapping[Key, Any], times: Mapping[Key, datetime], now: datetime) -> None:
    """Write the next times of schedules that are new, and of those whose times are others now."""
    fresh = [key for key in times if key not in rows]
    other = [
        key for key in times if key in rows and not rows[key].attempts and now < rows[key].next_at != times[key]
    ]  # fmt: skip
    if not fresh and not other:
        return
    c = schedule.c
    with migrate.locked(app.engine) as connection:
        known = {(row.plugin, row.name) for row in connection.execute(select(c.plugin, c.name))}
        made = [
            {"plugin": plugin, "name": name, "next_at": times[plugin, name], "attempts": 0}
            for plugin, name in fresh
            if (plugin, name) not in known
        ]
        if made:
            connection.execute(insert(schedule), made)
        for plugin, name in other:
            here = (c.plugin == plugin, c.name == name, c.next_at == rows[plugin, name].next_at)
            connection.execute(update(schedule).where(*here).values(next_at=times[plugin, name]))


def _lock(tx: Transaction, key: Key) -> Row[Any] | None:
    """Take a tick that is due for this transaction; None when it is done, or another worker has it."""
    tx.begin()
    c = schedule.c
    due: Select[Any] = select(c.next_at, c.attempts).where(
        c.plugin == key[0], c.name == key[1], c.next_at <= clock.now()
    )
    return tx.connection.execute(due.with_for_update(skip_locked=True)).first()


def _run(app: App, key: Key, zone: ZoneInfo) -> bool:
    plugin, name = key
    with app.transaction(cause=f"plugin {plugin}, schedule {name}") as tx:
        one = _declared(tx.dispatcher).get(key)
        if one is None or _lock(tx, key) is None:
            return False
        began = monotonic()
        one.run(tx)
        tx.flush()
        _write(
            tx,
            key,
            next_at=following(one.cron, tx.now, zone),
            last_at=tx.now,
            seconds=monotonic() - began,
            attempts=0,
            error="",
        )
    return True


def _note(app: App, key: Key, zone: ZoneInfo, limits: Rules, why: str) -> None:
    """Set when a tick that failed is tried again: later and later, and at its next time at the latest."""
    with app.transaction() as tx:
        one = _declared(tx.dispatcher).get(key)
        row = _lock(tx, key)
        if one is None or row is None:
            return
        attempts, regular = row.attempts + 1, following(one.cron, tx.now, zone)
        if limits.is_last(attempts):
            said = _("the schedule {name} failed {n} times, and waits for its next time: {error}")
            said = said.format(name=key[1], n=attempts, error=why)
            findings.note(tx, key[0], f"schedule {key[1]}", FAILED, said)
            _write(tx, key, next_at=regular, attempts=0, error=why)
        else:
            _write(tx, key, next_at=min(tx.now + wait(attempts), regular), attempts=attempts, error=why)


def _write(tx: Transaction, key: Key, **values: Any) -> None:
    c = schedule.c
    tx.connection.execute(update(schedule).where(c.plugin == key[0], c.name == key[1]).values(**values))
