"""The processes that deliver: who works, told by rows that each renews every few seconds."""

import os
import socket
from datetime import UTC, datetime, timedelta

from attrs import frozen
from sqlalchemy import Connection, Engine, delete, insert, select, update

from crmcore.engine import migrate
from crmcore.engine.tables import worker
from crmcore.errors import Refused
from crmcore.i18n import _

FRESH = timedelta(seconds=30)
"""For how long after its last sign of life a worker is taken to work."""

_FORGOTTEN = timedelta(days=1)


@frozen(kw_only=True)
class Working:
    """A worker: its host and process, when it began and gave the last sign of life, and how many events it handled."""

    name: str
    started_at: datetime
    at: datetime
    done: int

    @property
    def is_alive(self) -> bool:
        """Return whether it works, as far as can be told from here."""
        return is_alive(self.name, self.at)


def is_alive(name: str, at: datetime, fresh: timedelta = FRESH) -> bool:
    """Return whether a process, named `host:number`, lives that gave its last sign of life at an instant.

    On another host that is to be told by the sign alone: one older than `fresh` is of a process that is gone.
    """
    host, _colon, process = name.rpartition(":")
    if datetime.now(UTC) - at > fresh:
        return False
    return host != socket.gethostname() or _is_running(int(process))


def _is_running(process: int) -> bool:
    if os.name != "posix":  # elsewhere there is no asking without harm
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def workers(connection: Connection) -> list[Working]:
    """Return all workers that gave a sign of life lately, or ended without a word."""
    c = worker.c
    rows = connection.execute(select(c.name, c.started_at, c.at, c.done).order_by(c.started_at))
    return [Working(**row._mapping) for row in rows]


def is_anybody_working(connection: Connection) -> bool:
    """Return whether a worker delivers for this workspace."""
    return any(one.is_alive for one in workers(connection))


def own_name() -> str:
    """Return what this process is called, `host:number`."""
    return f"{socket.gethostname()}:{os.getpid()}"


class Presence:
    """A worker's row, from its beginning to its end. Liveness is told by the machine's clock, not by `CRM_NOW`."""

    def __init__(self, engine: Engine) -> None:
        self.name = own_name()
        self._engine = engine
        self._last = datetime.now(UTC)

    def begin(self) -> None:
        """Say that this worker works; raises `Refused` on SQLite while another does, for there one is enough."""
        now = datetime.now(UTC)
        with migrate.locked(self._engine) as connection:
            if self._engine.dialect.name == "sqlite":
                for one in workers(connection):
                    if one.is_alive:
                        raise Refused(
                            [
                                _("Worker {name} works since {since:%Y-%m-%d %H:%M} UTC; on SQLite one does it all.")
                                .format(name=one.name, since=one.started_at)
                            ]
                        )  # fmt: skip
            gone = (worker.c.at < now - _FORGOTTEN) | (worker.c.name == self.name)
            connection.execute(delete(worker).where(gone))
            connection.execute(insert(worker).values(name=self.name, started_at=now, at=now, done=0))

    def renew(self, done: int) -> None:
        """Give a sign of life, every few seconds."""
        now = datetime.now(UTC)
        if now - self._last < FRESH / 6:
            return
        self._last = now
        with self._engine.begin() as connection:
            connection.execute(update(worker).where(worker.c.name == self.name).values(at=now, done=done))

    def end(self) -> None:
        """Say that this worker works no longer."""
        with self._engine.begin() as connection:
            connection.execute(delete(worker).where(worker.c.name == self.name))
