"""What a customer is entitled to for a ticket or work order: warranty, contract, and the level it promises."""

from datetime import date
from typing import Any, Protocol

from attrs import frozen
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from crmcore.api import here
from crmcore_service.assets.parties import AnyReader
from crmcore_service.tables import asset, contract, cover


class Concerned(Protocol):
    """Anything that is about a party and perhaps an installed product, such as a ticket."""

    contact_id: int | None
    customer_id: int | None
    asset_id: int | None


@frozen(kw_only=True)
class Entitled:
    """The contract that holds, its level and last day; whether there is warranty, and until when."""

    contract_id: int | None = None
    level_id: int | None = None
    contract_until: date | None = None
    warranty: bool = False
    warranty_until: date | None = None


def entitled(reader: AnyReader, about: Concerned, on: date | None = None) -> Entitled:
    """Return what a ticket or work order entitles to on a day, today where none is said: three statements at most.

    A contract that covers the product goes before one for all that the customer has; of several the one that ends last.
    One that covers only other products does not count.
    """
    day = on or here(reader).today
    until = None
    if about.asset_id is not None:
        until = reader.value(select(asset.c.warranty_until).where(asset.c.id == about.asset_id))
    row = None
    if about.asset_id or about.customer_id or about.contact_id:
        row = reader.first(_contract(about, day))
    return Entitled(
        contract_id=row.id if row else None,
        level_id=row.level_id if row else None,
        contract_until=row.ends_on if row else None,
        warranty=until is not None and until >= day,
        warranty_until=until,
    )


def _contract(about: Concerned, day: date) -> Select[Any]:
    k, covers = contract.c, cover.c
    covering = exists().where(covers.contract_id == k.id, covers.asset_id == (about.asset_id or 0))
    whole = ~exists().where(covers.contract_id == k.id)
    theirs = [
        and_(whole, column == key)
        for column, key in ((k.customer_id, about.customer_id), (k.contact_id, about.contact_id))
        if key is not None
    ]
    return (
        select(k.id, k.level_id, k.ends_on)
        .where(in_force(day), or_(covering, *theirs))
        .order_by(covering.desc(), k.ends_on.desc().nulls_first(), k.id.desc())
        .limit(1)
    )


def in_force(day: date) -> ColumnElement[bool]:
    """Return the condition that a contract holds on a day."""
    k = contract.c
    return and_(
        k.closed_at.is_(None),
        or_(k.starts_on.is_(None), k.starts_on <= day),
        or_(k.ends_on.is_(None), k.ends_on >= day),
    )
