"""Opportunities as lists and programs see them, with their lines, competitors and people: set-wise, bounded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import Select, select

from crmcore.api import PluginReader, Reader, logins, names, tables
from crmcore_sales.tables import buying_role, competitor, line, opportunity, product, rivalry


@frozen(kw_only=True)
class Named:
    """A record by id and name."""

    id: int
    name: str


@frozen(kw_only=True)
class ProductName:
    """A product by id, code and name."""

    id: int
    code: str
    name: str


@frozen(kw_only=True)
class LineView:
    """A line: a product, or what it is in words; how many, at what price each, and what that comes to."""

    id: int
    product: ProductName | None
    text: str
    quantity: Decimal
    unit_price: Decimal | None
    amount: Decimal | None


@frozen(kw_only=True)
class RivalView:
    """A competitor met in an opportunity, what they asked, and whether they won it."""

    id: int
    competitor_id: int
    name: str
    price: Decimal | None
    won: bool


@frozen(kw_only=True)
class RoleView:
    """A person's part in the decision, and whether they are for us."""

    id: int
    contact: Named
    role: str
    support: str
    note: str


@frozen(kw_only=True)
class OpportunityView:
    """An opportunity as listed; amounts are in `currency`, `probability` in per cent, as its owner states it."""

    id: int
    title: str
    customer: Named | None
    contact: Named | None
    owner: str
    agent: str
    partner: Named | None
    stage: str
    status: str
    amount: Decimal | None
    currency: str
    rate: Decimal | None
    probability: int | None
    category: str
    need_by: date | None
    quantity: Decimal
    lines: Sequence[LineView]
    competitors: Sequence[RivalView]
    roles: Sequence[RoleView]
    next_step: str
    lead_id: int | None
    interaction_id: int | None
    lead_source: str
    campaign: str
    channel: str
    region: str
    must_win: bool
    sponsor: str
    reason: str
    reason_note: str
    note: str
    custom: Mapping[str, Any]
    details: Mapping[str, Any]
    entered_at: datetime | None
    closed_at: datetime | None
    closed_on: date | None
    days: int | None
    version: int
    created_at: datetime
    updated_at: datetime


_TOLD = (
    "id", "title", "stage", "status", "amount", "currency", "rate", "probability", "category", "need_by", "next_step",
    "lead_id", "interaction_id", "lead_source", "campaign", "channel", "region", "must_win", "reason", "reason_note",
    "note", "custom", "details", "entered_at", "closed_at", "closed_on", "version", "created_at", "updated_at",
)  # fmt: skip


def views(reader: Reader | PluginReader, statement: Select[Any]) -> list[OpportunityView]:
    """Return the opportunities that a statement selects whole, in its order; seven statements, however many there are.

    What the actor may not see is left out; hidden fields are empty. `days` are those in the present stage.
    """
    rows = reader.rows(statement)
    ids = [row.id for row in rows]
    if not ids:
        return []
    parties = names(reader, tables.customer, [each for row in rows for each in (row.customer_id, row.partner_id)])
    people = _people(reader, ids)
    contacts = names(
        reader,
        tables.contact,
        [*(row.contact_id for row in rows), *(one.contact_id for several in people.values() for one in several)],
    )
    users = logins(reader, [each for row in rows for each in (row.owner_id, row.agent_id, row.sponsor_id)])
    lines, rivals = lines_of(reader, ids), rivals_of(reader, ids)
    return [
        OpportunityView(
            **{name: getattr(row, name) for name in _TOLD},
            customer=_named(parties, row.customer_id),
            contact=_named(contacts, row.contact_id),
            partner=_named(parties, row.partner_id),
            owner=users.get(row.owner_id, ""),
            agent=users.get(row.agent_id, ""),
            sponsor=users.get(row.sponsor_id, ""),
            quantity=sum((one.quantity for one in lines.get(row.id, ())), Decimal(0)),
            lines=lines.get(row.id, []),
            competitors=rivals.get(row.id, []),
            roles=[
                RoleView(id=one.id, contact=found, role=one.role, support=one.support, note=one.note)
                for one in people.get(row.id, ())
                if (found := _named(contacts, one.contact_id)) is not None
            ],
            days=(reader.now - row.entered_at).days if row.entered_at else None,
        )
        for row in rows
    ]


def view(reader: Reader | PluginReader, key: int) -> OpportunityView | None:
    """Return an opportunity; None for one that is absent or hidden."""
    return next(iter(views(reader, select(opportunity).where(opportunity.c.id == key))), None)


def _named(known: Mapping[int, str], key: int | None) -> Named | None:
    return Named(id=key, name=known[key]) if key is not None and key in known else None


def lines_of(reader: Reader | PluginReader, ids: Iterable[int]) -> dict[int, list[LineView]]:
    """Return the lines of opportunities, by the id of the opportunity: one statement."""
    c = line.c
    statement = (
        select(c.id, c.opportunity_id, c.product_id, c.text, c.quantity, c.unit_price, c.amount, product.c.code)
        .add_columns(product.c.name.label("product"))
        .join_from(line, product, isouter=True)
        .where(c.opportunity_id.in_(ids))
        .order_by(c.id)
    )
    found: dict[int, list[LineView]] = defaultdict(list)
    for row in reader.rows(statement):
        known = row.product_id is not None and row.code is not None
        found[row.opportunity_id].append(
            LineView(
                id=row.id,
                product=ProductName(id=row.product_id, code=row.code, name=row.product) if known else None,
                text=row.text,
                quantity=row.quantity,
                unit_price=row.unit_price,
                amount=row.amount,
            )
        )
    return found


def rivals_of(reader: Reader | PluginReader, ids: Iterable[int]) -> dict[int, list[RivalView]]:
    """Return the competitors met in opportunities, by the id of the opportunity: one statement."""
    c = rivalry.c
    statement = (
        select(c.id, c.opportunity_id, c.competitor_id, c.price, c.won, competitor.c.name)
        .join_from(rivalry, competitor)
        .where(c.opportunity_id.in_(ids))
        .order_by(c.id)
    )
    found: dict[int, list[RivalView]] = defaultdict(list)
    for row in reader.rows(statement):
        found[row.opportunity_id].append(
            RivalView(id=row.id, competitor_id=row.competitor_id, name=row.name, price=row.price, won=row.won)
        )
    return found


def _people(reader: Reader | PluginReader, ids: Iterable[int]) -> dict[int, list[Any]]:
    c = buying_role.c
    found: dict[int, list[Any]] = defaultdict(list)
    for row in reader.rows(select(buying_role).where(c.opportunity_id.in_(ids)).order_by(c.id)):
        found[row.opportunity_id].append(row)
    return found
