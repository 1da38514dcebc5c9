"""At entry: does the new record look like one that exists? Two statements, however many ways to reach it has."""

from collections import defaultdict
from collections.abc import Sequence

from attrs import frozen
from sqlalchemy import Table, select

from crmcore.directory.reach import Way
from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point
from crmcore.i18n import _
from crmcore.model.names import name_key

_SHOWN = 20


@frozen(kw_only=True)
class Likeness:
    """A record that may be the same, and why: the ways to reach both, the name both have."""

    id: int
    name: str
    reasons: list[str]


def alike(reader: Reader, table: Table, name: str, found: Sequence[Way]) -> list[Likeness]:
    """Return the contacts or customers with the same e-mail, phone or name in any order or script, best first.

    A record the actor may not see is not told.
    """
    reasons: dict[tuple[int, str], list[str]] = defaultdict(list)
    party = contact_point.c.contact_id if table is contact else contact_point.c.customer_id
    normals = {way.normal for way in found if way.kind in {"email", "phone"}}
    if normals:
        same = select(table.c.id, table.c.name, contact_point.c.kind, contact_point.c.value).join(
            contact_point, party == table.c.id
        )
        same = same.where(contact_point.c.normal.in_(normals), table.c.merged_into_id.is_(None))
        for row in reader.rows(same.order_by(table.c.id).limit(_SHOWN)):
            reasons[row.id, row.name].append(_("same {kind} {value}").format(kind=row.kind, value=row.value))
    key = name_key(name)
    if key:
        named = select(table.c.id, table.c.name).where(table.c.name_key == key, table.c.merged_into_id.is_(None))
        for row in reader.rows(named.order_by(table.c.id).limit(_SHOWN)):
            reasons[row.id, row.name].append(_("same name"))
    likely = [Likeness(id=key, name=name, reasons=why) for (key, name), why in reasons.items()]
    return sorted(likely, key=lambda one: (-len(one.reasons), one.id))
