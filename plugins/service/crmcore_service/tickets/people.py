"""For whom the people of a ticket stand, and what they have of us."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, exists, or_, select

from crmcore.api import NotifyTransaction, PluginReader, Reader, Transaction, here, tables
from crmcore_service.tables import asset, contract, cover

AnyReader = Reader | PluginReader
AnyTransaction = Transaction | NotifyTransaction


def customers_of(reader: AnyReader, contact_ids: Iterable[int]) -> dict[int, int]:
    """Return the customer each contact stands for now: its oldest position that has not ended. One statement."""
    p = tables.position.c
    wanted = select(p.contact_id, p.customer_id).where(p.contact_id.in_(set(contact_ids)), p.ended.is_(None))
    return {row.contact_id: row.customer_id for row in reader.rows(wanted.order_by(p.id.desc()))}


def party_of_asset(reader: AnyReader, asset_id: int) -> tuple[int | None, int | None]:
    """Return the contact and the customer that have an installed product."""
    a = asset.c
    row = reader.first(select(a.contact_id, a.customer_id).where(a.id == asset_id))
    return (row.contact_id, row.customer_id) if row is not None else (None, None)


def contract_of(
    reader: AnyReader, *, contact_id: int | None, customer_id: int | None, asset_id: int | None
) -> tuple[int | None, int | None]:
    """Return the contract that holds today for a party, and its service level: (None, None) without one.

    One that covers the product comes before one for all of the customer's, and that before the others; among those
    the one that ends last. One statement.
    """
    k, covers = contract.c, cover.c
    whose = [column == key for column, key in ((k.customer_id, customer_id), (k.contact_id, contact_id)) if key]
    if not whose:
        return None, None
    named = exists().where(covers.contract_id == k.id)
    covering = exists().where(covers.contract_id == k.id, covers.asset_id == (asset_id or 0))
    rows = reader.rows(
        _holding(here(reader).today)
        .where(or_(*whose), or_(covering, ~named))
        .order_by(covering.desc(), k.ends_on.desc().nulls_first(), k.id.desc())
        .limit(1)
    )
    return (rows[0].id, rows[0].level_id) if rows else (None, None)


def _holding(day: date) -> Select[tuple[int, int | None]]:
    k = contract.c
    return select(k.id, k.level_id).where(
        k.closed_at.is_(None),
        or_(k.starts_on.is_(None), k.starts_on <= day),
        or_(k.ends_on.is_(None), k.ends_on >= day),
    )
