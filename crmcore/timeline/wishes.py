"""The brief's block of what somebody likes, allows and refuses."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, literal, null, or_, select, type_coerce, union_all

from crmcore.engine.reader import Reader
from crmcore.engine.tables import consent, contact, preference
from crmcore.hooks.reading import Block, Subject
from crmcore.i18n import _

_MOST = 100


def _statement() -> Select[Any]:
    parts = []
    for table in (preference, consent):
        c, said = table.c, table is preference
        parts.append(
            select(
                c.kind.label("kind") if said else literal("consent").label("kind"), c.id, c.contact_id, c.customer_id,
                c.channel, (c.text if said else c.purpose).label("text"),
                (c.allow if said else c.state == "granted").label("allow"),
                (c.created_at if said else c.at).label("at"),
                (type_coerce(null(), consent.c.until.type) if said else c.until).label("until"),
                (literal("") if said else c.evidence).label("evidence"),
                select(contact.c.name).where(contact.c.id == c.contact_id).scalar_subquery().label("name"),
            ).where(or_(c.customer_id == bindparam("customer"), c.contact_id.in_(bindparam("people", expanding=True))))
        )  # fmt: skip
    whole = union_all(*parts).subquery()
    return select(whole).order_by(whole.c.at.desc(), whole.c.id.desc()).limit(_MOST)


_WISHES = _statement()


def wishes(subject: Subject, now: datetime, reader: Reader) -> Iterator[Block]:
    """Show what the party, and who stands for it, likes, allows and refuses: one statement, newest first.

    Of consents the latest for each person, channel and purpose counts, unless it has run out.
    """
    customer_id = subject.id if subject.entity == "customer" else None
    # The contacts of the subject are those the actor may see.
    rows = reader.rows(_WISHES, {"customer": customer_id, "people": list(subject.contact_ids)})
    shown: list[tuple[str, str]] = []
    data: list[dict[str, Any]] = []
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
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
            rows=tuple(shown) if named else tuple((said,) for _name, said in shown),
            data=data,
        )


def _wish(row: Any) -> str:
    if row.kind != "consent":
        unwanted = not row.allow and row.kind in ("taste", "language")
        told = _("{kind}: {text}").format(kind=_(row.kind).replace("_", " "), text=row.text)
        return _("{wish}  (does not want it)").format(wish=told) if unwanted else told
    purpose = _("everything") if row.text == "*" else _(row.text)
    channel = _("any channel") if row.channel == "*" else _(row.channel)
    sentence = _("allows {purpose} by {channel}") if row.allow else _("does NOT allow {purpose} by {channel}")
    told = sentence.format(purpose=purpose, channel=channel) + f"  ({row.at.date()})"
    return f"{told} {row.evidence}".rstrip()
