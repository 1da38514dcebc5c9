"""Tickets of customers; as long as one is open, and three days after, nobody is to be sold to."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text, or_, select

from crmcore.api import Block, EntityType, Fact, Id, Instant, Objection, Plugin, Reference, entity, impl, tables

PLUGIN = Plugin(
    name="open_tickets",
    title="Tickets",
    migrations=Path(__file__).parent / "migrations",
    tables=("open_tickets_ticket",),
)
PEACE = timedelta(days=3)
BLOCKED, WARNED = {"marketing"}, {"sales"}

ticket = Table(
    "open_tickets_ticket",
    MetaData(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("customer_id", Id, ForeignKey(tables.customer.c.id, ondelete="CASCADE"), nullable=False),
    Column("status", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("opened", Instant, nullable=False),
    Column("resolved", Instant),
)


@entity
class Ticket:
    """A problem a customer has."""

    customer_id: int
    text: str
    status: str = "open"
    opened: object = None
    resolved: object = None
    id: int = 0
    version: int = 0


@impl
def crm_entities():
    facts = {"minutes_open": Fact(of=_minutes_open, sample=90, title="Minutes open")}
    return [EntityType(cls=Ticket, table=ticket, parents=("customer_id",), facts=facts)]


def _minutes_open(reader, ids):
    rows = reader.rows(select(ticket.c.id, ticket.c.opened, ticket.c.resolved).where(ticket.c.id.in_(ids)))
    return {row.id: ((row.resolved or reader.now) - row.opened) / timedelta(minutes=1) for row in rows}


@impl
def crm_references():
    return [Reference(table=ticket, column="customer_id", target="customer")]


@impl
def crm_brief(subject, reader):
    t = ticket.c
    newest = select(t.status, t.text, t.opened).where(t.customer_id.in_(subject.customer_ids)).order_by(t.opened.desc())
    rows = reader.rows(newest.limit(10))
    if rows:
        shown = tuple((row.status, row.opened.date().isoformat(), row.text) for row in rows)
        yield Block(title="Tickets", weight=20, rows=shown, data=[row._asdict() for row in rows])


@impl
def crm_objections(acts, tx):
    """One statement for all acts; who has no ticket costs nothing."""
    selling = [act for act in acts if act.purpose in BLOCKED | WARNED]
    held = _tickets(tx, selling)
    for act in selling:
        for row in held.get(act.customer_id, ()):
            if row.opened > act.at or (row.resolved is not None and row.resolved + PEACE <= act.at):
                continue
            days = (act.at - row.opened).days
            state = f"open for {days} days" if row.resolved is None else f"resolved on {row.resolved:%Y-%m-%d}"
            yield Objection(
                act=act,
                reason=f"ticket {row.id} is {state}: {row.text}",
                blocks=act.purpose in BLOCKED,
                until=None if row.resolved is None else row.resolved + PEACE,
                lift="three days after the ticket is resolved",
            )


def _tickets(tx, acts):
    t = ticket.c
    customers = {act.customer_id for act in acts if act.customer_id is not None}
    if not customers:
        return {}
    lately = min(act.at for act in acts) - PEACE
    found = {}
    for row in tx.rows(
        select(ticket).where(t.customer_id.in_(customers), or_(t.resolved.is_(None), t.resolved > lately))
    ):
        found.setdefault(row.customer_id, []).append(row)
    return found
