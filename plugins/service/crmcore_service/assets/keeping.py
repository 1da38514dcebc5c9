"""Adding installed products, changing them, taking them out of service."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from crmcore.api import InvalidInput, NotFound, Transaction, here
from crmcore_service.assets.parties import AnyReader, AnyTransaction, customers_of
from crmcore_service.assets.places import located
from crmcore_service.i18n import _
from crmcore_service.model.asset import Asset
from crmcore_service.tables import asset

ACTIVE, RETIRED = "active", "retired"
_SHOWN = 10


def asset_named(reader: AnyReader, text: str) -> int:
    """Return the id of the installed product that a text means: its id, or its serial number.

    Raises `NotFound` for none, and `InvalidInput` with the candidates where products share the number.
    """
    c, said = asset.c, text.strip()
    serial = select(c.id, c.product).where(func.lower(c.serial) == said.lower()).order_by(c.id).limit(_SHOWN)
    rows = reader.rows(serial) if said else ()
    if not rows and said.isascii() and said.isdigit() and len(said) < 19:
        rows = reader.rows(select(c.id, c.product).where(c.id == int(said)))
    if not rows:
        raise NotFound(_("There is no installed product “{text}”.").format(text=text))
    if len(rows) > 1:
        listed = ", ".join(f"{row.id} ({row.product})" for row in rows)
        raise InvalidInput(_("“{text}” may be one of several: {listed}. Give the id.").format(text=text, listed=listed))
    return int(rows[0].id)


def add(tx: AnyTransaction, fields: Mapping[str, Any]) -> Asset:
    """Add an installed product: a `product`, and what else is known of it.

    The customer follows from the contact, the degrees from the place. Raises `InvalidInput` for a serial number that
    the product has already, and for a warranty that ends before it begins.
    """
    said = dict(fields)
    if said.get("contact_id") and not said.get("customer_id"):
        said["customer_id"] = customers_of(tx, [said["contact_id"]]).get(said["contact_id"])
    if said.get("latitude") is None:
        said |= _where(tx, said.get("place", ""))
    record = Asset(**said)
    _check(tx, record)
    return tx.add(record)


def edit(tx: Transaction, asset_id: int, wanted: Mapping[str, Any]) -> Asset:
    """Change an installed product; raises `InvalidInput` when nothing is asked, and as `add` does."""
    if not wanted:
        raise InvalidInput(_("Say what to change."))
    record = tx.get(Asset, asset_id)
    for name, value in wanted.items():
        setattr(record, name, value)
    if "place" in wanted and "latitude" not in wanted:
        where = _where(tx, record.place)
        record.latitude, record.longitude = where.get("latitude"), where.get("longitude")
    _check(tx, record)
    return record


def retire(tx: Transaction, asset_id: int, on: date | None = None) -> Asset:
    """Take an installed product out of service; raises `InvalidInput` for one that is."""
    record = tx.get(Asset, asset_id)
    if record.status == RETIRED:
        raise InvalidInput(
            _("{product} {serial} is out of service since {day}.").format(
                product=record.product, serial=record.serial, day=record.retired_on
            )
        )
    record.status, record.retired_on = RETIRED, on or here(tx).today
    return record


def _where(reader: AnyReader, place: str) -> dict[str, float]:
    found = located(reader, [place]).get(place) if place else None
    return {"latitude": found.latitude, "longitude": found.longitude} if found else {}


def _check(tx: AnyTransaction, record: Asset) -> None:
    if record.installed_on and record.warranty_until and record.warranty_until < record.installed_on:
        raise InvalidInput(
            _("The warranty ends on {until}, before the installation on {day}.").format(
                until=record.warranty_until, day=record.installed_on
            )
        )
    if not record.serial:
        return
    c = asset.c
    other = tx.value(
        select(c.id).where(c.product == record.product, c.serial == record.serial, c.id != record.id).limit(1)
    )
    if other is not None:
        raise InvalidInput(
            _("{product} {serial} is there already: {id}.").format(
                product=record.product, serial=record.serial, id=other
            )
        )
