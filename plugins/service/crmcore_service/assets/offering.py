"""What ends, or is old, is handed over to whoever sells: a warranty, a contract, an installed product (row S4-01).

Each is linked to what is made of it, so a repurchase is traced back to the first campaign; and it is offered once.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Row, Table, and_, false, or_, select

from crmcore.api import InvalidInput, NotFound, Prospect, here, tables
from crmcore_service.assets.contract_views import renewed
from crmcore_service.assets.keeping import ACTIVE
from crmcore_service.assets.parties import AnyReader, AnyTransaction
from crmcore_service.i18n import _
from crmcore_service.tables import asset, contract

SOURCE = "service"
_BECAME = "became"
_MOST = 500


@frozen(kw_only=True)
class Ending:
    """Something to offer anew: `what` is warranty, contract or age, `on` when it ends, or when it was installed."""

    entity: str
    id: int
    what: str
    title: str
    customer_id: int | None
    contact_id: int | None
    on: date | None
    product: str = ""


def ending(reader: AnyReader, *, limit: int = _MOST) -> list[Ending]:
    """Return what ends within service.offer_days, or is older than service.asset_years, and was not offered: first end.

    Four statements; warranties and contracts that ended before today are left alone.
    """
    today, days, years = here(reader).today, reader.setting("service.offer_days"), reader.setting("service.asset_years")
    found: list[Ending] = []
    until, k = today + timedelta(days=int(days)), contract.c
    if days:
        ends = and_(k.closed_at.is_(None), k.ends_on.between(today, until), ~renewed(), _not_offered(contract))
        rows = reader.rows(select(contract).where(ends).order_by(k.ends_on, k.id).limit(limit))
        found += [_of_contract(row) for row in rows]
    a = asset.c
    warranty = a.warranty_until.between(today, until) if days else false()
    old = a.installed_on <= today - timedelta(days=round(365.25 * int(years))) if years else false()
    wanted = select(asset).where(a.status == ACTIVE, or_(warranty, old), _not_offered(asset))
    if days or years:
        found += [_of_asset(row, until) for row in reader.rows(wanted.order_by(a.id).limit(limit))]
    return sorted(found, key=lambda one: (one.on or today, one.id))[:limit]


def offer(
    tx: AnyTransaction, *, assets: Sequence[int] = (), contracts: Sequence[int] = (), note: str = ""
) -> tuple[tuple[str, int], ...]:
    """Hand these over to whoever sells; return (entity, id) of what became of each, linked to it.

    Raises `NotFound` for what is absent, and where no plugin takes over, and `InvalidInput` for what was offered
    before. Five statements, however many there are, and their journal.
    """
    found: list[Ending] = []
    chosen: tuple[tuple[Table, Sequence[int], Any], ...] = (
        (asset, assets, _of_asset), (contract, contracts, _of_contract)
    )  # fmt: skip
    for table, ids, read in chosen:
        wanted = select(table, _not_offered(table).label("fresh")).where(table.c.id.in_(ids))
        there = {row.id: row for row in tx.rows(wanted)} if ids else {}
        for key in dict.fromkeys(ids):
            if key not in there:
                raise NotFound(_("There is no {entity} {id}.").format(entity=_(table.name), id=key))
            if not there[key].fresh:
                raise InvalidInput(_("{entity} {id} was handed over before.").format(entity=_(table.name), id=key))
            found.append(read(there[key]))
    return hand_over(tx, found, note=note)


def hand_over(tx: AnyTransaction, found: Sequence[Ending], *, note: str = "") -> tuple[tuple[str, int], ...]:
    """Hand over what ends, each to the rep of its customer, in the pool where it has none."""
    c = tables.customer.c
    customers = {one.customer_id for one in found if one.customer_id is not None}
    reps = {row.id: row.owner_id for row in tx.rows(select(c.id, c.owner_id).where(c.id.in_(customers)))}
    return tx.hand_over(
        [
            Prospect(
                title=one.title, contact_id=one.contact_id, customer_id=one.customer_id,
                owner_id=reps.get(one.customer_id or 0), need_by=one.on if one.what != "age" else None,
                lead_source=SOURCE, note=note, product=one.product,
                origin=(one.entity, one.id),
            )
            for one in found
        ]
    )  # fmt: skip


def renew_all(tx: AnyTransaction) -> int:
    """Hand over all that ends and was not; return how many. Nothing where nobody takes over."""
    if not tx.declared("crm_takers"):
        return 0
    return len(hand_over(tx, ending(tx)))


def _not_offered(table: Table) -> ColumnElement[bool]:
    made = tables.link.c
    offered = select(made.id).where(
        made.from_entity == table.name, made.from_id == table.c.id, made.kind == _BECAME
    )  # fmt: skip
    return ~offered.exists()


def _of_asset(row: Row[Any], until: date | None = None) -> Ending:
    ends = row.warranty_until if until is None or (row.warranty_until and row.warranty_until <= until) else None
    called = f"{row.product} {row.serial}".strip()
    if ends is not None:
        title = _("{product}: warranty until {day}").format(product=called, day=ends)
    else:
        title = _("{product}: installed on {day}").format(product=called, day=row.installed_on or "?")
    return Ending(
        entity=asset.name, id=row.id, what="warranty" if ends else "age", title=title, customer_id=row.customer_id,
        contact_id=row.contact_id, on=ends or row.installed_on, product=row.product,
    )  # fmt: skip


def _of_contract(row: Row[Any]) -> Ending:
    title = _("{contract}: until {day}").format(contract=row.name, day=row.ends_on)
    return Ending(
        entity=contract.name, id=row.id, what="contract", title=title, customer_id=row.customer_id,
        contact_id=row.contact_id, on=row.ends_on,
    )  # fmt: skip
