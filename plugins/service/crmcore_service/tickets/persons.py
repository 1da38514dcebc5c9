"""Who somebody is of whom only a name, an address or a number is known: matched as an import does, never doubled."""

from collections.abc import Sequence

from sqlalchemy import select

from crmcore.api import IncomingContact, InvalidInput, Point, party_ids, point_key, point_problem, tables, take_in
from crmcore_service.assets.parties import AnyReader, AnyTransaction
from crmcore_service.i18n import _

_NAME = 4
"""Of how many words a name is at most."""


def person(
    tx: AnyTransaction, *, name: str = "", email: str = "", phone: str = "", company: str = "", source: str = ""
) -> int:
    """Return the contact with that address or number; a new one where nobody has it.

    Whoever alone has the e-mail address is meant, whatever name was said, and stays as it is stored. Raises
    `InvalidInput` for an address or number that is none, and where nothing is said.
    """
    name, email, phone = name.strip(), email.strip(), phone.strip()
    if not (name or email or phone):
        raise InvalidInput(_("Say who it is: a name, an e-mail address or a phone number."))
    region = str(tx.settings().get("region") or "")
    points = [Point(kind=kind, value=value) for kind, value in (("email", email), ("phone", phone)) if value]
    for one in points:
        wrong = point_problem(one.kind, one.value, region)
        if wrong:
            raise InvalidInput(wrong)
    known = party_ids(tx, tables.contact, [email]).ids.get(email) if email else None
    if known is not None:
        return known
    holder = _holder(tx, points, region)
    if holder is not None and not name:
        return holder
    told = take_in(
        tx,
        [
            IncomingContact(
                line=1, name=name or email.partition("@")[0] or phone, organisation=company.strip(),
                points=tuple(points),
            )
        ],
        source=source or tx.cause,
    )  # fmt: skip
    if told.rejections:
        raise InvalidInput(told.rejections[0].reason)
    found = next((one.id for one in told.effects if one.entity == "contact"), None) or _holder(tx, points, region)
    if found is None:
        raise InvalidInput(_("Nobody can be made of “{name}”.").format(name=name or email or phone))
    return found


def caller(reader: AnyReader, parts: Sequence[str]) -> tuple[int | None, str]:
    """Return whom a text begins with, a contact by name, and what is said; (None, all of it) where that is nobody.

    `parts` are the words as they were typed; a name that stands by itself is not a part of what is said. Three
    statements.
    """
    text = " ".join(parts)
    words = text.split()
    beginnings = [parts[0], *(" ".join(words[:count]) for count in range(_NAME, 0, -1) if count < len(words))]
    known = party_ids(reader, tables.contact, [one for one in beginnings if not one.isdigit()]).ids
    found = next((one for one in beginnings if one in known), None)
    if found is None:
        return None, text
    return known[found], " ".join(parts[1:]) if found == parts[0] and len(parts) > 1 else text


def _holder(tx: AnyTransaction, points: list[Point], region: str) -> int | None:
    """Return the first contact who has one of these addresses and numbers."""
    p = tables.contact_point.c
    normal = [point_key(one.kind, one.value, region) for one in points]
    if not normal:
        return None
    wanted = select(p.contact_id).where(p.normal.in_(normal), p.contact_id.is_not(None)).order_by(p.contact_id)
    row = tx.first(wanted.limit(1))
    return None if row is None else int(row.contact_id)
