"""Campaigns as lists and programs see them: what is planned and said of each. Set-wise, bounded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, select

from crmcore.api import NotFound, PluginReader, Reader, logins
from crmcore_marketing.campaigns.finding import campaign_titles, trees
from crmcore_marketing.campaigns.outcomes import added, outcome_of
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import campaign, programme


@frozen(kw_only=True)
class Named:
    """A record by id and name."""

    id: int
    name: str


@frozen(kw_only=True)
class Plan:
    """What is planned of a campaign itself, without those below it; amounts in `currency`."""

    cost: Decimal | None
    revenue: Decimal | None
    reached: int | None
    leads: int | None
    orders: int | None
    currency: str


@frozen(kw_only=True)
class CampaignView:
    """A campaign as listed; `outcome` are the figures of its type, and of those below it."""

    id: int
    code: str
    name: str
    parent: Named | None
    children: int
    programme: Named | None
    type: str
    status: str
    owner: str
    starts_on: date | None
    ends_on: date | None
    place: str
    channel: str
    industry: str
    products: Sequence[str]
    plan: Plan
    outcome: Mapping[str, Any]
    note: str
    custom: Mapping[str, Any]
    details: Mapping[str, Any]
    source: str
    entered_at: datetime | None
    closed_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


_TOLD = (
    "id", "code", "name", "type", "status", "starts_on", "ends_on", "place", "channel", "industry", "products", "note",
    "custom", "details", "source", "entered_at", "closed_at", "version", "created_at", "updated_at",
)  # fmt: skip


@frozen(kw_only=True)
class Asked:
    """Which campaigns are asked for; what is empty does not matter."""

    type: str = ""
    status: str = ""
    owner_id: int | None = None
    parent_id: int | None = None
    programme_id: int | None = None
    top: bool = False
    text: str = ""
    since: date | None = None
    until: date | None = None


def statement(asked: Asked) -> Select[Any]:
    """Return the statement for the campaigns that are asked for, in the order of their ids."""
    c = campaign.c
    wanted = select(campaign).order_by(c.id)
    for column, value in (
        (c.status, asked.status), (c.owner_id, asked.owner_id), (c.parent_id, asked.parent_id),
        (c.programme_id, asked.programme_id),
    ):  # fmt: skip
        if value:
            wanted = wanted.where(column == value)
    if asked.type:
        wanted = wanted.where(func.lower(c.type) == asked.type.strip().lower())
    if asked.top:
        wanted = wanted.where(c.parent_id.is_(None))
    if asked.text:
        wanted = wanted.where(c.name.icontains(asked.text, autoescape=True))
    if asked.since is not None:
        wanted = wanted.where(func.coalesce(c.ends_on, c.starts_on) >= asked.since)
    if asked.until is not None:
        wanted = wanted.where(c.starts_on <= asked.until)
    return wanted


def views(reader: Reader | PluginReader, wanted: Select[Any]) -> list[CampaignView]:
    """Return the campaigns that a statement selects whole, in its order; six statements, however many there are."""
    rows = reader.rows(wanted)
    ids = [row.id for row in rows]
    if not ids:
        return []
    c = campaign.c
    users = logins(reader, [row.owner_id for row in rows])
    titles = campaign_titles(reader, [row.parent_id for row in rows])
    known = select(programme.c.id, programme.c.name).where(programme.c.id.in_({row.programme_id for row in rows}))
    programmes = {row.id: row.name for row in reader.rows(known)}
    children = select(c.parent_id, func.count().label("n")).where(c.parent_id.in_(ids)).group_by(c.parent_id)
    counts = {row.parent_id: row.n for row in reader.rows(children)}
    outcomes = _outcomes(reader, ids)
    return [
        CampaignView(
            **{name: getattr(row, name) for name in _TOLD},
            parent=_named(titles, row.parent_id),
            children=counts.get(row.id, 0),
            programme=_named(programmes, row.programme_id),
            owner=users.get(row.owner_id, ""),
            plan=Plan(
                cost=row.planned_cost, revenue=row.planned_revenue, reached=row.planned_reached,
                leads=row.planned_leads, orders=row.planned_orders, currency=row.currency,
            ),
            outcome={**outcome_of(reader.definitions, row), **added(outcomes[row.id])},
        )
        for row in rows
    ]  # fmt: skip


def view(reader: Reader | PluginReader, key: int) -> CampaignView:
    """Return a campaign; raises `NotFound` for one that is absent or hidden."""
    found = views(reader, select(campaign).where(campaign.c.id == key))
    if not found:
        raise NotFound(_("There is no campaign {id}.").format(id=key))
    return found[0]


def _outcomes(reader: Reader | PluginReader, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the figures of campaigns and of those below them, by the campaign: one statement."""
    tree, c = trees(campaign.c.id.in_(ids)), campaign.c
    below = select(tree.c.top, c.type, c.outcome, c.custom).join_from(tree, campaign, c.id == tree.c.id)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in reader.rows(below):
        found[row.top].append(outcome_of(reader.definitions, row))
    return found


def _named(known: Mapping[int, str], key: int | None) -> Named | None:
    return Named(id=key, name=known[key]) if key is not None and key in known else None
