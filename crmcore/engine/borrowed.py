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
from sqlalchemy import ColumnElement, Delete, Insert, Row, Select, Update

from crmcore.engine.custody import Custody
from crmcore.engine.host import ReadingHost, WritingHost
from crmcore.engine.mapping import Entities
from crmcore.engine.statements import must_read, must_write_own
from crmcore.engine.tables import metadata
from crmcore.errors import PluginError
from crmcore.hooks.kinds import APPLY, COLLECT, NOTIFY, VETO
from crmcore.hooks.policy import Act, Decision
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

    def rows(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        """Return all rows of a select that the actor may see; bound every statement with a limit."""
        must_read(statement, self._borrower)
        return self._host.rows(statement)

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
            result = self._host.connection.execute(statement, rows)
            returned = tuple(result.all()) if result.returns_rows else ()
            return Written(rowcount=result.rowcount, rows=returned)

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


class NotifyTransaction(ApplyTransaction):
    """A transaction of the plugin's own, after an event: records are added, changed and removed as the core does it."""

    __slots__ = ()

    @property
    def entities(self) -> Entities:
        """The kinds of record of this workspace."""
        return self._host.entities

    @property
    def filled(self) -> dict[tuple[str, int], set[str]]:
        """By (entity, id): the fields that nobody typed."""
        found: dict[tuple[str, int], set[str]] = self._host.filled
        return found

    def add(self, record: E) -> E:
        """Take a new record; it has its id from here on."""
        self._must_be_reachable(type(record))
        with self._custody.host():
            return self._host.add(record)

    def get(self, cls: type[E], record_id: int) -> E:
        """Return a record to read or change; raises `NotFound` for one that is absent or hidden from the actor."""
        self._must_be_reachable(cls)
        with self._custody.host():
            return self._host.get(cls, record_id)

    def load(self, cls: type[E], *conditions: ColumnElement[bool]) -> list[E]:
        """Return the records that meet all conditions, to read or change, in the order of their ids."""
        self._must_be_reachable(cls)
        with self._custody.host():
            return self._host.load(cls, *conditions)

    def remove(self, record: object) -> None:
        """Remove a record read in this transaction; its values stay in the journal."""
        self._must_be_reachable(type(record))
        with self._custody.host():
            self._host.remove(record)

    def record(self, kind: str, entity: str, subject_id: int, data: Mapping[str, Any]) -> None:
        """Tell the journal of something that is more than a change of fields."""
        self._host.record(kind, entity, subject_id, dict(data))

    def flush(self) -> None:
        """Write what was collected so far, so that statements see it; the commit is still to come."""
        with self._custody.host():
            self._host.flush()

    def permit(self, act: Act) -> Decision:
        """Decide whether an act may happen, and journal the decision; ask at the moment of acting."""
        with self._custody.host():
            return self._host.permit(act)

    def permit_all(self, acts: Sequence[Act]) -> tuple[Decision, ...]:
        """Decide on any number of acts, in their order, and journal the decisions."""
        with self._custody.host():
            return self._host.permit_all(acts)

    def _must_be_reachable(self, cls: type) -> None:
        try:
            table = self._host.entities.of(cls).name
        except KeyError:
            raise PluginError(
                _("Plugin {plugin}, {hook}: {cls} is no kind of record of this workspace.").format(
                    plugin=self._borrower.plugin, hook=self._borrower.hook, cls=cls.__name__
                )
            ) from None
        if table not in metadata.tables and not self._borrower.owns(table) and not self._borrower.stands_on(table):
            raise PluginError(
                _("Plugin {plugin}, {hook}: “{table}” is another plugin's; say in PLUGIN.requires whose it is.").format(
                    plugin=self._borrower.plugin, hook=self._borrower.hook, table=table
                )
            )


_BY_KIND: dict[str, type[PluginReader]] = {
    COLLECT: PluginReader, VETO: PluginTransaction, APPLY: ApplyTransaction, NOTIFY: NotifyTransaction
}  # fmt: skip


def lent_reader(host: ReadingHost, borrower: Borrower, custody: Custody) -> PluginReader:
    """Return what a plugin gets of a reader."""
    custody.borrower = borrower
    return PluginReader(host, borrower, custody)


def lent_transaction(host: WritingHost, borrower: Borrower, custody: Custody) -> PluginReader:
    """Return what a plugin gets of a transaction, in a hook of the borrower's kind."""
    custody.borrower = borrower
    return _BY_KIND[borrower.kind](host, borrower, custody)
