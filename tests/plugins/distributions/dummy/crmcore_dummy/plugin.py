"""A plugin that joins in everywhere, with tables and a command of its own."""

from pathlib import Path

from attrs import define
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Table, Text, insert, select

from crmcore.api import Block, EntityType, Format, Objection, Plugin, Quality, Reference, impl
from crmcore.engine.tables import contact

PLUGIN = Plugin(
    name="dummy",
    title="Everything, a little",
    migrations=Path(__file__).parent / "migrations",
    tables=("dummy_note", "dummy_tag"),
)

metadata = MetaData()
note = Table(
    "dummy_note",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("contact_id", BigInteger, ForeignKey(contact.c.id, ondelete="CASCADE")),
    Column("text", Text, nullable=False),
)
tag = Table(
    "dummy_tag",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("note_id", BigInteger, ForeignKey(note.c.id, ondelete="CASCADE"), nullable=False),
    Column("word", Text, nullable=False),
)


@define(kw_only=True, eq=False)
class Note:
    """A note about a contact."""

    text: str
    contact_id: int | None = None
    id: int = 0
    version: int = 0


def _read(source):
    return iter(())


@impl
def crm_formats():
    yield Format(name="dummy", label="Dummy", extensions=(".dummy",), sniff=lambda head, name: 0, read=_read)


@impl
def crm_entities():
    return [EntityType(cls=Note, table=note, parents=("contact_id",))]


@impl
def crm_references():
    return [Reference(table=note, column="contact_id", target="contact")]


@impl
def crm_brief(subject, reader):
    rows = reader.rows(select(note.c.text).where(note.c.contact_id == subject.id).limit(10))
    yield Block(title="Dummy notes", weight=90, rows=tuple((row.text,) for row in rows))


@impl
def crm_quality(reader):
    return [Quality(title="Dummy notes", total=1, bad=0)]


@impl
def crm_before_save(changes):
    return [f"no {change.after['name']}" for change in changes if change.after.get("name") == "Forbidden"]


@impl
def crm_apply(changes, tx):
    """Tag every new note with its first word."""
    for change in changes:
        if change.entity == "dummy_note" and change.action == "created":
            word = change.after["text"].split()[0]
            tx.execute(insert(tag).values(note_id=change.id, word=word))


@impl
def crm_on_event(event, tx):
    if event.type == "contact.created":
        tx.add(Note(text="noticed it", contact_id=event.subject_id))


@impl
def crm_objections(acts):
    return [Objection(act=act, reason="dummies object to visits") for act in acts if act.kind == "visit"]
