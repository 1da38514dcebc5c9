"""Reading: statements run with the actor's visibility added, and answer rows, not entities."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select

from crmcore.engine import clock, fields, settings, workspace
from crmcore.engine.borrowed import PluginReader
from crmcore.engine.custody import Custody
from crmcore.engine.lent import lent_reader
from crmcore.engine.prepared import prepared
from crmcore.engine.visibility import Scope, Visibility
from crmcore.model.definitions import NO_DEFINITIONS, Definitions
from crmcore.model.user import Actor
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.lending import Borrower


class Reader:
    """Runs queries in the name of an actor. Use it as a context manager, or through a transaction."""

    def __init__(
        self,
        connection: Connection,
        actor: Actor,
        scope: Scope,
        definitions: Definitions = NO_DEFINITIONS,
        asked: Dispatcher | None = None,
    ) -> None:
        self.connection = connection
        self._asked = asked
        self.actor = actor
        self.definitions = definitions
        self.visibility = Visibility(actor, scope, connection)
        self.now = clock.now()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    @property
    def withheld(self) -> frozenset[tuple[str, str]]:
        """The fields hidden from the actor that statements have named so far, as (table, field)."""
        return fields.named(self.visibility.withheld)

    def rows(self, statement: Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Return all rows of a statement that the actor may see; bound every statement with a limit.

        `values` fill the parameters that it names: a statement that is made once and asked often costs far less.
        """
        limited = self.visibility.limit(statement)
        if values is None:
            return self.connection.execute(limited).all()
        return self.connection.execute(prepared(limited, self.connection.dialect), values).all()

    def first(self, statement: Select[Any]) -> Row[Any] | None:
        """Return the first row, or None."""
        return self.connection.execute(self.visibility.limit(statement.limit(1))).first()

    def value(self, statement: Select[Any]) -> Any:
        """Return the first column of the first row, or None: a count, a name."""
        row = self.first(statement)
        return None if row is None else row[0]

    def settings(self) -> dict[str, object]:
        """Return the workspace's settings by name: zone, region, currency and others."""
        return workspace.settings(self.connection)

    def setting(self, name: str) -> Any:
        """Return what a setting is, such as `marketing.cap`: what is set, or else its default; one statement.

        Of a secret this is where it lies (see `crmcore.api.secret`). Raises `NotFound` for a name nobody declares.
        """
        return settings.value(self.connection, settings.named(self._asked, name))

    def ask(self, hook: str, **given: Any) -> list[Any]:
        """Ask a hook that a plugin owns: what all enabled plugins declare or collect; a veto raises `Refused`.

        What the hook lends, `reader` or `tx`, is this. Raises `NotFound` for a hook whose owner is not enabled.
        """
        return [] if self._asked is None else self._asked.ask(hook, self, given)

    def declared(self, hook: str) -> list[Any]:
        """Return what all enabled plugins, and the core, declare for a hook of the core's, such as `crm_outcomes`.

        Raises `PluginError` for a hook that is not of the kind declare.
        """
        return [item for _plugin, item in self.declared_by_plugin(hook)]

    def declared_by_plugin(self, hook: str) -> list[tuple[str, Any]]:
        """Return the same, each with the name of the plugin it came from."""
        return [] if self._asked is None else self._asked.told(hook)

    def custody(self) -> Custody:
        """Return a watch over the connection, for the time plugins are called."""
        return Custody(self.connection, writing=False)

    def lend(self, borrower: Borrower, custody: Custody) -> PluginReader:
        """Return what a plugin gets instead of the reader itself."""
        return lent_reader(self, borrower, custody)
