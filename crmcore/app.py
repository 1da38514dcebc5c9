"""The composition root: configuration, plugins, engine, put together as an `App`. No globals."""

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from crmcore.engine import enabled, migrate, plugin_schema, workspace
from crmcore.engine.authorise import authorise
from crmcore.engine.bulk import Writer
from crmcore.engine.database import connect
from crmcore.engine.ids import Ids
from crmcore.engine.mapping import Entities
from crmcore.engine.reader import Reader
from crmcore.engine.tables import setting, user_account
from crmcore.engine.transaction import Transaction
from crmcore.engine.visibility import DEFAULT_SCOPES, NO_SCOPE, Scope
from crmcore.errors import CrmError, Denied, NotFound, PluginError
from crmcore.i18n import _
from crmcore.model.change import Event
from crmcore.model.user import SYSTEM, Actor
from crmcore.plugins.discovery import load
from crmcore.plugins.dispatch import Call, Dispatcher
from crmcore.plugins.dispatch import load as load_feature
from crmcore.plugins.resolve import dependants, resolve

FEATURES = (
    "crmcore.engine.features",
    "crmcore.formats.features",
    "crmcore.search.index",
    "crmcore.directory.ownership",
    "crmcore.policy.consent",
    "crmcore.policy.quiet",
    "crmcore.timeline.blocks",
    "crmcore.promises.blocks",
    "crmcore.quality.figures",
)
"""The core's own features; each registers its hooks as a plugin does."""


class App:
    """A workspace, opened: its database, its plugins and its rules.

    `plugins` are extra (name, module) pairs, always enabled, for tests and embedding. `strict` lets a plugin's failure
    through where the kind of hook would isolate it.
    """

    def __init__(self, url: str, *, plugins: Iterable[tuple[str, Any]] = (), strict: bool = False) -> None:
        self.url = url
        self.engine = connect(url)
        with workspace.guarded(self.engine) as connection:
            workspace.check(connection)
            versions = enabled.enabled_versions(connection)
            self._scopes = _scopes(connection)
        self.dispatcher = Dispatcher(strict=strict)
        for path in FEATURES:
            self.dispatcher.register("core." + path.split(".")[1] + "." + path.split(".")[2], load_feature(path))
        self._register(versions, plugins)
        self.entities = Entities(self.dispatcher.declared("crm_entities"))
        self._ids = Ids()
        self._writer = Writer(self.engine.dialect)

    def _register(self, wanted: Mapping[str, str], extra: Iterable[tuple[str, Any]]) -> None:
        names: list[str] = []
        for name in wanted:
            try:
                for found, plugin in resolve(name):
                    if found.name not in names:
                        enabled.must_be_ready(found, plugin, wanted)
                        self.dispatcher.register(found.name, load(found)[1])
                        names.append(found.name)
            except (PluginError, NotFound) as error:
                self.dispatcher.note_failure(name, "load", str(error))
        for name, module in extra:
            self.dispatcher.register(name, module)
            names.append(name)
        self.dispatcher.enable(names)

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

    def transaction(self, actor: Actor = SYSTEM, cause: str = "") -> Transaction:
        """Return a transaction in the name of an actor; `cause` says what led to it."""
        return Transaction(
            self.engine.connect(),
            actor,
            self._scope(actor),
            cause=cause,
            entities=self.entities,
            dispatcher=self.dispatcher,
            ids=self._ids,
            writer=self._writer,
            authorise=authorise,
            deliver=self._deliver,
        )

    def read(self, actor: Actor = SYSTEM) -> Reader:
        """Return a reader in the name of an actor."""
        return Reader(self.engine.connect(), actor, self._scope(actor))

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def _scope(self, actor: Actor) -> Scope:
        return self._scopes.get(actor.role, NO_SCOPE)

    def _deliver(self, events: Sequence[Event]) -> None:
        if not self.dispatcher.calls("crm_on_event"):
            return
        for event in events:
            self.dispatcher.notify("crm_on_event", partial(self._tell, event))

    def _tell(self, event: Event, call: Call) -> None:
        if event.cause.startswith("plugin "):
            return  # what a plugin does on hearing of an event is not told again: no loops
        with self.transaction(cause=f"plugin {call.plugin} on {event.type}") as tx:
            call({"event": event, "tx": tx})

    def enable(self, name: str) -> list[str]:
        """Enable a plugin and all it requires in this workspace; return the names newly enabled.

        Its tables are created first; a failure leaves the workspace as it was. Takes effect when the workspace is
        opened again.
        """
        with workspace.explained(self.engine), migrate.alone(self.engine) as connection:
            already = enabled.enabled_names(connection)
            fresh = [(found, plugin) for found, plugin in resolve(name) if found.name not in already]
            for found, plugin in fresh:
                Dispatcher().register(found.name, load(found)[1])  # refuses a plugin that would fail when opened
                plugin_schema.bring(connection, plugin)
                enabled.write_state(connection, found, plugin, enabled=True)
        return [found.name for found, _plugin in fresh]

    def upgrade_plugins(self) -> list[str]:
        """Bring the tables of enabled plugins along after their packages changed.

        Each succeeds or fails on its own; returns one sentence for each that failed. Takes effect when the workspace
        is opened again.
        """
        failed: list[str] = []
        with self.engine.connect() as connection:
            versions = enabled.enabled_versions(connection)
        for name, version in versions.items():
            try:
                found, plugin = resolve(name)[-1]
                if found.version != version:
                    with migrate.alone(self.engine) as connection:
                        plugin_schema.bring(connection, plugin)
                        enabled.write_state(connection, found, plugin, enabled=True)
            except CrmError as error:
                failed.append(str(error))
        return failed

    def disable(self, name: str) -> None:
        """Disable a plugin: its data is kept, it contributes nothing. Refused while enabled plugins require it."""
        with self.engine.begin() as connection:
            names = enabled.enabled_names(connection)
            if name not in names:
                raise NotFound(_("Plugin {name} is not enabled.").format(name=name))
            needing = dependants(name, names)
            if needing:
                raise PluginError(
                    _("Plugin {name} stays enabled: {others} require it.").format(name=name, others=", ".join(needing))
                )
            enabled.write_disabled(connection, name)


def _scopes(connection: Connection) -> dict[str, Scope]:
    """Return each role's scope, with what the workspace's settings say instead (`role.rep` = {"read": "team"})."""
    scopes = dict(DEFAULT_SCOPES)
    for row in connection.execute(select(setting).where(setting.c.name.startswith("role."))):
        role = row.name.removeprefix("role.")
        base = scopes.get(role, NO_SCOPE)
        scopes[role] = Scope(
            read=row.value.get("read", base.read), write=row.value.get("write", base.write), manages=base.manages
        )
    return scopes


def open_workspace(url: str | None = None, **options: Any) -> App:
    """Open the workspace at `url` (default: `CRM_DATABASE_URL`, else `sqlite:///crm.db` in the current folder).

    Raises `WorkspaceError` with the reason when it cannot be opened.
    """
    return App(url or os.environ.get("CRM_DATABASE_URL") or "sqlite:///crm.db", **options)


__all__ = ["FEATURES", "App", "open_workspace"]
