"""Programmes, and the customers in them, as lists and programs see them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, select

from crmcore.api import NotFound, PluginReader, Reader, logins, tables
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import campaign, placement, programme, programme_play

_CAMPAIGNS = 200


@frozen(kw_only=True)
class PlayView:
    """A play, and how many customers are in it now."""

    id: int
    name: str
    goal: str
    steps: str
    customers: int


@frozen(kw_only=True)
class CampaignOf:
    """A campaign of a programme."""

    id: int
    code: str
    name: str
    status: str


@frozen(kw_only=True)
class ProgrammeView:
    """A programme as listed, with its plays and its campaigns."""

    id: int
    name: str
    industry: str
    starts_on: date | None
    ends_on: date | None
    owner: str
    customers: int
    plays: Sequence[PlayView]
    campaigns: Sequence[CampaignOf]
    note: str
    version: int


@frozen(kw_only=True)
class StayView:
    """A customer's stay in a play, and what came of it."""

    id: int
    customer_id: int | None
    customer: str
    play: str
    goal: str
    since: date
    until: date | None
    result: str
    result_on: date | None
    note: str


_TOLD = ("id", "name", "industry", "starts_on", "ends_on", "note", "version")


def page(
    reader: Reader | PluginReader, *, limit: int, after: int | None = None, industry: str = ""
) -> list[ProgrammeView]:
    """Return programmes in the order of their ids, after one of them: five statements."""
    wanted = select(programme).order_by(programme.c.id).limit(limit)
    if after is not None:
        wanted = wanted.where(programme.c.id > after)
    if industry:
        wanted = wanted.where(func.lower(programme.c.industry) == industry.strip().lower())
    return _views(reader, wanted)


def view(reader: Reader | PluginReader, programme_id: int) -> ProgrammeView:
    """Return a programme; raises `NotFound` for one that is absent or hidden."""
    found = _views(reader, select(programme).where(programme.c.id == programme_id))
    if not found:
        raise NotFound(_("There is no programme {id}.").format(id=programme_id))
    return found[0]


def _views(reader: Reader | PluginReader, wanted: Select[Any]) -> list[ProgrammeView]:
    rows = reader.rows(wanted)
    ids = [row.id for row in rows]
    if not ids:
        return []
    p, play, c = placement.c, programme_play.c, campaign.c
    inside = select(p.play_id, func.count().label("n")).where(p.programme_id.in_(ids), p.until.is_(None))
    counts = {row.play_id: row.n for row in reader.rows(inside.group_by(p.play_id))}
    plays: dict[int, list[PlayView]] = defaultdict(list)
    for row in reader.rows(select(programme_play).where(play.programme_id.in_(ids)).order_by(play.id)):
        plays[row.programme_id].append(
            PlayView(id=row.id, name=row.name, goal=row.goal, steps=row.steps, customers=counts.get(row.id, 0))
        )
    campaigns: dict[int, list[CampaignOf]] = defaultdict(list)
    belonging = select(c.id, c.code, c.name, c.status, c.programme_id).where(c.programme_id.in_(ids))
    for row in reader.rows(belonging.order_by(c.id).limit(_CAMPAIGNS * len(ids))):
        campaigns[row.programme_id].append(CampaignOf(id=row.id, code=row.code, name=row.name, status=row.status))
    users = logins(reader, [row.owner_id for row in rows])
    return [
        ProgrammeView(
            **{name: getattr(row, name) for name in _TOLD},
            owner=users.get(row.owner_id, ""),
            customers=sum(one.customers for one in plays[row.id]),
            plays=plays[row.id],
            campaigns=campaigns[row.id],
        )
        for row in rows
    ]


def stays(
    reader: Reader | PluginReader,
    programme_id: int,
    *,
    limit: int,
    after: int | None = None,
    play_id: int | None = None,
    customer_id: int | None = None,
    past: bool = False,
) -> list[StayView]:
    """Return the stays in a programme in the order of their ids, `past` ones too: one statement."""
    p, play, customer = placement.c, programme_play.c, tables.customer.c
    wanted = (
        select(p.id, p.customer_id, play.name.label("play"), play.goal, p.since, p.until, p.result, p.result_on, p.note)
        .add_columns(func.coalesce(customer.name, "").label("customer"))
        .join(programme_play, play.id == p.play_id)
        .join(tables.customer, customer.id == p.customer_id, isouter=True)
        .where(p.programme_id == programme_id)
        .order_by(p.id)
        .limit(limit)
    )
    if not past:
        wanted = wanted.where(p.until.is_(None))
    for column, value in ((p.play_id, play_id), (p.customer_id, customer_id)):
        if value is not None:
            wanted = wanted.where(column == value)
    if after is not None:
        wanted = wanted.where(p.id > after)
    return [StayView(**row._mapping) for row in reader.rows(wanted)]
