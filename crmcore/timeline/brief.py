"""The brief as a whole: the blocks of the core and of every enabled plugin, in order."""

from datetime import datetime

from attrs import frozen
from sqlalchemy import bindparam, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer, position
from crmcore.hooks.reading import Block, Subject
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.findings import Failure
from crmcore.timeline.passed import passed
from crmcore.timeline.people import MOST

OWN = "core.timeline.blocks"
"""Whose block the timeline is."""


@frozen(kw_only=True)
class Brief:
    """Everything about a party: (plugin, block) pairs in the order of their weight, and what failed to contribute."""

    subject: Subject
    blocks: tuple[tuple[str, Block], ...]
    failures: tuple[Failure, ...]


# Joined, so that those hidden from the actor are left out; those merged into another are, too.
_OTHERS = {
    entity: select(others)
    .join_from(position, table, table.c.id == others)
    .where(mine == bindparam("id"), table.c.merged_into_id.is_(None))
    .order_by(position.c.ended.is_not(None), position.c.id)
    .limit(MOST)
    for entity, mine, others, table in (
        ("customer", position.c.customer_id, position.c.contact_id, contact),
        ("contact", position.c.contact_id, position.c.customer_id, customer),
    )
}


def subject_of(reader: Reader, entity: str, record_id: int, name: str) -> Subject:
    """Return a customer with its contacts, or a contact with the customers it stands for; the current ones first."""
    ids = tuple(dict.fromkeys(row[0] for row in reader.rows(_OTHERS[entity], {"id": record_id})))
    return Subject(
        entity=entity,
        id=record_id,
        name=name,
        customer_ids=(record_id,) if entity == "customer" else ids,
        contact_ids=ids if entity == "customer" else (record_id,),
    )


def alone(reader: Reader) -> None:
    """Let each statement stand alone: one that fails in a plugin must not spoil those of the others (PostgreSQL)."""
    connection = reader.connection
    if connection.dialect.name == "postgresql":
        if connection.in_transaction():
            connection.rollback()
        connection.execution_options(isolation_level="AUTOCOMMIT")


def brief(reader: Reader, dispatcher: Dispatcher, entity: str, record_id: int, name: str, now: datetime) -> Brief:
    """Gather the brief of a party; `now` is aware, in the zone in which moments are shown.

    Eight statements for the core's blocks, whatever the data; one for the name of a parent, two where there are
    processes.
    A plugin that fails is left out and told in `failures`.
    """
    alone(reader)
    before = len(dispatcher.failures)
    subject = subject_of(reader, entity, record_id, name)
    found: list[tuple[str, Block]] = dispatcher.collect_by_plugin("crm_brief", subject=subject, now=now, reader=reader)
    timeline = passed(reader, dispatcher, subject, now)
    if timeline is not None:
        found.append((OWN, timeline))
    found.sort(key=lambda pair: pair[1].weight)
    return Brief(subject=subject, blocks=tuple(found), failures=tuple(dispatcher.failures[before:]))
