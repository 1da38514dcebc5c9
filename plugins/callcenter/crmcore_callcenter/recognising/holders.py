"""Who has numbers, of those whom the actor may see, with what a reason is made of; one statement, made once."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    cast,
    column,
    func,
    or_,
    select,
    union,
    values,
)

from crmcore.api import PluginReader, Reader, tables

KINDS = ("phone", "fax")
_MOST = 500
"""How many have one number, at most: some write their company's number to everybody who works there."""
_FROM, _TO = ";", "<"
"""Between these two, which follow each other, lie the extensions of a number."""

_point, _contact, _customer = tables.contact_point, tables.contact, tables.customer
_position, _interaction = tables.position, tables.interaction
_KEY = _point.c.normal.type


def holders(reader: Reader | PluginReader, keys: Collection[str], bases: Collection[str]) -> Sequence[Row[Any]]:
    """Return who has one of the numbers `keys`, or an extension of one of `bases`, in no order.

    A row has: normal, label, kind (phone, fax), status and preferred of the number; contact_id and name of who has it;
    own_customer_id where it is a customer's own, form (organisation, individual) and people (how many work there);
    customer_id and customer of whom they stand for; last_at, last_channel, last_direction and last_zone of what passed
    between us last.
    """
    if not keys:
        return ()
    most = _MOST + 4 * len(keys)
    if len(bases) > 1:
        return reader.rows(_told(_among(bases)).limit(most), {"keys": list(keys)})
    base = next(iter(bases))
    return reader.rows(_ONE, {"keys": list(keys), "low": base + _FROM, "high": base + _TO, "most": most})


def _told(which: ColumnElement[bool]) -> Select[Any]:
    p, c, u, k, i = _point.c, _contact.c, _customer.c, _position.c, _interaction.c
    return (
        select(
            p.normal, p.label, p.kind, p.status, p.preferred, p.contact_id, c.name,
            p.customer_id.label("own_customer_id"), u.kind.label("form"), _people().label("people"),
            u.id.label("customer_id"), u.name.label("customer"),
            i.moment.label("last_at"), i.channel.label("last_channel"), i.direction.label("last_direction"),
            i.zone.label("last_zone"),
        )
        .select_from(_point)
        .outerjoin(_contact, c.id == p.contact_id)
        .outerjoin(_position, k.id == _current())
        .outerjoin(_customer, u.id == func.coalesce(p.customer_id, k.customer_id))
        .outerjoin(_interaction, i.id == func.coalesce(_last("contact_id"), _last("customer_id")))
        .where(which, p.kind.in_(KINDS), c.merged_into_id.is_(None))
        .where(or_(p.contact_id.is_not(None), u.merged_into_id.is_(None)))
    )  # fmt: skip


def _current() -> ScalarSelect[Any]:
    """Return the position in which somebody stands for a customer: the oldest that has not ended."""
    k = _position.alias("held").c
    return select(func.min(k.id)).where(k.contact_id == _point.c.contact_id, k.ended.is_(None)).scalar_subquery()


def _people() -> ScalarSelect[Any]:
    k = _position.alias("working").c
    at = k.customer_id == _point.c.customer_id
    return select(func.count(k.contact_id.distinct())).where(at, k.ended.is_(None)).scalar_subquery()


def _last(whose: str) -> ScalarSelect[Any]:
    i = _interaction.alias(f"last_by_{whose}").c
    theirs = select(i.id).where(i[whose] == _point.c[whose]).order_by(i.moment.desc(), i.id.desc())
    return theirs.limit(1).scalar_subquery()


def _among(bases: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a number is one of many, or an extension of one of them."""
    pairs = [(base + _FROM, base + _TO) for base in bases]
    asked = values(column("low", _KEY), column("high", _KEY), name="asked").data(pairs).cte("asked")
    same, other = _point.alias("same").c, _point.alias("behind")
    behind = other.c
    within = and_(behind.normal > cast(asked.c.low, _KEY), behind.normal < cast(asked.c.high, _KEY))
    return _point.c.id.in_(
        union(
            select(same.id).where(same.normal.in_(bindparam("keys", expanding=True))),
            select(behind.id).select_from(asked).join(other, within),
        ).subquery().select()
    )  # fmt: skip


_ONE = _told(
    or_(
        _point.c.normal.in_(bindparam("keys", expanding=True)),
        and_(_point.c.normal > bindparam("low", type_=_KEY), _point.c.normal < bindparam("high", type_=_KEY)),
    )
).limit(bindparam("most"))
