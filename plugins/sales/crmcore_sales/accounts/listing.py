"""Accounts as lists."""

from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import PluginReader, Reader, logins, tables
from crmcore_sales.accounts.contacting import last_talk
from crmcore_sales.accounts.tiers import members, tiers
from crmcore_sales.tables import account


@frozen(kw_only=True)
class AccountView:
    """A customer as an account; `last` is when we last talked."""

    id: int
    name: str
    owner: str
    tier: str
    region: str
    latitude: float | None
    longitude: float | None
    sponsor: str
    note: str
    last: datetime | None


def page(
    reader: Reader | PluginReader,
    *,
    limit: int,
    after: int | None = None,
    tier: str = "",
    owner_id: int | None = None,
    customer_id: int | None = None,
) -> list[AccountView]:
    """Return customers as accounts in the order of their ids, after the customer `after`: three statements.

    Those that nobody put in a tier are in the one for everybody else.
    """
    known = tiers(reader)
    rest = next((one for one in known if one.everybody_else), None)
    chosen = next((one for one in known if one.name == tier), None)
    c, a = tables.customer.c, account.c
    statement = _statement(reader).order_by(c.id).limit(limit)
    if tier:
        statement = statement.where(members(chosen)[1] if chosen else a.tier == tier)
    if after is not None:
        statement = statement.where(c.id > after)
    if owner_id is not None:
        statement = statement.where(c.owner_id == owner_id)
    if customer_id is not None:
        statement = statement.where(c.id == customer_id)
    rows = reader.rows(statement)
    users = logins(reader, (user for row in rows for user in (row.owner_id, row.sponsor_id)))
    return [
        AccountView(
            id=row.id,
            name=row.name,
            owner=users.get(row.owner_id, ""),
            tier=row.tier or (rest.name if rest else ""),
            region=row.region or "",
            latitude=row.latitude,
            longitude=row.longitude,
            sponsor=users.get(row.sponsor_id, ""),
            note=row.note or "",
            last=row.last,
        )
        for row in rows
    ]


def _statement(reader: Reader | PluginReader) -> Any:
    c, a = tables.customer.c, account.c
    return (
        select(c.id, c.name, c.owner_id, func.coalesce(a.tier, "").label("tier"), a.region, a.latitude, a.longitude,
               a.sponsor_id, a.note, last_talk(c.id, reader.now).label("last"))
        .select_from(tables.customer.outerjoin(account, a.customer_id == c.id))
        .where(c.merged_into_id.is_(None))
    )  # fmt: skip
