"""Jobs of plugins: taken up, done at a desk for a while, and tried again later when they fail.

What a job's row says of it is no part of what it does: a process that is killed says nothing, and another one sees that
the holder is gone. From then on nothing of the first is committed, should it live on (see `crmcore.delivery.desks`).
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Row, Select, insert, select, update

from crmcore.app import App
from crmcore.delivery import findings
from crmcore.delivery.desks import Desk, Key, PutOff, declared
from crmcore.delivery.handling import told
from crmcore.delivery.rules import wait
from crmcore.delivery.workers import is_alive, own_name
from crmcore.engine import clock, migrate
from crmcore.engine.tables import job
from crmcore.engine.transaction import Transaction
from crmcore.errors import CrmError, NotFound, PluginError, Refused
from crmcore.hooks.background import Job
from crmcore.i18n import _
from crmcore.plugins.findings import FAILED

_SLICE = 2.0  # seconds after which a job is asked to let others go on
_LONGEST_WAIT = timedelta(minutes=15)


@frozen(kw_only=True)
class Jobs:
    """What came of the jobs: how many were done for a while, how many failed, and whether one has more to do."""

    done: int = 0
    failed: int = 0
    more: bool = False

    def __add__(self, other: "Jobs") -> "Jobs":
        return Jobs(done=self.done + other.done, failed=self.failed + other.failed, more=self.more or other.more)


def work(app: App, *, seconds: float, stop: Callable[[], bool] = lambda: False) -> Jobs:
    """Do what is due of the jobs of all plugins, each for a short while; not what another process does alone."""
    with app.read() as reader:
        here = declared(app.assembly.dispatcher)
        if not here:
            return Jobs()
        c = job.c
        rows = {(row.plugin, row.name): row for row in reader.connection.execute(select(c.plugin, c.name, c.next_at))}
    _set_up(app, [key for key in here if key not in rows])
    ends, now = monotonic() + seconds, clock.now()
    total = Jobs()
    for key, one in here.items():
        if stop() or monotonic() >= ends:
            break
        if key not in rows or rows[key].next_at <= now:
            total = total + _attempt(app, key, one, _over(stop, min(ends, monotonic() + _SLICE)))
    return total


def _over(stop: Callable[[], bool], ends: float) -> Callable[[], bool]:
    return lambda: stop() or monotonic() >= ends


def _attempt(app: App, key: Key, one: Job, over: Callable[[], bool]) -> Jobs:
    """Do a job for a while; nothing when another process does it."""
    shift = None if one.parallel else _take(app, key)
    if shift is None and not one.parallel:
        return Jobs()
    try:
        more = bool(one.run(Desk(app=app, key=key, shift=shift, over=over)))
        _let_go(app, key, one, shift, again=more)
    except PutOff:
        _let_go(app, key, one, shift, again=True)  # unless another one has it, whoever comes next need not wait
        return Jobs()
    except (Exception, SystemExit) as error:  # noqa: BLE001 # a plugin may raise anything; the others are not touched
        _note(app, key, shift, told(error))
        return Jobs(failed=1)
    return Jobs(done=1, more=more)


def run_job(
    app: App, plugin: str, name: str, *, seconds: float = float("inf"), stop: Callable[[], bool] = lambda: False
) -> bool:
    """Do a job here and now, as the worker would, until nothing is left to do or the time is over.

    Returns whether there is more to do. Raises `NotFound` when no enabled plugin has such a job, `Refused` when
    another process does it, and `PluginError` for what a plugin raises that is no `CrmError`.
    """
    key, ends = (plugin, name), monotonic() + seconds
    one = declared(app.dispatcher).get(key)
    if one is None:
        raise NotFound(_("There is no job {name} of an enabled plugin {plugin}.").format(plugin=plugin, name=name))
    _set_up(app, [key])
    shift = None if one.parallel else _take(app, key, early=True)
    if shift is None and not one.parallel:
        raise Refused([_("Another process does the job {name} of {plugin} now.").format(plugin=plugin, name=name)])
    desk = Desk(app=app, key=key, shift=shift, over=_over(stop, ends))
    again = True
    try:
        while again and not desk.is_over():
            again = one.run(desk)
    except PutOff:
        return False
    except CrmError:
        raise
    except Exception as error:
        said = _("Plugin {plugin} failed in the job {name}: {error}")
        raise PluginError(said.format(plugin=plugin, name=name, error=told(error))) from error
    finally:
        _let_go(app, key, one, shift, again=again)
    return again


def _set_up(app: App, keys: Iterable[Key]) -> None:
    """Write the rows of jobs that are new."""
    wanted = list(keys)
    if not wanted:
        return
    c = job.c
    with migrate.locked(app.engine) as connection:
        known = {(row.plugin, row.name) for row in connection.execute(select(c.plugin, c.name))}
        now = {"shift": 0, "at": datetime.now(UTC), "next_at": clock.now(), "attempts": 0}
        made = [{"plugin": plugin, "name": name, **now} for plugin, name in wanted if (plugin, name) not in known]
        if made:
            connection.execute(insert(job), made)


def _is(key: Key, shift: int | None = None) -> list[ColumnElement[bool]]:
    """Return the condition on a job's row, and that nobody else took the job up since."""
    conditions = [job.c.plugin == key[0], job.c.name == key[1]]
    return conditions if shift is None else [*conditions, job.c.shift == shift]


def _locked(tx: Transaction, *conditions: ColumnElement[bool]) -> Row[Any] | None:
    tx.begin()
    c = job.c
    statement: Select[Any] = select(c.holder, c.shift, c.at, c.attempts).where(*conditions)
    return tx.connection.execute(statement.with_for_update(skip_locked=True)).first()


def _take(app: App, key: Key, *, early: bool = False) -> int | None:
    """Take up a job that one process does at a time; None when it is not due (unless `early`), or another has it."""
    with app.transaction() as tx:
        row = _locked(tx, *_is(key), *(() if early else (job.c.next_at <= clock.now(),)))
        if row is None or (row.holder and is_alive(row.holder, row.at)):
            return None
        _write(tx, key, holder=own_name(), shift=row.shift + 1)
        return int(row.shift + 1)


def _let_go(app: App, key: Key, one: Job, shift: int | None, *, again: bool) -> None:
    """Say that a job went well, and when it is done next; nothing is written where nothing is to be said."""
    with app.transaction() as tx:
        row = _locked(tx, *_is(key, shift))
        if row is None or (one.parallel and not row.attempts and (again or not one.every)):
            return
        next_at = tx.now if again else tx.now + one.every
        _write(tx, key, holder="", next_at=next_at, attempts=0, error="")


def _note(app: App, key: Key, shift: int | None, why: str) -> None:
    """Set when a job that failed is tried again, and tell the administrator."""
    with app.transaction() as tx:
        row = _locked(tx, *_is(key, shift))
        if row is None:
            return
        plugin, name = key
        attempts = row.attempts + 1
        next_at = tx.now + min(wait(attempts), _LONGEST_WAIT)
        _write(tx, key, holder="", next_at=next_at, attempts=attempts, error=why)
        said = _("the job {name} failed, and is tried again later: {error}").format(name=name, error=why)
        findings.note(tx, plugin, f"job {name}", FAILED, said)


def _write(tx: Transaction, key: Key, **values: Any) -> None:
    tx.connection.execute(update(job).where(*_is(key)).values(at=datetime.now(UTC), **values))
