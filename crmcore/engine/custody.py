"""Care for the host's database transaction while a plugin's code runs: it is not the plugin's to end."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, TextClause, event

from crmcore.errors import PluginError
from crmcore.i18n import _
from crmcore.plugins.lending import Borrower

_HELD: dict[Connection, "Custody"] = {}
"""The connections that plugins are called beside at this moment."""


class Custody:
    """Watches over one connection for the time of a hook's calls.

    A commit or rollback through SQLAlchemy is refused at once; one given to the driver itself, and a statement whose
    failure spoilt the transaction, are noticed after the call. `writing` says that it cannot just be begun anew.
    """

    __slots__ = ("_connection", "_open", "_outer", "_state", "_tried", "_writing", "borrower")

    def __init__(self, connection: Connection, *, writing: bool) -> None:
        self._connection = connection
        self._writing = writing
        self._state = _state_of(connection)
        self._open = self._state() == _OPEN
        self._tried = False
        self._outer: Custody | None = None
        self.borrower: Borrower | None = None

    def __enter__(self) -> "Custody":
        self._outer = _HELD.get(self._connection)
        _HELD[self._connection] = self
        vars(self._connection).update(_shadows(self._connection))
        return self

    def __exit__(self, *_error: object) -> None:
        if self._outer is None:
            _HELD.pop(self._connection, None)
            for name in _SHADOWED:
                vars(self._connection).pop(name, None)
        else:
            _HELD[self._connection] = self._outer
            if not self._writing:
                self._outer._open = self._state() == _OPEN  # what was mended for the inner call is in order for it, too

    def intact(self) -> bool:
        """Return whether the transaction that was open still is, unspoilt, and the connection too."""
        state = self._state()
        if state == _OPEN and not self._tried:
            self._open = True
            return True
        return not (self._tried or self._open or state == _SPOILT or self._connection.closed)

    @contextmanager
    def host(self) -> Iterator[None]:
        """Let the host's own code use the connection, for a plugin that asked it to."""
        held = _HELD.pop(self._connection, None)
        try:
            yield
        finally:
            if held is not None:
                _HELD[self._connection] = held
            self._open = self._state() == _OPEN

    def refuse(self, what: str) -> None:
        """Remember that the plugin tried to end the transaction, and raise `PluginError`."""
        self._tried = True
        raise PluginError(
            _("Plugin {plugin} tried to {what} the host's transaction, in {hook}.").format(
                plugin=self.borrower.plugin if self.borrower else "?",
                what=what,
                hook=self.borrower.hook if self.borrower else "?",
            )
        )

    def mend(self) -> bool:
        """Make the connection usable again after a plugin failed; False when what was written before is lost by it."""
        if self.intact():
            return True
        with self.host():
            if not self._connection.closed:
                self._connection.rollback()  # for SQLAlchemy; the driver's is still open where that was refused
                self._connection.connection.rollback()
        self._tried = False
        return not (self._writing or self._connection.closed)


_SHADOWED = ("close", "execute", "exec_driver_sql")


def _shadows(connection: Connection) -> dict[str, Callable[..., Any]]:
    """Return methods that stand before the connection's own while it is in custody; SQLAlchemy has no events there."""

    def close() -> None:
        held = _HELD.get(connection)
        if held is not None:
            held.refuse(_("close"))
        Connection.close(connection)

    def execute(statement: Any, *given: Any, **named: Any) -> Any:
        held = _HELD.get(connection)
        if held is not None and isinstance(statement, TextClause):
            held.refuse(_("give its own SQL to"))
        return Connection.execute(connection, statement, *given, **named)

    def exec_driver_sql(statement: str, *given: Any, **named: Any) -> Any:
        held = _HELD.get(connection)
        if held is not None and not statement.startswith("BEGIN"):
            held.refuse(_("give its own SQL to"))
        return Connection.exec_driver_sql(connection, statement, *given, **named)

    return {"close": close, "execute": execute, "exec_driver_sql": exec_driver_sql}


_IDLE, _OPEN, _SPOILT = range(3)


def _state_of(connection: Connection) -> Callable[[], int]:
    """Return how to ask the driver, without a statement, what state its transaction is in."""
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        return partial(_sqlite_state, driver)
    return partial(_postgresql_state, driver.pgconn)


def _sqlite_state(driver: sqlite3.Connection) -> int:
    try:
        return _OPEN if driver.in_transaction else _IDLE
    except sqlite3.ProgrammingError:  # closed
        return _SPOILT


_POSTGRESQL = (_IDLE, _OPEN, _OPEN, _SPOILT, _SPOILT)
"""What libpq tells: idle, active, in a transaction, in a failed one, unknown."""


def _postgresql_state(wire: Any) -> int:
    return _POSTGRESQL[wire.transaction_status]


def guard(engine: Engine) -> None:
    """Refuse commits and rollbacks on connections of the engine while they are in custody."""

    @event.listens_for(engine, "commit")
    def _commit(connection: Connection) -> None:
        held = _HELD.get(connection)
        if held is not None:
            held.refuse(_("commit"))

    @event.listens_for(engine, "rollback")
    def _rollback(connection: Connection) -> None:
        held = _HELD.get(connection)
        if held is not None:
            held.refuse(_("roll back"))
