"""The transaction: the only way to write. Everything in it is stored together with its journal, or nothing is."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Delete, Insert, Select, Update
from sqlalchemy.exc import DBAPIError

from crmcore.engine import journal
from crmcore.engine.borrowed import PluginReader, Written
from crmcore.engine.bulk import Writer
from crmcore.engine.custody import Custody
from crmcore.engine.held import Held
from crmcore.engine.ids import Draw, Ids
from crmcore.engine.lent import lent_transaction
from crmcore.engine.locking import Locking
from crmcore.engine.mapping import Entities
from crmcore.engine.telling import Telling
from crmcore.engine.visibility import Scope
from crmcore.engine.write import Computing, Target, write
from crmcore.errors import Denied, NotFound, PluginError
from crmcore.hooks.entities import EntityType, Row
from crmcore.i18n import _
from crmcore.model.change import Change, Event
from crmcore.model.definitions import Definitions
from crmcore.model.user import Actor
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.lending import Borrower

E = TypeVar("E")

Completing = Callable[["Transaction", Sequence[Change]], bool]
"""Fills in, in the records themselves, what follows from a change set; returns whether it changed one."""


class Transaction(Telling):
    """Collects what is to be written, and writes it at the end: checked, authorised, journalled, or rolled back.

    Records come from `add`, `get` and `load`; changing an attribute of one is enough. Used as a context manager; an
    exception leaves everything as it was.
    """

    def __init__(
        self,
        connection: Connection,
        actor: Actor,
        scope: Scope,
        *,
        cause: str,
        caused_by: Event | None,
        entities: Entities,
        definitions: Definitions,
        dispatcher: Dispatcher,
        zone: tzinfo,
        ids: Ids,
        writer: Writer,
        authorise: Callable[["Transaction", Sequence[Change]], None],
        completing: Sequence["Completing"] = (),
        computing: Computing,
    ) -> None:
        super().__init__(connection, actor, scope, definitions, dispatcher, cause, caused_by, writer)
        self.scope = scope
        self.entities, self.zone = entities, zone
        self._ids = Draw(ids)
        computed = partial(computing, definitions)
        self._target = Target(connection=connection, writer=writer, entities=entities, now=self.now, computed=computed)
        self._authorise = authorise
        self._completing = completing
        self.spent: dict[tuple[str, int], float] = {}
        """By (entity, id): the seconds that somebody spent on entering it, where that was measured."""
        self.filled: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        """By (entity, id): the fields that nobody typed; who fills one in for the user says so here (row S2-02)."""
        self._saving = False
        self._held = Held(entities)
        self._locking = Locking(connection)

    def __enter__(self) -> "Transaction":
        return self

    def __exit__(self, *error: object) -> None:
        refused = error[1]
        try:
            if refused is None:
                self.commit()
        except Denied as denied:
            refused = denied
            raise
        finally:
            if self.connection.in_transaction() or isinstance(refused, Denied):
                self.abandon()
            if isinstance(refused, Denied):
                self.deny(str(refused))
                self.commit()
            self.connection.close()

    def begin(self) -> None:
        """Take the right to write now: what is read from here on cannot change before the commit (on SQLite)."""
        self._locking.take()

    def add(self, record: E) -> E:
        """Take a new record; it has its id from here on."""
        self._must_not_be_saving()
        entity = self.entities.of(type(record))
        record.id = self.new_id()  # type: ignore[attr-defined] # every entity has an id
        self._held.add(entity, record)
        return record

    def bring_back(self, record: object) -> None:
        """Take a record that was removed, with the id it had."""
        self._must_not_be_saving()
        self._held.add(self.entities.of(type(record)), record)

    def new_id(self) -> int:
        """Return a fresh id, for a row of a table that is no entity's."""
        self.begin()
        return self._ids.take(self.connection)

    def execute(self, statement: Insert | Update | Delete, rows: Sequence[Mapping[str, Any]] | None = None) -> Written:
        """Write to a table of no entity, once or for the values in each of `rows`; no journal has it."""
        self.begin()
        return Written.of(self.connection.execute(statement, rows))

    def get(self, cls: type[E], record_id: int) -> E:
        """Return a record to read or change; raises `NotFound` for one that is absent or hidden from the actor."""
        entity = self.entities.of(cls)
        held: E | None = self.held(entity.name, record_id)
        if held is not None:
            return held
        statement = self.visibility.by_id(entity.table, entity.fields)
        found: list[E] = self._taken(entity, statement, {"wanted": record_id})
        if not found:
            raise NotFound(_("There is no {entity} {id}.").format(entity=entity.name.replace("_", " "), id=record_id))
        return found[0]

    def load(self, cls: type[E], *conditions: ColumnElement[bool]) -> list[E]:
        """Return the records that meet all conditions, to read or change, in the order of their ids."""
        entity = self.entities.of(cls)
        return self._taken(entity, self.visibility.for_editing(entity.table, entity.fields, *conditions), {})

    def _taken(self, entity: EntityType, statement: Select[Any], values: Row) -> list[Any]:
        hidden = self.visibility.hidden_in(entity.name)
        rows = self.connection.execute(statement, values).mappings().all()
        return [one for row in rows if (one := self._held.take(entity, dict(row), hidden)) is not None]

    def lock(self, cls: type, *record_ids: int) -> None:
        """Let nobody else lock or change these records until this transaction ends; waits for who has them now.

        What is read from here on is as it stands after whoever had them before: so a rule over several records, such
        as all quotes to a customer, holds whoever writes at the same moment. Who locks several names them in one call.
        Others still read them, and refer to them. SQLite has one lock for all, which is taken.
        """
        self._locking.rows(self.entities.of(cls).table, record_ids)

    def remove(self, record: object) -> None:
        """Remove a record read in this transaction; its values stay in the journal."""
        self._must_not_be_saving()
        self._held.remove(self.entities.of(type(record)), record)

    def held(self, entity: str, record_id: int) -> Any:
        """Return the record that this transaction added or read, None for another: no statement."""
        return self._held.find(entity, record_id)

    def as_read(self, entity: str, record_id: int) -> Row | None:
        """Return the values of a record as this transaction read them; None for one it did not read."""
        return self._held.as_read(entity, record_id)

    def custody(self) -> Custody:
        """Return a watch over the connection, for the time plugins are called."""
        return Custody(self.connection, writing=True)

    def lend(self, borrower: Borrower, custody: Custody) -> PluginReader:
        """Return what a plugin gets instead of the transaction itself, in a hook of its kind."""
        return lent_transaction(self, borrower, custody)

    def flush(self) -> None:
        """Write what was collected so far, so that statements see it; the commit is still to come."""
        self._held.written(self._save())

    def _save(self) -> tuple[Change, ...]:
        self._must_not_be_saving()
        changes = self._held.changes(self.now)
        if not changes:
            return changes
        for complete in self._completing:
            if complete(self, changes):
                changes = self._held.changes(self.now)
        self._saving = True
        try:
            self._authorise(self, changes)
            self.dispatcher.veto("crm_before_save", changes=changes, tx=self)
            self.begin()
            write(self._target, changes, self._held.loaded)
            self._recorded.extend(journal.events(changes, self.entities, self.why(), self.as_read))
            self.dispatcher.apply("crm_apply", changes=changes, tx=self)
        finally:
            self._saving = False
        return changes

    def _must_not_be_saving(self) -> None:
        # What a hook added now would be in nobody's change set: neither checked nor written.
        if self._saving:
            raise PluginError(_("While a transaction is saved nothing is added or removed; use crm_on_event for that."))

    def release(self) -> None:
        """Write what was collected, its journal too, and let go of all records: for long work in bounded memory.

        Nothing is committed.
        """
        self._save()
        journal.append(self.connection, self._writer, self._recorded)
        self._let_go()

    def go_on(self, cause: str, caused_by: Event | None) -> None:
        """Write what was collected, let go of all records, and go on for another cause; nothing is committed."""
        self._save()
        entries, self._recorded = self._recorded, []
        self._let_go()
        self._recorded = entries
        self.cause, self.caused_by = cause, caused_by

    def forget(self) -> None:
        """Let go of what was collected and not written, as of ids drawn for it."""
        self._ids.forget()
        self._let_go()

    def _let_go(self) -> None:
        self._held.clear()
        self._recorded.clear()
        self.filled.clear()
        self.spent.clear()

    def commit(self) -> None:
        """Write everything, commit, and let go of all records; called at the end of the block."""
        self._save()
        entries, self._recorded = self._recorded, []
        if entries:
            self.begin()
            journal.append(self.connection, self._writer, entries)
        if self.connection.in_transaction():
            try:
                self.connection.commit()
            except DBAPIError:
                self.connection.connection.rollback()  # SQLite keeps a transaction open whose commit failed
                raise
        self._ids.keep()
        self._let_go()
        self._locking.let_go()

    def abandon(self) -> None:
        """Give up everything this transaction collected or wrote: nothing happened."""
        if self.connection.in_transaction():
            self.connection.rollback()
        self.forget()
        self._locking.let_go()
