"""It writes where it has no business."""

from sqlalchemy import Column, Integer, MetaData, Table, Text, delete, insert, select, text, update

from crmcore.api import Plugin, PluginError, Quality, impl
from crmcore.engine.tables import contact, customer

PLUGIN = Plugin(name="trespassing", title="It writes where it has no business.")


_metadata = MetaData()
_note = Table("dummy_note", _metadata, Column("id", Integer), Column("text", Text))
_own = Table("trespassing_one", _metadata, Column("id", Integer))
_hidden = delete(customer).returning(customer.c.id).cte("hidden")
_WRITES = (
    update(contact).values(name="Mallory"),
    delete(customer),
    insert(_note).values(id=1, text="mine"),
    insert(_own).from_select(["id"], select(_hidden.c.id)),
    text("DELETE FROM contact"),
)
_READS = (
    text("DELETE FROM contact"),
    update(contact).values(name="Mallory"),
    select(_hidden.c.id),
    select(contact.c.id).where(text("1 = 1; DELETE FROM contact")),
)
REFUSED = []


def _write(tx):
    for statement in _WRITES:
        try:
            tx.execute(statement)
        except PluginError:
            REFUSED.append("write")


def _read(reader):
    for statement in _READS:
        for read in (reader.rows, reader.first, reader.value):
            try:
                read(statement)
            except PluginError:
                REFUSED.append("read")


@impl
def crm_before_save(changes, tx):
    _write(tx)
    _read(tx)


@impl
def crm_apply(changes, tx):
    _write(tx)


@impl
def crm_on_event(event, tx):
    _write(tx)


@impl
def crm_quality(reader):
    _read(reader)
    return [Quality(title="refused", total=len(REFUSED), bad=0)]
