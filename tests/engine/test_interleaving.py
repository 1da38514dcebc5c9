"""Random edits in transactions that overlap, against plain dictionaries: nothing is lost, nothing appears."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, precondition, rule
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


class Interleaved(RuleBasedStateMachine):
    """Transactions that read early and write late; the model is what optimistic locking promises."""

    stored = Bundle("stored")
    under_way = Bundle("under_way")

    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory()
        url = f"sqlite:///{Path(self.folder.name) / 'crm.db'}"
        workspace.create(url, login="ann")
        self.app = App(url, strict=True)
        self.model = {}
        self.told = 0
        self.open_now = 0

    def teardown(self):
        self.app.close()
        self.folder.cleanup()

    @rule(target=stored, note=st.sampled_from("abc"))
    def add(self, note):
        with self.app.transaction() as tx:
            record = tx.add(Contact(name="x", note=note))
        self.model[record.id] = {"note": note, "given": "", "version": 1}
        self.told += 1
        return record.id

    @precondition(lambda self: self.open_now < 6)
    @rule(target=under_way)
    def open(self):
        self.open_now += 1
        return Open(self.app)

    @rule(one=under_way, record_id=stored, field=st.sampled_from(FIELDS), value=st.sampled_from("abc"))
    def edit(self, one, record_id, field, value):
        if record_id in one.removes or (record_id not in one.records and record_id not in self.model):
            return
        setattr(one.take(record_id), field, value)
        one.edits.setdefault(record_id, {})[field] = value

    @rule(one=under_way, record_id=stored)
    def remove(self, one, record_id):
        if record_id in one.removes or (record_id not in one.records and record_id not in self.model):
            return
        one.tx.remove(one.take(record_id))
        one.edits.pop(record_id, None)
        one.removes.add(record_id)

    @rule(one=consumes(under_way))
    def abandon(self, one):
        self.open_now -= 1
        with one.tx:
            one.tx.abandon()

    @rule(one=consumes(under_way))
    def commit(self, one):
        self.open_now -= 1
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
        if not hasattr(self, "app"):
            return
        with self.app.engine.connect() as connection:
            rows = connection.execute(select(contact)).all()
            told = len(connection.execute(select(journal.c.id)).all())
        assert {row.id: {field: getattr(row, field) for field in KEPT} for row in rows} == self.model
        assert told == self.told


TestInterleaved = Interleaved.TestCase
TestInterleaved.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
