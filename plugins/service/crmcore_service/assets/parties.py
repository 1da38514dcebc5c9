"""For whom contacts stand, and who has an installed product."""

from collections.abc import Iterable, Mapping

from attrs import frozen
from sqlalchemy import select

from crmcore.api import NotifyTransaction, PluginReader, Reader, Transaction, tables
from crmcore_service.tables import asset

AnyReader = Reader | PluginReader
AnyTransaction = Transaction | NotifyTransaction


@frozen(kw_only=True)
class Named:
    """A record as lists show it: its id, and what it is called."""

    id: int
    name: str


def named(known: Mapping[int, str], key: int | None) -> Named | None:
    """Return the record with an id as lists show it; None for none, and for one that is not known."""
    return Named(id=key, name=known[key]) if key is not None and key in known else None


def customers_of(reader: AnyReader, contact_ids: Iterable[int]) -> dict[int, int]:
    """Return the customer each contact stands for now: its oldest position that has not ended. One statement."""
    p = tables.position.c
    wanted = select(p.contact_id, p.customer_id).where(p.contact_id.in_(set(contact_ids)), p.ended.is_(None))
    return {row.contact_id: row.customer_id for row in reader.rows(wanted.order_by(p.id.desc()))}


def parties_of_asset(reader: AnyReader, asset_id: int) -> tuple[int | None, int | None]:
    """Return the contact and the customer that have an installed product."""
    a = asset.c
    row = reader.first(select(a.contact_id, a.customer_id).where(a.id == asset_id))
    return (row.contact_id, row.customer_id) if row is not None else (None, None)
