"""What plugins get instead of the host's reader and transaction: less, the more delicate the moment.

| kind of hook | reads | own tables | records |
|---|---|---|---|
| collect | yes | - | - |
| veto | yes, and what is about to be saved | - | - |
| apply | yes | written by statements | - |
| notify | yes | written by statements | of the core, its own and of plugins it requires |

Nobody gets the connection: beginning, committing and rolling back are the host's.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn, TypeVar

from attrs import frozen
from sqlalchemy import CursorResult, Delete, Insert, Row, Select, Update

from crmcore.engine.custody import Custody
from crmcore.engine.host import ReadingHost, WritingHost
from crmcore.engine.statements import must_read, must_write_own
from crmcore.errors import PluginError
from crmcore.i18n import _
from crmcore.model.change import Event
from crmcore.model.definitions import Definitions
from crmcore.model.readonly import read_only
from crmcore.model.user import Actor
from crmcore.plugins.lending import Borrower

E = TypeVar("E")


class OutOfReach(PluginError, AttributeError):
    """A plugin asked for something that it is not lent."""


@frozen(kw_only=True)
class Written:
    """What a statement wrote: how many rows, and those it returned."""

    rowcount: int
    rows: tuple[Row[Any], ...] = ()

    @classmethod
    def of(cls, result: CursorResult[Any]) -> "Written":
        """Return what the result of a statement says of it."""
        return cls(rowcount=result.rowcount, rows=tuple(result.all()) if result.returns_rows else ())


class PluginReader:
    """Reads in the name of the host's actor: what that one may not see is left out."""

    __slots__ = ("_borrower", "_custody", "_host")
    _host: ReadingHost
    _borrower: Borrower
    _custody: Custody

    def __init__(self, host: ReadingHost, borrower: Borrower, custody: Custody) -> None:
        _HOST(self, host)
        _BORROWER(self, borrower)
        _CUSTODY(self, custody)

    def rows(self, statement: Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Return all rows of a select that the actor may see; bound every statement with a limit.

        `values` fill the parameters that it names: a select that is made once and asked often costs far less.
        """
        must_read(statement, self._borrower)
        return self._host.rows(statement, values)

    def first(self, statement: Select[Any]) -> Row[Any] | None:
        """Return the first row, or None."""
        must_read(statement, self._borrower)
        return self._host.first(statement)

    def value(self, statement: Select[Any]) -> Any:
        """Return the first column of the first row, or None: a count, a name."""
        must_read(statement, self._borrower)
        return self._host.value(statement)

    def ask(self, hook: str, **given: Any) -> list[Any]:
        """Ask a hook of the plugin's own: what others declare or collect; a veto raises `Refused` with all reasons.

        A `reader` or `tx` that the hook lends is not given: each plugin gets its own. Raises `PluginError` for a hook
        that is not the plugin's.
        """
        if hook not in self._borrower.hooks:
            raise PluginError(
                _("Plugin {plugin}, {hook}: {asked} is not its own to ask.").format(
                    plugin=self._borrower.plugin, hook=self._borrower.hook, asked=hook
                )
            )
        return self._host.ask(hook, **given)

    def declared(self, hook: str) -> list[Any]:
        """Return what all enabled plugins, and the core, declare for a hook of the core's, such as `crm_outcomes`.

        Raises `PluginError` for a hook that is not of the kind declare.
        """
        return self._host.declared(hook)

    def declared_by_plugin(self, hook: str) -> list[tuple[str, Any]]:
        """Return the same, each with the name of the plugin it came from."""
        return self._host.declared_by_plugin(hook)

    @property
    def actor(self) -> Actor:
        """In whose name this runs."""
        return self._host.actor

    @property
    def definitions(self) -> Definitions:
        """What the workspace has defined: processes, fields, roles."""
        return self._host.definitions

    @property
    def now(self) -> datetime:
        """The present instant, in UTC; one and the same throughout a transaction."""
        return self._host.now

    def settings(self) -> dict[str, object]:
        """Return the workspace's settings by name: zone, region, currency and others."""
        return self._host.settings()

    def setting(self, name: str) -> Any:
        """Return what a setting is, such as `marketing.cap`: what is set, or else its default; one statement.

        Of a secret this is where it lies (see `crmcore.api.secret`). Raises `NotFound` for a name nobody declares.
        """
        return self._host.setting(name)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise OutOfReach(
            _("Plugin {plugin} has no {name} in {hook}, a hook of kind {kind}; it has {given}.").format(
                plugin=self._borrower.plugin,
                name=name,
                hook=self._borrower.hook,
                kind=self._borrower.kind,
                given=", ".join(each for each in dir(type(self)) if not each.startswith("_")),
            )
        )

    def __setattr__(self, name: str, _value: object) -> NoReturn:
        raise OutOfReach(
            _("Plugin {plugin}, {hook}: {name} cannot be set on what the host lends.").format(
                plugin=self._borrower.plugin, hook=self._borrower.hook, name=name
            )
        )


_HOST, _BORROWER, _CUSTODY = (vars(PluginReader)[name].__set__ for name in ("_host", "_borrower", "_custody"))


class PluginTransaction(PluginReader):
    """A transaction before its changes are written: what is about to be saved can be looked at, and refused."""

    __slots__ = ()
    _host: WritingHost

    @property
    def cause(self) -> str:
        """What led to the transaction: a command, an import, a rule."""
        return self._host.cause

    @property
    def caused_by(self) -> Event | None:
        """The event on whose delivery this runs, if it does."""
        return self._host.caused_by

    def as_read(self, entity: str, record_id: int) -> Mapping[str, Any] | None:
        """Return the values of a record as the transaction read them; None for one it did not read."""
        values: Mapping[str, Any] | None = read_only(self._host.as_read(entity, record_id))
        return values


class ApplyTransaction(PluginTransaction):
    """A transaction whose changes are written, before the commit: the plugin's own tables can follow."""

    __slots__ = ()

    def execute(self, statement: Insert | Update | Delete, rows: Sequence[Mapping[str, Any]] | None = None) -> Written:
        """Insert into, update or delete from a table of the plugin's own, once or for the values in each of `rows`.

        Raises `PluginError` for another's table.
        """
        must_write_own(statement, self._borrower)
        with self._custody.host():
            return Written.of(self._host.connection.execute(statement, rows))

    def new_id(self) -> int:
        """Return a fresh id, for a row of a table that is no entity's."""
        with self._custody.host():
            return self._host.new_id()

    def lock(self, cls: type, *record_ids: int) -> None:
        """Let nobody else lock or change these records until the transaction ends; waits for who has them now.

        What is read from here on is as it stands after whoever had them before (see `Transaction.lock`).
        """
        with self._custody.host():
            self._host.lock(cls, *record_ids)
