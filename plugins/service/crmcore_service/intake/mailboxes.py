"""Adding, changing and removing mailboxes; each fills a queue."""

from typing import Any

from sqlalchemy import func, select, update

from crmcore.api import InvalidInput, Transaction, must_be_elsewhere
from crmcore.mail import mailbox_at, mailbox_problem
from crmcore_service.i18n import _
from crmcore_service.model.queue import ServiceMailbox
from crmcore_service.tables import mailbox, reading


def add(tx: Transaction, values: dict[str, Any]) -> ServiceMailbox:
    """Add a mailbox; raises `InvalidInput` for an address that is none, and for a name that is taken."""
    _must_be_new(tx, str(values["name"]), 0)
    return tx.add(ServiceMailbox(**_checked(values)))


def edit(tx: Transaction, key: int, values: dict[str, Any]) -> ServiceMailbox:
    """Change a mailbox. One that lies elsewhere now is read from its beginning; what was taken in is not doubled."""
    record = tx.get(ServiceMailbox, key)
    if "name" in values:
        _must_be_new(tx, str(values["name"]), key)
    checked = _checked(values)
    if checked.get("address", record.address) != record.address:
        tx.execute(update(reading).where(reading.c.mailbox_id == key).values(position={}))
    for name, value in checked.items():
        setattr(record, name, value)
    return record


def remove(tx: Transaction, key: int) -> str:
    """Remove a mailbox; what came in by it stays. Return its name."""
    record = tx.get(ServiceMailbox, key)
    tx.remove(record)
    return record.name


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    checked = dict(values)
    if "address" in values:
        checked["address"] = _address(str(values["address"]))
    if values.get("password"):
        checked["password"] = must_be_elsewhere(_("The password"), str(values["password"]))
    return checked


def _address(text: str) -> str:
    """Return an address as it is kept: a path whole, since whoever reads stands in another folder."""
    if "://" in text and (wrong := mailbox_problem(text)):
        raise InvalidInput(wrong)
    return mailbox_at(text).name


def _must_be_new(tx: Transaction, name: str, key: int) -> None:
    m = mailbox.c
    if tx.value(select(m.id).where(func.lower(m.name) == name.lower(), m.id != key)) is not None:
        raise InvalidInput(_("There is a mailbox “{name}” already.").format(name=name))
