"""Deals that do not move, and those that did not: each stay in a stage beyond so many days, and how it ended."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, func, select

from crmcore.api import PluginReader, Process, Reader, logins, names, tables
from crmcore_sales.pipeline.guidance import pipeline
from crmcore_sales.tables import opportunity, passage

DAYS = 21
"""From how many days in a stage on a deal is stuck."""

_MOST = 20_000


@frozen(kw_only=True)
class StuckView:
    """An open deal that has not moved for `days`."""

    id: int
    title: str
    customer: str
    owner: str
    stage: str
    days: int
    amount: Any
    currency: str


@frozen(kw_only=True)
class Episode:
    """A stay of a deal in a stage beyond the limit: stuck from `since` until it moved, or is so still (None).

    `forward` says that it moved to a later stage, or was won.
    """

    deal_id: int
    customer_id: int | None
    since: datetime
    until: datetime | None
    forward: bool


def stuck(
    reader: Reader | PluginReader,
    *,
    days: int = DAYS,
    owner_id: int | None = None,
    limit: int,
    after: int | None = None,
) -> list[StuckView]:
    """Return open deals that have been in their stage for so many days, in the order of their ids."""
    c = opportunity.c
    statement = (
        select(c.id, c.title, c.customer_id, c.owner_id, c.stage, c.entered_at, c.amount, c.currency)
        .where(c.status == "open", c.entered_at <= reader.now - timedelta(days=days))
        .order_by(c.id)
        .limit(limit)
    )
    if owner_id is not None:
        statement = statement.where(c.owner_id == owner_id)
    if after is not None:
        statement = statement.where(c.id > after)
    rows = reader.rows(statement)
    customers = names(reader, tables.customer, [row.customer_id for row in rows])
    owners = logins(reader, [row.owner_id for row in rows])
    return [
        StuckView(
            id=row.id,
            title=row.title,
            customer=customers.get(row.customer_id, ""),
            owner=owners.get(row.owner_id, ""),
            stage=row.stage,
            days=(reader.now - row.entered_at).days,
            amount=row.amount,
            currency=row.currency,
        )
        for row in rows
    ]


def episodes(
    reader: Reader | PluginReader, alike: Sequence[ColumnElement[bool]], stage: str, days: int
) -> list[Episode]:
    """Return the stays of similar deals in a stage beyond so many days, the newest first: one statement."""
    process, limit, found = pipeline(reader.definitions), timedelta(days=days), []
    for row in reader.rows(_stays(alike, stage)):
        since = row.entered_at + limit
        if since < (row.left_at or reader.now):
            found.append(
                Episode(
                    deal_id=row.opportunity_id,
                    customer_id=row.customer_id,
                    since=since,
                    until=row.left_at,
                    forward=is_forward(process, stage, row.next),
                )
            )
    return found


def _stays(alike: Sequence[ColumnElement[bool]], stage: str) -> Select[Any]:
    """Return the statement for all stays of deals in a stage, each with the stage that came next."""
    p, later, c = passage.c, passage.alias(), opportunity.c
    following = (
        select(later.c.stage)
        .where(
            later.c.opportunity_id == p.opportunity_id, later.c.origin == p.stage, later.c.entered_at >= p.entered_at
        )
        .order_by(later.c.entered_at)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(p.opportunity_id, c.customer_id, p.entered_at, p.left_at, func.coalesce(following, "").label("next"))
        .join_from(passage, opportunity, c.id == p.opportunity_id)
        .where(*alike, p.stage == stage)
        .order_by(p.entered_at.desc())
        .limit(_MOST)
    )


def is_forward(process: Process, origin: str, target: str) -> bool:
    """Return whether a way leads to a later stage, or to a deal that is won."""
    names = [one.name for one in process.states]
    end = next((one.kind for one in process.states if one.name == target), "lost")
    if end != "open":
        return end == "won"
    return origin in names and names.index(target) > names.index(origin)
