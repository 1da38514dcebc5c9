"""Service contracts: added, renewed, ended; what they cover."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from crmcore.api import InvalidInput, Transaction, currency, here, record_named
from crmcore_service.assets.parties import AnyReader, customers_of
from crmcore_service.i18n import _
from crmcore_service.model.asset import Contract, Cover
from crmcore_service.tables import contract, cover

RENEWED = "renewed"


def contract_named(reader: AnyReader, text: str) -> int:
    """Return the id of the contract that a text means: its id, number or name; raises `NotFound`, `InvalidInput`."""
    return record_named(reader, contract, text, called=_("contract"))


def add(tx: Transaction, fields: Mapping[str, Any], covers: Sequence[int] = ()) -> Contract:
    """Add a contract on some installed products, on all that the customer has where none are named.

    The customer follows from the contact. Raises `InvalidInput` for one with nobody, or that ends before it begins.
    """
    said = {"currency": currency(tx), **fields}
    if said.get("contact_id") and not said.get("customer_id"):
        said["customer_id"] = customers_of(tx, [said["contact_id"]]).get(said["contact_id"])
    if not (said.get("contact_id") or said.get("customer_id")):
        raise InvalidInput(_("Say with whom the contract is: --customer or --contact."))
    record = Contract(**{"starts_on": here(tx).today, **said})
    _check(record)
    _check_number(tx, record)
    tx.add(record)
    for asset_id in dict.fromkeys(covers):
        tx.add(Cover(contract_id=record.id, asset_id=asset_id))
    return record


def edit(tx: Transaction, contract_id: int, wanted: Mapping[str, Any], covers: Sequence[int] = ()) -> Contract:
    """Change a contract, or let it cover more; raises `InvalidInput` when nothing is asked, and as `add` does."""
    if not wanted and not covers:
        raise InvalidInput(_("Say what to change."))
    record = tx.get(Contract, contract_id)
    for name, value in wanted.items():
        setattr(record, name, value)
    _check(record)
    if "number" in wanted:
        _check_number(tx, record)
    if covers:
        there = {one.asset_id for one in tx.load(Cover, cover.c.contract_id == contract_id)}
        for asset_id in dict.fromkeys(covers):
            if asset_id not in there:
                tx.add(Cover(contract_id=contract_id, asset_id=asset_id))
    return record


def renew(tx: Transaction, contract_id: int, wanted: Mapping[str, Any]) -> Contract:
    """Make the contract that follows a contract: the same, from the day after its last, for as long, or as is said.

    The two are linked. Raises `InvalidInput` for one without a last day, and for one that was ended early.
    """
    old = tx.get(Contract, contract_id)
    if old.ends_on is None:
        raise InvalidInput(_("{contract} has no last day: it goes on.").format(contract=old.name))
    if old.closed_at is not None:
        raise InvalidInput(_("{contract} was ended early; add a new one.").format(contract=old.name))
    following = tx.value(select(contract.c.id).where(contract.c.renewed_from_id == old.id).limit(1))
    if following is not None:
        raise InvalidInput(_("{contract} was renewed already, by {id}.").format(contract=old.name, id=following))
    begins = old.ends_on + timedelta(days=1)
    same = {
        name: getattr(old, name)
        for name in (
            "name", "kind", "contact_id", "customer_id", "owner_id", "level_id", "amount", "currency", "rate", "hours",
            "note", "custom",
        )
    }  # fmt: skip
    given = {"starts_on": begins, "ends_on": _as_long(old, begins), **wanted}
    record = Contract(**{**same, **given}, renewed_from_id=old.id)
    _check(record)
    _check_number(tx, record)
    tx.add(record)
    for one in tx.load(Cover, cover.c.contract_id == contract_id):
        tx.add(Cover(contract_id=record.id, asset_id=one.asset_id))
    tx.link(old, record, RENEWED)
    return record


def end(tx: Transaction, contract_id: int, on: date | None = None, note: str = "") -> Contract:
    """End a contract early, on a day, today where none is said; raises `InvalidInput` for one that is over.

    One that ends on a day to come holds until then.
    """
    record = tx.get(Contract, contract_id)
    today = here(tx).today
    last = on or today
    if record.closed_at is not None or (record.ends_on is not None and record.ends_on < today):
        raise InvalidInput(_("{contract} is over already.").format(contract=record.name))
    record.ends_on = last
    _check(record)
    if last <= today:
        record.closed_at = tx.now
    if note:
        record.note = f"{record.note}\n{note}".strip()
    return record


def _as_long(old: Contract, begins: date) -> date:
    """Return the last day of a contract as long as another: whole years where it was whole years."""
    ends, started = old.ends_on or begins, old.starts_on or begins
    after = ends + timedelta(days=1)
    if (after.month, after.day) == (started.month, started.day) and after > started:
        return _in_years(begins, after.year - started.year) - timedelta(days=1)
    return begins + (ends - started)


def _in_years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _check_number(tx: Transaction, record: Contract) -> None:
    if not record.number:
        return
    known = select(contract.c.id).where(contract.c.number == record.number, contract.c.id != (record.id or 0)).limit(1)
    found = tx.value(known)
    if found is not None:
        raise InvalidInput(_("Contract {id} has the number {number} already.").format(id=found, number=record.number))


def _check(record: Contract) -> None:
    if record.starts_on and record.ends_on and record.ends_on < record.starts_on:
        raise InvalidInput(
            _("{contract} ends on {ends}, before it begins on {begins}.").format(
                contract=record.name, ends=record.ends_on, begins=record.starts_on
            )
        )
