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
    """Return what templates know of people, by contact: a statement for 5,000. Who is gone is left out."""
    found: dict[int, Recipient] = {}
    for start in range(0, len(contact_ids), AT_ONCE):
        found |= _recipients(reader, contact_ids[start : start + AT_ONCE])
    return found


def _recipients(reader: AnyReader, contact_ids: Sequence[int]) -> dict[int, Recipient]:
    c, u, p, f = tables.contact.c, tables.user_account.c, tables.position.c, tables.customer.c
    rows = reader.rows(
        select(
            c.id, c.name, c.given, c.family, c.prefix, c.suffix, c.language, c.custom,
            u.name.label("owner_name"), u.login.label("owner_login"), p.title,
            f.id.label("customer_id"), f.name.label("customer_name"), f.custom.label("customer_custom"),
        )
        .outerjoin(tables.user_account, u.id == c.owner_id)
        .outerjoin(tables.position, (p.contact_id == c.id) & p.ended.is_(None))
        .outerjoin(tables.customer, f.id == p.customer_id)
        .where(c.id.in_(contact_ids), c.merged_into_id.is_(None))
        .order_by(p.id.desc())  # the oldest position is the last, and holds
    )  # fmt: skip
    return {row.id: _recipient(row) for row in rows}


def _recipient(row: Any) -> Recipient:
    names = ("id", "name", "given", "family", "prefix", "suffix", "language", "custom", "title")
    return Recipient(
        contact_id=row.id,
        name=row.name,
        customer_id=row.customer_id,
        given={
            "contact": {name: getattr(row, name) for name in names},
            "customer": {"id": row.customer_id, "name": row.customer_name, "custom": row.customer_custom},
            "owner": {"name": row.owner_name, "login": row.owner_login},
        },
    )
