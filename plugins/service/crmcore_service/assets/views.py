"""Installed products as lists and programs see them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, select, union_all

from crmcore.api import NotFound, Reader, here, logins, names, tables
from crmcore_service.assets.entitling import in_force
from crmcore_service.assets.keeping import ACTIVE
from crmcore_service.assets.parties import Named, named
from crmcore_service.i18n import _
from crmcore_service.tables import asset, contract, cover

_TOLD = (
    "id", "product", "model", "serial", "status", "installed_on", "warranty_until", "retired_on", "place", "latitude",
    "longitude", "note", "source", "custom", "version", "created_at", "updated_at",
)  # fmt: skip


@frozen(kw_only=True)
class AssetView:
    """An installed product; `warranty` says whether there is warranty today, `contracts` which hold and cover it."""

    id: int
    product: str
    model: str
    serial: str
    status: str
    customer: Named | None
    contact: Named | None
    owner: str
    installed_on: date | None
    warranty_until: date | None
    warranty: bool
    contracts: Sequence[Named]
    retired_on: date | None
    place: str
    latitude: float | None
    longitude: float | None
    note: str
    source: str
    custom: Mapping[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


@frozen(kw_only=True)
class Asked:
    """What installed products are asked for; what is empty does not matter.

    `ending`: those whose warranty ends from today to this day; `before`: those installed until this day.
    """

    customer_id: int | None = None
    contact_id: int | None = None
    product: str = ""
    model: str = ""
    status: str = ""
    ending: date | None = None
    before: date | None = None


def page(reader: Reader, asked: Asked, *, limit: int, after: int | None = None) -> list[AssetView]:
    """Return installed products in the order of their ids, from the one that follows `after`: six statements."""
    c, today = asset.c, here(reader).today
    conditions: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (c.customer_id, asked.customer_id), (c.contact_id, asked.contact_id), (c.product, asked.product),
            (c.model, asked.model), (c.status, asked.status),
        )
        if value
    ]  # fmt: skip
    if asked.ending is not None:
        conditions += [c.warranty_until.between(today, asked.ending), c.status == ACTIVE]
    if asked.before is not None:
        conditions += [c.installed_on <= asked.before, c.status == ACTIVE]
    if after is not None:
        conditions.append(c.id > after)
    return _views(reader, select(asset).where(*conditions).order_by(c.id).limit(limit), today)


def one(reader: Reader, asset_id: int) -> AssetView:
    """Return an installed product; raises `NotFound` for one that is absent or hidden."""
    found = _views(reader, select(asset).where(asset.c.id == asset_id), here(reader).today)
    if not found:
        raise NotFound(_("There is no installed product “{text}”.").format(text=asset_id))
    return found[0]


def _views(reader: Reader, statement: Select[Any], today: date) -> list[AssetView]:
    rows = reader.rows(statement)
    customers = names(reader, tables.customer, (row.customer_id for row in rows))
    contacts = names(reader, tables.contact, (row.contact_id for row in rows))
    owners = logins(reader, (row.owner_id for row in rows))
    contracts = _contracts(reader, [row.id for row in rows], today)
    return [
        AssetView(
            **{name: getattr(row, name) for name in _TOLD},
            customer=named(customers, row.customer_id),
            contact=named(contacts, row.contact_id),
            owner=owners.get(row.owner_id, ""),
            warranty=row.warranty_until is not None and row.warranty_until >= today,
            contracts=contracts.get(row.id, []),
        )
        for row in rows
    ]


def _contracts(reader: Reader, asset_ids: Sequence[int], today: date) -> dict[int, list[Named]]:
    """Return the contracts that hold, by what they cover: those that name it, and those on all of the customer's."""
    a, k, c = asset.c, contract.c, cover.c
    told = (a.id.label("asset_id"), k.id.label("id"), k.name.label("name"))
    among = (a.id.in_(asset_ids), in_force(today))
    named_in = select(*told).join_from(asset, cover, c.asset_id == a.id).join(contract, k.id == c.contract_id)
    whole = select(*told).join_from(asset, contract, k.customer_id == a.customer_id)
    any_of_it = select(c.id).where(c.contract_id == k.id).exists()
    both = union_all(named_in.where(*among), whole.where(*among, ~any_of_it)).subquery()
    found: dict[int, list[Named]] = {}
    for row in reader.rows(select(both).order_by(both.c.asset_id, both.c.id)):
        found.setdefault(row.asset_id, []).append(Named(id=row.id, name=row.name))
    return found
