"""The brief as a whole: the blocks of the core and of every enabled plugin, in order."""

from datetime import datetime

from attrs import frozen
from sqlalchemy import select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer, position
from crmcore.hooks.reading import Block, Subject
from crmcore.plugins.dispatch import Dispatcher, Failure
from crmcore.timeline.people import MOST


@frozen(kw_only=True)
class Brief:
    """Everything about a party: (plugin, block) pairs in the order of their weight, and what failed to contribute."""

    subject: Subject
    blocks: tuple[tuple[str, Block], ...]
    failures: tuple[Failure, ...]


def subject_of(reader: Reader, entity: str, record_id: int, name: str) -> Subject:
    """Return a customer with its contacts, or a contact with the customers it stands for; the current ones first."""
    p = position.c
    mine, others, table = (
        (p.customer_id, p.contact_id, contact) if entity == "customer" else (p.contact_id, p.customer_id, customer)
    )
    # Joined, so that those hidden from the actor are left out.
    statement = select(others).join_from(position, table, table.c.id == others).where(mine == record_id)
    statement = statement.order_by(p.ended.is_not(None), p.id).limit(MOST)
    ids = tuple(dict.fromkeys(row[0] for row in reader.rows(statement)))
    return Subject(
        entity=entity,
        id=record_id,
        name=name,
        customer_ids=(record_id,) if entity == "customer" else ids,
        contact_ids=ids if entity == "customer" else (record_id,),
    )


def brief(reader: Reader, dispatcher: Dispatcher, entity: str, record_id: int, name: str, now: datetime) -> Brief:
    """Gather the brief of a party; `now` is aware, in the zone in which moments are shown.

    Eight statements for the core's blocks, whatever the data. A plugin that fails is left out and told in `failures`.
    """
    connection = reader.connection
    if connection.dialect.name == "postgresql":
        # Each statement stands alone: one that fails in a plugin must not spoil those of the others.
        if connection.in_transaction():
            connection.rollback()
        connection.execution_options(isolation_level="AUTOCOMMIT")
    before = len(dispatcher.failures)
    subject = subject_of(reader, entity, record_id, name)
    given = dispatcher.collect_by_plugin("crm_brief", subject=subject, now=now, reader=reader)
    found = []
    for plugin, block in given:
        if isinstance(block, Block):
            found.append((plugin, block))
        else:
            dispatcher.note_failure(plugin, "crm_brief", f"{type(block).__name__} is no Block")
    found.sort(key=lambda pair: pair[1].weight)
    return Brief(subject=subject, blocks=tuple(found), failures=tuple(dispatcher.failures[before:]))
