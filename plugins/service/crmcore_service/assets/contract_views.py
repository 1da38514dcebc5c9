"""Service contracts as lists and programs see them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, exists, select

from crmcore.api import NotFound, Reader, here, logins, names, tables
from crmcore_service.assets.entitling import in_force
from crmcore_service.assets.parties import Named, named
from crmcore_service.i18n import _
from crmcore_service.tables import asset, contract, cover, level

_TOLD = (
    "id", "name", "number", "kind", "starts_on", "ends_on", "amount", "currency", "hours", "renewed_from_id",
    "closed_at", "note", "source", "custom", "version", "created_at", "updated_at",
)  # fmt: skip
_FUTURE, _ACTIVE, _ENDED = "future", "active", "ended"


@frozen(kw_only=True)
class ContractView:
    """A contract; `status` is future, active or ended today, `days` how many it has left.

    `assets` are what it covers: none where it is about all that the customer has. `renewed_by_id` follows it.
    """

    id: int
    name: str
    number: str
    kind: str
    status: str
    customer: Named | None
    contact: Named | None
    owner: str
    level: Named | None
    starts_on: date | None
    ends_on: date | None
    days: int | None
    amount: Decimal | None
    currency: str
    hours: int | None
    assets: Sequence[Named]
    renewed_from_id: int | None
    renewed_by_id: int | None
    closed_at: datetime | None
    note: str
    source: str
    custom: Mapping[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


@frozen(kw_only=True)
class Asked:
    """What contracts are asked for; what is empty does not matter.

    `active`: those that hold today; `ending`: those that hold, end by this day, and were not renewed.
    """

    customer_id: int | None = None
    asset_id: int | None = None
    active: bool = False
    ending: date | None = None


def page(reader: Reader, asked: Asked, *, limit: int, after: int | None = None) -> list[ContractView]:
    """Return contracts in the order of their ids, from the one that follows `after`: eight statements."""
    c, today = contract.c, here(reader).today
    conditions: list[ColumnElement[bool]] = []
    if asked.customer_id:
        conditions.append(c.customer_id == asked.customer_id)
    if asked.asset_id:
        conditions.append(exists().where(cover.c.contract_id == c.id, cover.c.asset_id == asked.asset_id))
    if asked.active or asked.ending is not None:
        conditions.append(in_force(today))
    if asked.ending is not None:
        conditions += [c.ends_on <= asked.ending, ~renewed()]
    if after is not None:
        conditions.append(c.id > after)
    return _views(reader, select(contract).where(*conditions).order_by(c.id).limit(limit), today)


def one(reader: Reader, contract_id: int) -> ContractView:
    """Return a contract; raises `NotFound` for one that is absent or hidden."""
    found = _views(reader, select(contract).where(contract.c.id == contract_id), here(reader).today)
    if not found:
        raise NotFound(_("There is no contract {id}.").format(id=contract_id))
    return found[0]


def renewed() -> ColumnElement[bool]:
    """Return the condition that another contract follows a contract."""
    later = contract.alias("later")
    return select(later.c.id).where(later.c.renewed_from_id == contract.c.id).exists()


def _views(reader: Reader, statement: Select[Any], today: date) -> list[ContractView]:
    rows = reader.rows(statement)
    ids = [row.id for row in rows]
    customers = names(reader, tables.customer, (row.customer_id for row in rows))
    contacts = names(reader, tables.contact, (row.contact_id for row in rows))
    levels = names(reader, level, (row.level_id for row in rows))
    owners = logins(reader, (row.owner_id for row in rows))
    covers: dict[int, list[Named]] = {}
    held = (
        select(cover.c.contract_id, asset.c.id, asset.c.product, asset.c.serial)
        .join(asset, asset.c.id == cover.c.asset_id)
        .where(cover.c.contract_id.in_(ids))
        .order_by(asset.c.id)
    )
    for row in reader.rows(held):
        covers.setdefault(row.contract_id, []).append(Named(id=row.id, name=f"{row.product} {row.serial}".strip()))
    c = contract.c
    followed = reader.rows(select(c.renewed_from_id, c.id).where(c.renewed_from_id.in_(ids)).order_by(c.id.desc()))
    followers = {row.renewed_from_id: row.id for row in followed}
    return [
        ContractView(
            **{name: getattr(row, name) for name in _TOLD},
            status=_status(row, today),
            customer=named(customers, row.customer_id),
            contact=named(contacts, row.contact_id),
            owner=owners.get(row.owner_id, ""),
            level=named(levels, row.level_id),
            days=(row.ends_on - today).days if row.ends_on and row.ends_on >= today else None,
            assets=covers.get(row.id, []),
            renewed_by_id=followers.get(row.id),
        )
        for row in rows
    ]


def _status(row: Any, today: date) -> str:
    if row.closed_at is not None or (row.ends_on is not None and row.ends_on < today):
        return _ENDED
    return _FUTURE if row.starts_on is not None and row.starts_on > today else _ACTIVE
