"""How long callers waited for an answer: mean, median and 95th percentile, of each group and of all, in one statement.

Waits are whole seconds, so the database counts how many waited equally long, and reads the percentiles off those few
counts: the smallest wait that half, or 95 of 100, did not exceed (nearest rank, as `percentile_disc` of SQL:2008).
"""

from collections.abc import Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Integer, Select, cast, func, literal, null, select, union_all

from crmcore.api import Reader
from crmcore_callcenter.figures.measures import TIMED
from crmcore_callcenter.tables import call


@frozen(kw_only=True)
class Waited:
    """Of `n` answered calls: how long they waited together, and what half and 95 of 100 did not exceed, in seconds."""

    n: int = 0
    seconds: int = 0
    median: int | None = None
    p95: int | None = None

    @property
    def mean(self) -> float | None:
        """Return the mean in seconds, with one decimal."""
        return round(self.seconds / self.n, 1) if self.n else None


def waited(
    reader: Reader, key: ColumnElement[Any], conditions: Sequence[ColumnElement[bool]]
) -> tuple[Waited, dict[Any, Waited]]:
    """Return it of all calls that meet the conditions, and by key: one statement."""
    c = call.c
    alike = (
        select(key.label("key"), c.wait_seconds.label("seconds"), func.count().label("n"))
        .where(TIMED, *conditions)
        .group_by("key", c.wait_seconds)
        .cte("alike")
    )
    each = select(
        alike.c.key, alike.c.seconds, alike.c.n,
        func.sum(alike.c.n).over(partition_by=alike.c.key, order_by=alike.c.seconds).label("up_to"),
        func.sum(alike.c.n).over(partition_by=alike.c.key).label("whole"),
    ).subquery("each_group")  # fmt: skip
    together = select(alike.c.seconds, func.sum(alike.c.n).label("n")).group_by(alike.c.seconds).subquery("together")
    every = select(
        together.c.seconds, together.c.n, func.sum(together.c.n).over(order_by=together.c.seconds).label("up_to"),
        func.sum(together.c.n).over().label("whole"),
    ).subquery("all_groups")  # fmt: skip
    by_key = _read(each, each.c.key, 1).group_by(each.c.key)
    both = union_all(by_key, _read(every, cast(null(), alike.c.key.type), 0)).subquery("waited")
    whole, found = Waited(), {}
    for row in reader.rows(select(both).group_by(*both.c)):  # grouped: what is private is gathered once, not row by row
        if row.n is None:
            continue
        one = Waited(n=int(row.n), seconds=int(row.seconds), median=row.median, p95=row.p95)
        if row.grouped:
            found[row.key] = one
        else:
            whole = one
    return whole, found


def _read(counts: Any, key: ColumnElement[Any], grouped: int) -> Select[Any]:
    c = counts.c
    return select(
        literal(grouped, Integer).label("grouped"), key.label("key"), func.sum(c.n).label("n"),
        func.sum(c.n * c.seconds).label("seconds"),
        func.min(c.seconds).filter(c.up_to * 2 >= c.whole).label("median"),
        func.min(c.seconds).filter(c.up_to * 100 >= c.whole * 95).label("p95"),
    )  # fmt: skip
