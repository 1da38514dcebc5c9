"""Who has telephone numbers, of those whom the actor may see; the statement for one number is made once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    union,
    union_all,
    values,
)

from crmcore.engine.borrowed import PluginReader
from crmcore.engine.reader import Reader
from crmcore.engine.rows import unlimited
from crmcore.engine.tables import contact, contact_point, customer, interaction, position
from crmcore.engine.visibility import SUMS_UP

_KINDS = frozenset({"phone", "fax"})
_MOST = 500
"""How many have one number, at most: some write their company's number to everybody who works there."""
_SHOWN = 10
"""How many extensions of one number are looked for."""
_EXTENSIONS = 3
"""How many extensions of each number are looked for where there are many: enough to tell that it is a house's."""
_FROM, _TO = ";", "<"
"""Between these two, which follow each other, lie the extensions of a number."""

# What these find is no more than ids, and looked up where the actor sees it; limited themselves they would cost more.
_same, _behind = unlimited(contact_point, "same_number").c, unlimited(contact_point, "extension").c
_KEY = contact_point.c.normal.type
_one, _shown, _most = (literal_column(str(n), Integer) for n in (1, _SHOWN, _MOST))


class Holder(NamedTuple):
    """Somebody's telephone number: the number, who has it, and whom they stand for.

    `kind` is phone or fax. `contact_id` and `name` are who has it; `own_customer_id` where it is a customer's own.
    `customer_id`, `customer` and `form` (organisation, individual) are of whom they stand for: in the oldest of their
    positions that have not ended. `last_at`: when something passed between us and the contact last.
    """

    normal: str
    label: str
    kind: str
    status: str
    preferred: bool
    contact_id: int | None
    name: str | None
    own_customer_id: int | None
    customer_id: int | None
    customer: str | None
    form: str | None
    last_at: datetime | None


def holders(reader: Reader | PluginReader, keys: Collection[str], bases: Collection[str]) -> Sequence[Holder]:
    """Return who has one of the numbers `keys`, or an extension of one of `bases`, in no order: one statement."""
    # Which kind it is PostgreSQL, before it has counted, takes for something rare, and reads all for it.
    found = map(Holder._make, _rows(reader, keys, bases)) if keys else ()
    return [one for one in found if one.kind in _KINDS]


def _rows(reader: Reader | PluginReader, keys: Collection[str], bases: Collection[str]) -> Sequence[Row[Any]]:
    if len(bases) > 1:
        wanted = _told(_among(keys, bases)).limit(_MOST + 4 * len(keys)).execution_options(**{SUMS_UP: True})
        return reader.rows(wanted)  # made for these alone: no text of it is kept
    (base,) = bases
    low, high = base + _FROM, base + _TO
    if len(keys) == 1:
        (key,) = keys
        return reader.rows(_ONE, {"key": key, "low": low, "high": high})
    return reader.rows(_FEW, {"keys": list(keys), "low": low, "high": high})


def _told(which: ColumnElement[bool]) -> Select[Any]:
    p, c, u, k, i = contact_point.c, contact.c, customer.c, position.c, interaction.c
    last = select(i.moment).where(i.contact_id == p.contact_id).order_by(i.moment.desc(), i.id.desc()).limit(_one)
    current = select(k.customer_id).where(k.contact_id == p.contact_id, k.ended.is_(None)).order_by(k.id).limit(_one)
    return (
        select(
            p.normal, p.label, p.kind, p.status, p.preferred, p.contact_id, c.name,
            p.customer_id.label("own_customer_id"),
            u.id.label("customer_id"), u.name.label("customer"), u.kind.label("form"),
            last.scalar_subquery().label("last_at"),
        )
        .select_from(contact_point)
        .outerjoin(contact, c.id == p.contact_id)
        .outerjoin(customer, u.id == func.coalesce(p.customer_id, current.scalar_subquery()))
        .where(which, c.merged_into_id.is_(None))
        .where(or_(p.contact_id.is_not(None), u.merged_into_id.is_(None)))
    )  # fmt: skip


def _among(keys: Collection[str], bases: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a number is one of many, or one of the first extensions of one of them.

    Each extension is looked up by itself: joined by ranges, PostgreSQL would go through all numbers.
    """
    pairs = [(base + _FROM, base + _TO) for base in bases]
    asked = values(column("low", _KEY), column("high", _KEY), name="asked").data(pairs).cte("asked")
    within = and_(_behind.normal > cast(asked.c.low, _KEY), _behind.normal < cast(asked.c.high, _KEY))
    behind = select(_behind.id).where(within).order_by(_behind.normal).limit(_one).correlate(asked)
    return contact_point.c.id.in_(
        union(
            select(_same.id).where(_same.normal.in_(keys)),
            *(select(behind.offset(place).scalar_subquery()).select_from(asked) for place in range(_EXTENSIONS)),
        ).subquery().select()
    )  # fmt: skip


def _of_one(same: ColumnElement[bool]) -> Select[Any]:
    """Return the statement for one caller: who has a number, or one of the first extensions of it.

    They are found first, each by the index; and that an extension begins with its number is said twice, as PostgreSQL
    takes it for rare only then. So it plans the statement once, and not for each caller, which takes longer than to run
    it.
    """
    low, high = bindparam("low", type_=_KEY), bindparam("high", type_=_KEY)
    within = and_(_behind.normal > low, _behind.normal < high)
    first = select(_behind.id, _behind.normal).where(within).order_by(_behind.normal).limit(_shown).subquery("first").c
    behind = select(first.id).where(func.substr(first.normal, 1, func.length(low)) == low)
    found = union_all(select(_same.id).where(same), behind).subquery("found")
    return _told(contact_point.c.id.in_(found.select())).limit(_most)


_ONE = _of_one(_same.normal == bindparam("key"))
_FEW = _of_one(_same.normal.in_(bindparam("keys", expanding=True)))
"""For one caller: by the number alone, or by the few by which they may be known."""
