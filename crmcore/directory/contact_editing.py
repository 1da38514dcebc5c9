"""Entering and editing contacts: names, positions, moves from one customer to another."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from crmcore.directory.customer_editing import named_or_new
from crmcore.directory.likeness import Likeness, alike
from crmcore.directory.party_editing import Entry, change_ways, wanted
from crmcore.directory.reach import add_ways
from crmcore.directory.versions import assign, check, take, touch
from crmcore.engine.tables import contact, customer, position
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.model.entity import values
from crmcore.model.names import parse_name
from crmcore.model.party import Contact, Position


def add(
    tx: Transaction, name: str, entry: Entry, *, customer_named: str = "", title: str = ""
) -> tuple[Contact, list[Likeness]]:
    """Add a contact, with a position where a customer is named (added when there is none of that name).

    Returns it, and the contacts it looks like. It is the actor's own unless the entry says whose. Raises
    `InvalidInput` when the name of the customer may mean several, or a title is given without a customer.
    """
    if title and not customer_named:
        raise InvalidInput(_("A title is held at a customer: say which one."))
    likely = alike(tx, contact, name, entry.add)
    source = f"entered by {tx.actor.login}"
    fields = {"owner_id": tx.actor.user_id or None, "source": source, **_named(name), **wanted(tx, "contact", entry)}
    added = tx.add(Contact(**fields))
    add_ways(tx, entry.add, contact_id=added.id)
    if customer_named:
        customer_id, _new = named_or_new(tx, customer_named, private=added.private)
        tx.add(Position(contact_id=added.id, customer_id=customer_id, title=title, source=source))
    return added, likely


def _named(name: str) -> dict[str, Any]:
    if not name.strip():
        raise InvalidInput(_("A contact needs a name."))
    return values(parse_name(name))


def edit(
    tx: Transaction, contact_id: int, entry: Entry, *, title: str | None = None, version: int | None = None
) -> Contact:
    """Edit a contact that was read at `version`; raises `Conflict` where somebody else changed the same fields.

    A new name is taken apart again, unless its parts are given too. `title` is that of the only current position.
    """
    record = take(tx, Contact, contact_id)
    asked = wanted(tx, "contact", entry, record)
    if asked.get("name") is not None:
        asked = {**_named(asked["name"]), **asked}
    entries = assign(tx, record, asked, version)
    if title is not None:
        held = _current(tx, record)
        check("position", held.id, values(held), entries, {"title": title})
        held.title = title
        touch(tx, record)
    change_ways(tx, record, entry)
    return record


def move(
    tx: Transaction, contact_id: int, *, to: str, title: str = "", on: date, today: date, from_: str = ""
) -> Contact:
    """End a contact's position on a day and begin one at the customer `to` (added when there is none of that name).

    What passed before stays with the old customer. Raises `InvalidInput` for a day that is still to come, for a day
    before the old position began, and when it is not clear which position ends.
    """
    if on > today:
        raise InvalidInput(_("{date} is still to come; a move is entered when it has happened.").format(date=on))
    record = take(tx, Contact, contact_id)
    customer_id, _new = named_or_new(tx, to, private=record.private)
    held = _held(tx, record)
    if held:
        old = _current(tx, record, from_)
        if old.customer_id == customer_id and old.title == title:
            raise InvalidInput(_("{name} holds that position already.").format(name=record.name))
        if old.started is not None and on < old.started:
            raise InvalidInput(
                _("{name} holds the old position only since {date}.").format(name=record.name, date=old.started)
            )
        old.ended = on
    source = f"entered by {tx.actor.login}"
    tx.add(Position(contact_id=record.id, customer_id=customer_id, title=title, started=on, source=source))
    touch(tx, record)
    return record


def _held(tx: Transaction, record: Contact) -> list[Position]:
    return tx.load(Position, position.c.contact_id == record.id, position.c.ended.is_(None))


def _current(tx: Transaction, record: Contact, at: str = "") -> Position:
    """Return the contact's only current position (at the customer named or numbered `at`)."""
    held = _held(tx, record)
    places = _places(tx, held)
    meant = [each for each in held if not at or at in (str(each.customer_id), places[each.customer_id])]
    if len(meant) == 1:
        return meant[0]
    if not meant:
        raise InvalidInput(_("{name} holds no such position now.").format(name=record.name))
    listed = ", ".join(f"{each.customer_id} {places[each.customer_id]}" for each in meant)
    raise InvalidInput(
        _("{name} holds several positions: {listed}. Say at which customer.").format(name=record.name, listed=listed)
    )


def _places(tx: Transaction, held: list[Position]) -> Mapping[int, str]:
    ids = {each.customer_id for each in held}
    seen = {row.id: row.name for row in tx.rows(select(customer.c.id, customer.c.name).where(customer.c.id.in_(ids)))}
    return {key: seen.get(key, "") for key in ids}
