"""Who has numbers, of those whom the actor may see; the statement for one caller is made once."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
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

from crmcore.api import SUMS_UP, PluginReader, Reader, tables

_KINDS = frozenset({"phone", "fax"})
_MOST = 500
"""How many have one number, at most: some write their company's number to everybody who works there."""
_EXTENSIONS = 3
"""How many extensions of each number are looked for where there are many: enough to tell that it is a house's."""
_FROM, _TO = ";", "<"
"""Between these two, which follow each other, lie the extensions of a number."""

_point, _contact, _customer = tables.contact_point, tables.contact, tables.customer
_position, _interaction = tables.position, tables.interaction
_KEY = _point.c.normal.type


def holders(reader: Reader | PluginReader, keys: Collection[str], bases: Collection[str]) -> Sequence[Row[Any]]:
    """Return who has one of the numbers `keys`, or an extension of one of `bases`, in no order: one statement.

    A row has: normal, label, kind (phone, fax), status and preferred of the number; contact_id and name of who has it;
    own_customer_id where it is a customer's own; customer_id, customer and form (organisation, individual) of whom
    they stand for: in the oldest of their positions that have not ended; last_at, when something passed between us and
    a contact last.
    """
    # Which kind it is PostgreSQL, before it has counted, takes for something rare, and reads all for it.
    return [row for row in _rows(reader, keys, bases) if row.kind in _KINDS] if keys else ()


def _rows(reader: Reader | PluginReader, keys: Collection[str], bases: Collection[str]) -> Sequence[Row[Any]]:
    most = _MOST + 4 * len(keys)
    if len(bases) > 1:
        wanted = _told(_among(bases)).limit(most).execution_options(**{SUMS_UP: True})
        return reader.rows(wanted, {"keys": list(keys)})
    (base,) = bases
    about = {"low": base + _FROM, "high": base + _TO, "most": most}
    if len(keys) == 1:
        return reader.rows(_ONE, {"key": next(iter(keys)), **about})
    return reader.rows(_FEW, {"keys": list(keys), **about})


def _told(which: ColumnElement[bool]) -> Select[Any]:
    p, c, u, k, i = _point.c, _contact.c, _customer.c, _position.c, _interaction.c
    last = select(i.moment).where(i.contact_id == p.contact_id).order_by(i.moment.desc(), i.id.desc()).limit(1)
    current = select(k.customer_id).where(k.contact_id == p.contact_id, k.ended.is_(None)).order_by(k.id).limit(1)
    return (
        select(
            p.normal, p.label, p.kind, p.status, p.preferred, p.contact_id, c.name,
            p.customer_id.label("own_customer_id"),
            u.id.label("customer_id"), u.name.label("customer"), u.kind.label("form"),
            last.scalar_subquery().label("last_at"),
        )
        .select_from(_point)
        .outerjoin(_contact, c.id == p.contact_id)
        .outerjoin(_customer, u.id == func.coalesce(p.customer_id, current.scalar_subquery()))
        .where(which, c.merged_into_id.is_(None))
        .where(or_(p.contact_id.is_not(None), u.merged_into_id.is_(None)))
    )  # fmt: skip


def _among(bases: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a number is one of many, or one of the first extensions of one of them.

    Each extension is looked up by itself: joined by ranges, PostgreSQL would go through all numbers.
    """
    pairs = [(base + _FROM, base + _TO) for base in bases]
    asked = values(column("low", _KEY), column("high", _KEY), name="asked").data(pairs).cte("asked")
    same, other = _point.alias("same").c, _point.alias("behind").c
    within = and_(other.normal > cast(asked.c.low, _KEY), other.normal < cast(asked.c.high, _KEY))
    behind = select(other.id).where(within).order_by(other.normal, other.id).limit(1).correlate(asked)
    return _point.c.id.in_(
        union(
            select(same.id).where(same.normal.in_(bindparam("keys", expanding=True))),
            *(select(behind.offset(place).scalar_subquery()).select_from(asked) for place in range(_EXTENSIONS)),
        ).subquery().select()
    )  # fmt: skip


_BEHIND = and_(_point.c.normal > bindparam("low", type_=_KEY), _point.c.normal < bindparam("high", type_=_KEY))
_ONE, _FEW = (
    _told(or_(same, _BEHIND)).limit(bindparam("most"))
    for same in (_point.c.normal == bindparam("key"), _point.c.normal.in_(bindparam("keys", expanding=True)))
)
"""For one caller: by the number alone, or by the few by which they may be known."""
