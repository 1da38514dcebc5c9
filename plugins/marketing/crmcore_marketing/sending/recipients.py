"""What is known of people who are written to, set-wise: their names for templates, and where they are reached."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen
from sqlalchemy import select

from crmcore.api import NotifyTransaction, PluginReader, Reader, Transaction, tables
from crmcore_marketing.i18n import _

AT_ONCE = 5_000
AnyReader = Reader | PluginReader | Transaction | NotifyTransaction


@frozen(kw_only=True)
class Reached:
    """Where a person is reached by mail; without an address `reason` says why not."""

    address: str = ""
    reason: str = ""


@frozen(kw_only=True)
class Recipient:
    """A person who is written to, and the customer he stands for at present."""

    contact_id: int
    name: str
    customer_id: int | None = None
    given: Mapping[str, Any] = field(factory=dict)


def reached(reader: AnyReader, contact_ids: Sequence[int]) -> dict[int, Reached]:
    """Return where people are reached: the preferred address that works, else the first. One statement for 5,000."""
    p = tables.contact_point.c
    found: dict[int, Reached] = {}
    for start in range(0, len(contact_ids), AT_ONCE):
        some = contact_ids[start : start + AT_ONCE]
        rows = reader.rows(
            select(p.contact_id, p.value, p.status)
            .where(p.contact_id.in_(some), p.kind == "email")
            .order_by(p.contact_id, p.status != "", p.preferred.desc(), p.id)
        )
        for row in rows:
            if row.contact_id not in found:
                found[row.contact_id] = (
                    Reached(
                        reason=_("the address {address} is {status}").format(address=row.value, status=_(row.status))
                    )
                    if row.status
                    else Reached(address=row.value.strip())
                )
    nobody = Reached(reason=_("no e-mail address"))
    return {one: found.get(one, nobody) for one in contact_ids}


def recipients(reader: AnyReader, contact_ids: Sequence[int]) -> dict[int, Recipient]:
    """Return what templates know of people, by contact: two statements for 5,000. Who is gone is left out."""
    found: dict[int, Recipient] = {}
    for start in range(0, len(contact_ids), AT_ONCE):
        found |= _recipients(reader, contact_ids[start : start + AT_ONCE])
    return found


def _recipients(reader: AnyReader, contact_ids: Sequence[int]) -> dict[int, Recipient]:
    c, u, p, f = tables.contact.c, tables.user_account.c, tables.position.c, tables.customer.c
    held = {
        row.contact_id: row
        for row in reader.rows(
            select(p.contact_id, p.title, f.id, f.name, f.custom)
            .join(tables.customer, f.id == p.customer_id)
            .where(p.contact_id.in_(contact_ids), p.ended.is_(None))
            .order_by(p.id.desc())  # the oldest is the last, and holds
        )
    }
    people = reader.rows(
        select(
            c.id, c.name, c.given, c.family, c.prefix, c.suffix, c.language, c.custom,
            u.name.label("owner_name"), u.login.label("owner_login"),
        )
        .outerjoin(tables.user_account, u.id == c.owner_id)
        .where(c.id.in_(contact_ids), c.merged_into_id.is_(None))
    )  # fmt: skip
    return {row.id: _recipient(row, held.get(row.id)) for row in people}


def _recipient(row: Any, firm: Any) -> Recipient:
    names = ("id", "name", "given", "family", "prefix", "suffix", "language", "custom")
    contact = {name: getattr(row, name) for name in names}
    return Recipient(
        contact_id=row.id,
        name=row.name,
        customer_id=firm.id if firm is not None else None,
        given={
            "contact": {**contact, "title": firm.title if firm is not None else ""},
            "customer": {"id": firm.id, "name": firm.name, "custom": firm.custom} if firm is not None else {},
            "owner": {"name": row.owner_name, "login": row.owner_login},
        },
    )
