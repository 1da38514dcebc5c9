"""The composition root: a workspace, opened as an `App`. No globals."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import Connection, select

from crmcore.assembly import Assembly, assemble
from crmcore.engine import migrate, positions, workspace
from crmcore.engine.authorise import authorise
from crmcore.engine.bulk import Writer
from crmcore.engine.custody import guard
from crmcore.engine.database import connect
from crmcore.engine.ids import Ids
from crmcore.engine.reader import Reader
from crmcore.engine.tables import user_account
from crmcore.engine.transaction import Transaction
from crmcore.errors import Denied
from crmcore.fields.completing import complete, computed
from crmcore.i18n import _
from crmcore.lifecycle import claims, findings, generation
from crmcore.model.change import Event
from crmcore.model.user import SYSTEM, Actor
from crmcore.plugins.calling import must_be_outside
from crmcore.plugins.dispatch import Dispatcher
from crmcore.workflow.completing import complete as complete_steps


class App:
    """A workspace, opened: its database, its plugins and its rules.

    `plugins` are extra (name, module) pairs, always enabled, for tests and embedding. `strict` lets a plugin's failure
    through where the kind of hook would isolate it. Plugins enabled and definitions applied while it is open hold from
    the next transaction on, whichever process did it.
    """

    def __init__(self, url: str, *, plugins: Iterable[tuple[str, Any]] = (), strict: bool = False) -> None:
        must_be_outside()
        self.url = url
        self.engine = connect(url)
        guard(self.engine)
        self._extra = tuple(plugins)
        self._strict = strict
        self._lock = Lock()
        with workspace.guarded(self.engine) as connection:
            workspace.check(connection)
            self._assembly = assemble(connection, self._extra, strict=strict)
        listening = [name for name, module in self._extra if claims.listens(module)]
        if listening:
            with workspace.explained(self.engine), migrate.locked(self.engine) as connection:
                positions.begin_new(connection, listening)
        self._ids = Ids()
        self._writer = Writer(self.engine.dialect)

    @property
    def assembly(self) -> Assembly:
        """What the workspace is made of, as this process last saw it."""
        return self._assembly

    @property
    def dispatcher(self) -> Dispatcher:
        """The dispatcher that calls the enabled plugins, as this process last saw them."""
        return self._assembly.dispatcher

    def _connected(self) -> tuple[Connection, Assembly]:
        """Return a connection, and what the workspace is made of now."""
        must_be_outside()
        findings.keep_some(self.engine, self._assembly.dispatcher)
        connection = self.engine.connect()
        with _closed_on_failure(connection):
            if generation.current(connection) != self._assembly.generation:
                with self._lock:
                    findings.keep(self.engine, self._assembly.dispatcher)
                    self._assembly = assemble(connection, self._extra, strict=self._strict)
        return connection, self._assembly

    def actor(self, login: str) -> Actor:
        """Return the actor for a login; raises `Denied` for one who is not an active user of this workspace."""
        statement = select(user_account).where(user_account.c.login == login, user_account.c.active.is_(True))
        with self.engine.connect() as connection:
            row = connection.execute(statement).first()
        if row is None:
            raise Denied(
                _(
                    "“{login}” is not an active user of this workspace; an administrator adds one with `crm user add`."
                ).format(login=login)
            )
        return Actor(user_id=row.id, login=row.login, role=row.role, team=row.team, zone=row.zone)

    def transaction(self, actor: Actor = SYSTEM, cause: str = "", caused_by: Event | None = None) -> Transaction:
        """Return a transaction in the name of an actor; `cause` says what led to it, `caused_by` which event."""
        connection, assembly = self._connected()
        with _closed_on_failure(connection):
            return Transaction(
                connection,
                actor,
                assembly.scope(actor.role),
                cause=cause,
                caused_by=caused_by,
                entities=assembly.entities,
                definitions=assembly.definitions,
                dispatcher=assembly.dispatcher,
                zone=assembly.zone,
                ids=self._ids,
                writer=self._writer,
                authorise=authorise,
                completing=(complete_steps, complete),
                computing=computed,
            )

    def read(self, actor: Actor = SYSTEM) -> Reader:
        """Return a reader in the name of an actor."""
        connection, assembly = self._connected()
        with _closed_on_failure(connection):
            return Reader(connection, actor, assembly.scope(actor.role), assembly.definitions, assembly.dispatcher)

    def close(self) -> None:
        """Let go of the database."""
        findings.keep(self.engine, self._assembly.dispatcher)
        self.engine.dispose()


@contextmanager
def _closed_on_failure(connection: Connection) -> Iterator[None]:
    """Close a connection where nobody is given it: a clock that says nothing is refused by whoever asks the time."""
    try:
        yield
    except BaseException:
        connection.close()
        raise


def open_workspace(url: str | None = None, **options: Any) -> App:
    """Open the workspace at `url` (default: `CRM_DATABASE_URL`, else `sqlite:///crm.db` in the current folder).

    Raises `WorkspaceError` with the reason when it cannot be opened.
    """
    return App(url or os.environ.get("CRM_DATABASE_URL") or "sqlite:///crm.db", **options)
