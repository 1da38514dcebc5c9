"""The records that show a gain: a contract of ours, or an order or deal of whoever keeps those."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, literal, select, type_coerce

from crmcore.api import Instant, InvalidInput, NotFound, Outcome, PluginReader, Reader, here, outcomes, tables
from crmcore_service.i18n import _
from crmcore_service.tables import contract, gain

CONTRACT = contract.name
_TOLD = ("record", "text", "customer", "contact", "at", "amount", "currency", "rate")


@frozen(kw_only=True)
class Shown:
    """A record that shows a gain: what it came to, with whom and on which day; `rate` is that of its currency then."""

    entity: str
    record_id: int
    text: str
    amount: Decimal | None
    currency: str
    rate: Decimal | None
    day: date | None
    customer_id: int | None
    contact_id: int | None
    contract_id: int | None = None


def contract_shown(reader: Reader | PluginReader, contract_id: int) -> Shown:
    """Return what a contract came to; raises `NotFound`."""
    row = reader.first(select(contract).where(contract.c.id == contract_id))
    if row is None:
        raise NotFound(_("There is no contract {id}.").format(id=contract_id))
    return of_contract(row)


def of_contract(row: Any) -> Shown:
    """Return what a row of a contract tells."""
    return Shown(
        entity=CONTRACT, record_id=row.id, text=row.number or row.name, amount=row.amount, currency=row.currency,
        rate=row.rate, day=row.starts_on or row.created_at.date(), customer_id=row.customer_id,
        contact_id=row.contact_id, contract_id=row.id,
    )  # fmt: skip


def record_shown(reader: Reader | PluginReader, said: str) -> Shown:
    """Return the record that a text such as `opportunity:12` means; raises `InvalidInput` or `NotFound`.

    Any kind of record that tells what business came to may show a gain; a name is enough that ends the kind's.
    """
    name, _colon, number = said.partition(":")
    kept = outcomes(reader)
    meant = [one for one in kept if name and (one.entity == name or one.entity.endswith(f"_{name}"))]
    if not number.isdigit() or (not meant and name not in (CONTRACT, "contract")):
        known = ", ".join(sorted({"contract", *(one.entity for one in kept)}))
        raise InvalidInput(
            _("--record: “{text}” is no record; write KIND:ID, of {known}.").format(text=said, known=known)
        )
    if not meant:
        return contract_shown(reader, int(number))
    statement = shown_by(meant[0]).where(meant[0].record == int(number), meant[0].state == "won")
    row = reader.first(statement)
    if row is None:
        raise NotFound(_("There is no won {kind} {id}.").format(kind=_(meant[0].entity), id=number))
    return of_outcome(row, here(reader).zone)


def ended(one: Outcome) -> Any:
    """Return when an outcome ended, as an instant; of one that knows the day alone its beginning."""
    return one.closed if one.day is None else func.coalesce(one.closed, type_coerce(one.day, Instant))


def shown_by(one: Outcome, *more: Any) -> Select[Any]:
    """Return the select of what outcomes show, with `more` columns."""
    sums = () if one.amount is None else (one.amount, one.currency, one.rate)
    told = (one.record, one.text, one.customer, one.contact, ended(one), *sums)
    named = (column.label(name) for column, name in zip(told, _TOLD, strict=False))
    return select(*named, literal(one.entity).label("entity"), *more).select_from(one.source)


def of_outcome(row: Any, zone: Any) -> Shown:
    """Return what a row of `shown_by` tells."""
    at: datetime | None = row.at
    rate = getattr(row, "rate", None)
    return Shown(
        entity=row.entity, record_id=row.record, text=row.text or "", amount=getattr(row, "amount", None),
        currency=getattr(row, "currency", ""), rate=None if rate is None else Decimal(str(rate)),
        day=None if at is None else at.astimezone(zone).date(), customer_id=row.customer, contact_id=row.contact,
    )  # fmt: skip


def taken(reader: Reader | PluginReader, shown: Iterable[Shown]) -> dict[tuple[str, int], int]:
    """Return the gains that records show already, by (entity, id): their own, or one of a record linked with them.

    What became of another, as an order of a deal, is the same money. Two statements.
    """
    g, k = gain.c, tables.link.c
    places = {(one.entity, one.record_id) for one in shown}
    ids = {record_id for _entity, record_id in places}
    found = {
        (row.entity, row.record_id): row.id
        for row in reader.rows(select(g.id, g.entity, g.record_id).where(g.record_id.in_(ids)))
    }
    near, far = (k.from_entity, k.from_id), (k.to_entity, k.to_id)
    ends = [(near, far), (far, near)]
    for (entity, record_id), (other, other_id) in ends:
        linked = select(entity.label("entity"), record_id.label("record"), g.id).join(
            gain, (g.entity == other) & (g.record_id == other_id)
        )
        for row in reader.rows(linked.where(record_id.in_(ids))):
            found.setdefault((row.entity, row.record), row.id)
    return {place: key for place, key in found.items() if place in places}
