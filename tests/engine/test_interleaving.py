"""Random edits in transactions that overlap, against plain dictionaries: nothing is lost, nothing appears."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from crmcore.app import App
from crmcore.engine import workspace
from crmcore.engine.tables import contact, journal
from crmcore.errors import Conflict, NotFound
from crmcore.model.party import Contact

FIELDS = ("note", "given")
KEPT = (*FIELDS, "version")


class Open:
    """A transaction under way: what it read, and what it will do at its end."""

    def __init__(self, app):
        self.tx = app.transaction()
        self.read = {}
        self.records = {}
        self.edits = {}
        self.removes = set()
        self.adds = {}

    def take(self, record_id):
        """Read a record, as it is stored now."""
        if record_id not in self.records:
            record = self.tx.get(Contact, record_id)
            self.tx.connection.rollback()  # so that others may write meanwhile
            self.records[record_id] = record
            self.read[record_id] = {field: getattr(record, field) for field in KEPT}
        return self.records[record_id]


SLOTS = st.integers(0, 1)
PLACES = st.integers(0, 1)


class Interleaved(RuleBasedStateMachine):
    """Two transactions that read early and write late; the model is what optimistic locking promises."""

    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory()
        url = f"sqlite:///{Path(self.folder.name) / 'crm.db'}"
        workspace.create(url, login="ann")
        self.app = App(url, strict=True)
        self.model, self.told = {}, 0
        self.places = [self._added(), self._added()]
        self.slots = [Open(self.app), Open(self.app)]

    def _added(self):
        with self.app.transaction() as tx:
            record = tx.add(Contact(name="x"))
        self.model[record.id] = {"note": "", "given": "", "version": 1}
        self.told += 1
        return record.id

    def teardown(self):
        for one in self.slots:
            with one.tx:
                one.tx.abandon()
        self.app.close()
        self.folder.cleanup()

    @rule(place=PLACES)
    def add_where_one_was_removed(self, place):
        if self.places[place] not in self.model:
            self.places[place] = self._added()

    @rule(slot=SLOTS, place=PLACES, field=st.sampled_from(FIELDS), value=st.sampled_from("ab"))
    def edit(self, slot, place, field, value):
        one, record_id = self.slots[slot], self.places[place]
        if record_id not in one.removes and (record_id in one.records or record_id in self.model):
            setattr(one.take(record_id), field, value)
            one.edits.setdefault(record_id, {})[field] = value

    @rule(slot=SLOTS, place=PLACES)
    def remove(self, slot, place):
        one, record_id = self.slots[slot], self.places[place]
        if record_id not in one.removes and (record_id in one.records or record_id in self.model):
            one.tx.remove(one.take(record_id))
            one.edits.pop(record_id, None)
            one.removes.add(record_id)

    @rule(slot=SLOTS)
    def abandon(self, slot):
        one, self.slots[slot] = self.slots[slot], Open(self.app)
        with one.tx:
            one.tx.abandon()

    @rule(slot=SLOTS)
    def commit(self, slot):
        one, self.slots[slot] = self.slots[slot], Open(self.app)
        edits = {
            record_id: {field: value for field, value in fields.items() if value != one.read[record_id][field]}
            for record_id, fields in one.edits.items()
        }
        edits = {record_id: fields for record_id, fields in edits.items() if fields}
        expected = self._expected(one, edits)
        raised = None
        try:
            with one.tx:
                pass
        except (Conflict, NotFound) as error:
            raised = type(error)
        assert raised in (expected or {None})
        if raised:
            return
        for record_id, fields in edits.items():
            self.model[record_id].update(fields, version=self.model[record_id]["version"] + 1)
        for record_id in one.removes:
            del self.model[record_id]
        self.told += len(edits) + len(one.removes)

    def _expected(self, one, edits):
        """What may be raised: something was removed meanwhile, or changed by somebody else."""
        errors = set()
        for record_id in [*edits, *one.removes]:
            if record_id not in self.model:
                errors.add(NotFound)
            elif record_id in one.removes and self.model[record_id]["version"] != one.read[record_id]["version"]:
                errors.add(Conflict)
        for record_id, fields in edits.items():
            now = self.model.get(record_id, {})
            if any(now.get(field) not in (one.read[record_id][field], value, None) for field, value in fields.items()):
                errors.add(Conflict)
        return errors

    @invariant()
    def stored_is_the_model(self):
        with self.app.engine.connect() as connection:
            rows = connection.execute(select(contact)).all()
            told = len(connection.execute(select(journal.c.id)).all())
        assert {row.id: {field: getattr(row, field) for field in KEPT} for row in rows} == self.model
        assert told == self.told


TestInterleaved = Interleaved.TestCase
TestInterleaved.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
