"""Who bought again, of those who bought: loyalty as it shows in business, kept apart from what people say."""

from math import sqrt
from typing import Any

from attrs import frozen
from sqlalchemy import func, select, union_all

from crmcore.api import PluginReader, Reader, bought

_SURE = 1.96


@frozen(kw_only=True)
class Repeat:
    """How many customers bought, and how many of them again; `known` is False where nobody keeps what is bought."""

    known: bool
    bought: int = 0
    again: int = 0

    @property
    def rate(self) -> float | None:
        """Return the share that bought again, 0 to 1; None where nobody bought."""
        return self.again / self.bought if self.bought else None

    @property
    def range(self) -> tuple[float, float] | None:
        """Return the bounds of the share with 95 % confidence (Wilson 1927); None where nobody bought."""
        if not self.bought:
            return None
        n, share, z = self.bought, self.again / self.bought, _SURE
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        off = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        return middle - off, middle + off


def repeat(reader: Reader | PluginReader) -> Repeat:
    """Return who of all customers that bought anything, as plugins tell it, did so twice or more: one statement."""
    sold = bought(reader)
    if not sold:
        return Repeat(known=False)
    customers = (
        select(one.customer.label("customer"))
        .select_from(one.source)
        .where(one.state == "won", one.customer.is_not(None))
        for one in sold
    )
    each = union_all(*customers).subquery()
    times = select(each.c.customer, func.count().label("times")).group_by(each.c.customer).subquery()
    again = func.count().filter(times.c.times > 1)
    counted: tuple[Any, ...] = (func.count().label("bought"), again.label("again"))
    (row,) = reader.rows(select(*counted).select_from(times))
    return Repeat(known=True, bought=row.bought, again=row.again)
