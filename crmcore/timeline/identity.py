"""The brief's first block: who it is and how to reach them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point, customer, customer_role, user_account
from crmcore.fields.entering import as_text, held
from crmcore.hooks.reading import Block, Subject
from crmcore.i18n import _

_NOTE = 300


def _owner(column: Any) -> Any:
    return select(user_account.c.login).where(user_account.c.id == column).scalar_subquery().label("owner")


_ROLES = (
    select(func.aggregate_strings(customer_role.c.role, ", "))
    .where(customer_role.c.customer_id == customer.c.id, customer_role.c.ended.is_(None))
    .scalar_subquery()
    .label("roles")
)
_WHO = {
    table: select(
        table.c.id, table.c.name, table.c.private, table.c.language, table.c.zone, table.c.source,
        table.c.merged_into_id, table.c.custom, func.substr(table.c.note, 1, _NOTE).label("note"),
        _owner(table.c.owner_id), *own,
    ).where(table.c.id == bindparam("id"))
    for table, own in (
        (contact, (contact.c.birthday,)),
        (customer, (customer.c.kind, customer.c.parent_id, _ROLES)),
    )
}  # fmt: skip
_POINTS = {
    table: select(contact_point.c.kind, contact_point.c.label, contact_point.c.value, contact_point.c.status)
    .where(owner == bindparam("id"))
    .order_by(contact_point.c.preferred.desc(), contact_point.c.id)
    .limit(30)
    for table, owner in ((contact, contact_point.c.contact_id), (customer, contact_point.c.customer_id))
}
_PARENT = select(customer.c.name).where(customer.c.id == bindparam("id"))


def identity(subject: Subject, reader: Reader) -> Iterator[Block]:
    """Show name, roles, parent, owner, ways to reach and notes: two statements, and one where there is a parent."""
    table = customer if subject.entity == "customer" else contact
    rows = reader.rows(_WHO[table], {"id": subject.id})
    points = reader.rows(_POINTS[table], {"id": subject.id})
    if not rows:
        return
    row = rows[0]
    told: dict[str, Any] = dict(row._mapping)
    if told.get("parent_id"):
        told["parent"] = next((each.name for each in reader.rows(_PARENT, {"id": row.parent_id})), "")
    facts = [(_("name"), f"{row.name}  ({_(subject.entity)} {row.id})")]
    if row.merged_into_id:
        facts.append((_("merged into"), str(row.merged_into_id)))
    if row.private:
        facts.append((_("private"), _("on {owner}'s own list").format(owner=row.owner or "-")))
    before = {
        "roles": _("roles"), "kind": _("kind"), "parent": _("part of"), "owner": _("owner"), "birthday": _("birthday"),
        "language": _("language"), "zone": _("zone"),
    }  # fmt: skip
    shown = told | {name: ", ".join(_(one) for one in (told.get(name) or "").split(", ")) for name in ("roles", "kind")}
    facts += _facts(before, shown)
    facts += [(one.label or one.name, text) for one, text in as_text(reader.definitions, table.name, row.custom)]
    told["custom"] = held(reader.definitions, table.name, row.custom)
    facts += [(_(point.kind), _point(point)) for point in points]
    facts += _facts({"source": _("source"), "note": _("note")}, told)
    yield Block(title=row.name, weight=0, rows=tuple(facts), data={**told, "points": _plain(points)})


def _facts(names: dict[str, str], told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, str(told[key])) for key, name in names.items() if told.get(key)]


def _plain(points: Sequence[Any]) -> list[dict[str, str]]:
    return [dict(point._mapping) for point in points]


def _point(point: Any) -> str:
    notes = ", ".join(_(note) for note in (point.label, point.status) if note)
    return f"{point.value}  ({notes})" if notes else str(point.value)
