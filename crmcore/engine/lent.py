"""The transaction that a plugin gets after an event, to write records in; and who gets what, by the kind of hook."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import ColumnElement

from crmcore.engine.borrowed import ApplyTransaction, PluginReader, PluginTransaction
from crmcore.engine.custody import Custody
from crmcore.engine.host import ReadingHost, WritingHost
from crmcore.engine.links import BECAME
from crmcore.engine.mapping import Entities
from crmcore.engine.tables import metadata
from crmcore.errors import PluginError
from crmcore.hooks.forms import Answered, Kept
from crmcore.hooks.handing import Prospect
from crmcore.hooks.kinds import APPLY, COLLECT, NOTIFY, VETO
from crmcore.hooks.policy import Act, Decision
from crmcore.i18n import _
from crmcore.plugins.lending import Borrower

E = TypeVar("E")


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

    def link(self, origin: object, target: object, kind: str = BECAME) -> None:
        """Keep that one record, or (entity, id), became another or led to it: `crm trail` follows it."""
        with self._custody.host():
            self._host.link(origin, target, kind)

    def hand_over(self, prospects: Sequence[Prospect]) -> tuple[tuple[str, int], ...]:
        """Let whoever takes over go on with prospects; return (entity, id) of what became of each.

        Raises `NotFound` when nobody does; `declared("crm_takers")` tells beforehand.
        """
        with self._custody.host():
            return self._host.hand_over(prospects)

    def fill_in(self, form: str, answers: Sequence[Answered]) -> tuple[Kept, ...]:
        """Let a form that somebody declares keep answers; return what became of each, linked to where it is from.

        Raises `NotFound` for a form that is not there; `crmcore.api.forms` tells which are.
        """
        with self._custody.host():
            return self._host.fill_in(form, answers)

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


@contextmanager
def host_of(tx: NotifyTransaction) -> Iterator[WritingHost]:
    """Give the core the transaction that a plugin's is lent from, within a block, for what the plugin asks of it."""
    with tx._custody.host():
        yield tx._host


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
