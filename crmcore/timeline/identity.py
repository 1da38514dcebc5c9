"""The brief's first block: who it is and how to reach them; and what they like and allow."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, null, select, true, type_coerce, union_all

from crmcore.engine.reader import Reader
from crmcore.engine.tables import consent, contact, contact_point, customer, customer_role, preference, user_account
from crmcore.hooks.reading import Block, Subject
from crmcore.i18n import _

_NOTE = 300
_WISHES = 100


def identity(subject: Subject, points: Sequence[Any], reader: Reader) -> Iterator[Block]:
    """Show name, roles, parent, owner, ways to reach and notes: one statement."""
    row = reader.first(_customer(subject, reader) if subject.entity == "customer" else _contact(subject))
    if row is None:
        return
    told = row._mapping
    names = {
        "roles": _("roles"), "kind": _("kind"), "parent": _("part of"), "owner": _("owner"), "birthday": _("birthday"),
        "language": _("language"), "zone": _("zone"), "source": _("source"), "note": _("note"),
    }  # fmt: skip
    facts = [(_("name"), f"{row.name}  ({subject.entity} {row.id})")]
    if row.merged_into_id:
        facts.append((_("merged into"), str(row.merged_into_id)))
    if row.private:
        facts.append((_("private"), _("on {owner}'s own list").format(owner=row.owner or "-")))
    facts += [(names[key], str(told[key])) for key in list(names)[:7] if told.get(key)]
    facts += [(_(point.kind), _point(point)) for point in points]
    facts += [(names[key], str(told[key])) for key in ("source", "note") if told.get(key)]
    ways = [{"kind": p.kind, "label": p.label, "value": p.value, "status": p.status} for p in points]
    yield Block(title=row.name, weight=0, rows=tuple(facts), data={**told, "points": ways})


def _owner(column: Any) -> Any:
    return select(user_account.c.login).where(user_account.c.id == column).scalar_subquery().label("owner")


def _customer(subject: Subject, reader: Reader) -> Select[Any]:
    c, parent, role = customer.c, customer.alias("parent"), customer_role.c
    visible = reader.visibility.predicate(parent)
    roles = select(func.aggregate_strings(role.role, ", ")).where(role.customer_id == c.id, role.ended.is_(None))
    return select(
        c.id, c.name, c.kind, c.private, c.language, c.zone, c.source, c.merged_into_id,
        func.substr(c.note, 1, _NOTE).label("note"),
        roles.scalar_subquery().label("roles"),
        select(parent.c.name)
        .where(parent.c.id == c.parent_id, true() if visible is None else visible)
        .scalar_subquery()
        .label("parent"),
        _owner(c.owner_id),
    ).where(c.id == subject.id)  # fmt: skip


def _contact(subject: Subject) -> Select[Any]:
    c = contact.c
    return select(
        c.id, c.name, c.private, c.birthday, c.language, c.zone, c.source, c.merged_into_id,
        func.substr(c.note, 1, _NOTE).label("note"), _owner(c.owner_id),
    ).where(c.id == subject.id)  # fmt: skip


def read_points(subject: Subject, reader: Reader) -> Sequence[Any]:
    """Return the ways to reach the party itself, the preferred ones first: one statement."""
    c = contact_point.c
    owner = c.customer_id if subject.entity == "customer" else c.contact_id
    statement = select(c.kind, c.label, c.value, c.status).where(owner == subject.id)
    return reader.rows(statement.order_by(c.preferred.desc(), c.id).limit(30))


def _point(point: Any) -> str:
    notes = ", ".join(note for note in (point.label, _(point.status) if point.status else "") if note)
    return f"{point.value}  ({notes})" if notes else str(point.value)


def wishes(subject: Subject, now: datetime, reader: Reader) -> Iterator[Block]:
    """Show what the party, and who stands for it, likes, allows and refuses: one statement, newest first.

    Of consents the latest for each person, channel and purpose counts, unless it has run out.
    """
    shown: list[tuple[str, str]] = []
    data: list[dict[str, Any]] = []
    seen: set[tuple[Any, ...]] = set()
    for row in reader.connection.execute(_wishes(subject)):
        if row.kind == "consent":
            key = (row.contact_id, row.customer_id, row.channel, row.text)
            if key in seen or (row.until and row.until <= now):
                continue
            seen.add(key)
        data.append({name: value for name, value in row._mapping.items() if value not in ("", None)})
        shown.append((row.name if row.contact_id != subject.id and row.name else "", _wish(row)))
    if shown:
        named = any(name for name, _said in shown)
        yield Block(
            title=_("Wishes and consents"),
            weight=5,
            rows=tuple(shown if named else ((said,) for _name, said in shown)),
            data=data,
        )


def _wishes(subject: Subject) -> Any:
    parts = []
    for table, about in ((preference, "preference"), (consent, "consent")):
        c = table.c
        mine = (
            (c.customer_id == subject.id) | c.contact_id.in_(subject.contact_ids)
            if subject.entity == "customer"
            else c.contact_id == subject.id
        )
        said = preference is table
        parts.append(
            select(
                literal(about).label("kind") if not said else c.kind.label("kind"), c.id, c.contact_id, c.customer_id,
                c.channel, (c.text if said else c.purpose).label("text"),
                (c.allow if said else c.state == "granted").label("allow"),
                (c.created_at if said else c.at).label("at"),
                (type_coerce(null(), consent.c.until.type) if said else c.until).label("until"),
                (literal("") if said else c.evidence).label("evidence"),
                select(contact.c.name).where(contact.c.id == c.contact_id).scalar_subquery().label("name"),
            ).where(mine)
        )  # fmt: skip
    whole = union_all(*parts).subquery()
    return select(whole).order_by(whole.c.at.desc(), whole.c.id.desc()).limit(_WISHES)


def _wish(row: Any) -> str:
    if row.kind != "consent":
        return _("{kind}: {text}").format(kind=_(row.kind).replace("_", " "), text=row.text) + (
            "" if row.allow else _("  (does not want it)") if row.kind in ("taste", "language") else ""
        )
    purpose = _("everything") if row.text == "*" else _(row.text)
    channel = _("any channel") if row.channel == "*" else _(row.channel)
    sentence = _("allows {purpose} by {channel}") if row.allow else _("does NOT allow {purpose} by {channel}")
    told = sentence.format(purpose=purpose, channel=channel) + f"  ({row.at.date()})"
    return f"{told} {row.evidence}".rstrip()
