"""What customers and contacts have in common when they are entered or edited: an owner, details, ways to reach them."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from attrs import field, frozen

from crmcore.directory.finding import owner_named
from crmcore.directory.reach import Way, add_ways, remove_ways
from crmcore.directory.versions import touch
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.fields.entering import entered
from crmcore.formats.vcard.dates import iso_date
from crmcore.i18n import _
from crmcore.model.party import Contact, Customer

Ways = Sequence[Way]
NO_TEXT: Mapping[str, str] = {}


@frozen(kw_only=True)
class Entry:
    """What was typed about a party; what is None was not said.

    `details` and `custom` (fields that the workspace defined) with an empty value are taken away.
    """

    fields: Mapping[str, Any] = field(factory=dict)
    owner: str | None = None
    private: bool | None = None
    details: Mapping[str, str] = NO_TEXT
    custom: Mapping[str, str] = NO_TEXT
    add: Ways = ()
    remove: Ways = ()


def wanted(tx: Transaction, entity: str, entry: Entry, held: Customer | Contact | None = None) -> dict[str, Any]:
    """Return the values of the record's own fields that the entry asks for; `held` is the record, if it is there."""
    details, custom = (held.details, held.custom) if held else ({}, {})
    found = {name: value for name, value in entry.fields.items() if value is not None}
    if found.get("zone"):
        check_zone(found["zone"])
    if found.get("birthday"):
        found["birthday"] = _birthday(found["birthday"])
    if entry.owner is not None:
        found["owner_id"] = owner_named(tx, entry.owner) if entry.owner else None
    if entry.private is not None:
        found["private"] = entry.private
        if entry.private and "owner_id" not in found:
            found["owner_id"] = tx.actor.user_id  # a private record that nobody owns would be lost to all
    if entry.details:
        found["details"] = {name: value for name, value in {**details, **entry.details}.items() if value}
    if entry.custom:
        found["custom"] = entered(tx, entity, custom, entry.custom)
    return found


def check_zone(zone: str) -> None:
    """Raise `InvalidInput` for a zone that is not one of IANA's."""
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise InvalidInput(_("“{zone}” is not a zone; write Asia/Shanghai.").format(zone=zone)) from None


def _birthday(text: str) -> str:
    found = iso_date(text)
    if not found:
        raise InvalidInput(_("“{text}” is not a birthday; write 1980-04-12, or --0412.").format(text=text))
    return found


def change_ways(tx: Transaction, record: Customer | Contact, entry: Entry) -> None:
    """Add and take away ways to reach a party, which makes it a new version of the party."""
    if not entry.add and not entry.remove:
        return
    key = {"contact_id": record.id} if isinstance(record, Contact) else {"customer_id": record.id}
    remove_ways(tx, entry.remove, **key)
    add_ways(tx, entry.add, **key)
    touch(tx, record)
