"""What tells people who share a number apart: when something passed between us last, and how many are at a customer."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, literal, select, union_all

from crmcore.api import PluginReader, Reader, tables

_contact, _customer, _position, _interaction = tables.contact, tables.customer, tables.position, tables.interaction


def last_talks(
    reader: Reader | PluginReader, contact_ids: Collection[int], customer_ids: Collection[int]
) -> Mapping[int, Row[Any]]:
    """Return by contact and by customer, whose ids are never the same, what passed last: at most one statement.

    A row has: id, people (of a customer, how many stand for it), at, channel, direction and zone (None where nothing
    passed).
    """
    if not contact_ids and not customer_ids:
        return {}
    if not customer_ids:
        rows = reader.rows(_CONTACTS, {"contact_ids": list(contact_ids)})
    elif not contact_ids:
        rows = reader.rows(_CUSTOMERS, {"customer_ids": list(customer_ids)})
    else:
        rows = reader.rows(_BOTH, {"contact_ids": list(contact_ids), "customer_ids": list(customer_ids)})
    return {row.id: row for row in rows}


def _of(whose: str) -> Select[Any]:
    party = _contact if whose == "contact_id" else _customer
    i, each, k = _interaction.c, _interaction.alias(f"of_{whose}").c, _position.alias("working").c
    last = select(each.id).where(each[whose] == party.c.id).order_by(each.moment.desc(), each.id.desc()).limit(1)
    people = select(func.count(k.contact_id.distinct())).where(k.customer_id == party.c.id, k.ended.is_(None))
    return (
        select(
            party.c.id,
            (people.scalar_subquery() if party is _customer else literal(0)).label("people"),
            i.moment.label("at"), i.channel, i.direction, i.zone,
        )
        .select_from(party)
        .outerjoin(_interaction, i.id == last.scalar_subquery())
        .where(party.c.id.in_(bindparam(f"{whose}s", expanding=True)))
    )  # fmt: skip


_CONTACTS, _CUSTOMERS = _of("contact_id"), _of("customer_id")
_BOTH = union_all(_CONTACTS, _CUSTOMERS).subquery().select()
