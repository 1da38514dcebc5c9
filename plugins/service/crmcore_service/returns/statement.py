"""What service cost and what it brought, side by side: its profit and loss (row S1-V13). Sums of two ledgers, exact."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import evolve, field, frozen
from sqlalchemy import ColumnElement, FromClause, Select, extract, func, literal, null, select

from crmcore.api import Reader, currency, names, tables
from crmcore_service.i18n import _
from crmcore_service.returns.costs import WHAT
from crmcore_service.returns.gains import CLAIMED, CONFIRMED, KINDS
from crmcore_service.tables import asset, category, cost, gain, queue, ticket

BY = ("month", "queue", "category", "product", "customer")
"""What costs and gains can be grouped by: their own month and customer, and the ticket's queue, category, product."""
_NOTHING = Decimal("0.00")


@frozen(kw_only=True)
class Line:
    """What was spent and gained of one month, queue, category, product or customer; all of it without a `key`.

    `costs` by labour, parts, travel and other; `gains` and `claims` (not confirmed, and not counted) by kind.
    """

    key: Any
    name: str
    costs: Mapping[str, Decimal] = field(factory=dict)
    gains: Mapping[str, Decimal] = field(factory=dict)
    claims: Mapping[str, Decimal] = field(factory=dict)

    @property
    def cost(self) -> Decimal:
        """What was spent."""
        return sum(self.costs.values(), _NOTHING)

    @property
    def gained(self) -> Decimal:
        """What was confirmed."""
        return sum(self.gains.values(), _NOTHING)

    @property
    def claimed(self) -> Decimal:
        """What nobody has confirmed yet."""
        return sum(self.claims.values(), _NOTHING)

    @property
    def result(self) -> Decimal:
        """What is left of the gains after the costs."""
        return self.gained - self.cost


@frozen(kw_only=True)
class Statement:
    """The profit and loss of some days, both in it (None: no limit): its rows, and all of it.

    Every row is made of entries of its own, so the rows add up to the `whole`, with the `more` that are left out.
    Amounts are in `currency`, each at the rate of its day; `counts` are the numbers of entries by what they are.
    `hidden` are fields the reader may not see.
    """

    by: str
    since: date | None
    until: date | None
    currency: str
    lines: Sequence[Line]
    whole: Line
    counts: Mapping[str, int]
    more: int
    hidden: Sequence[tuple[str, str]]


def statement(
    reader: Reader, by: str, since: date | None = None, until: date | None = None, *, limit: int = 50
) -> Statement:
    """Return the profit and loss by month, queue, category, product or customer: two statements, and the names.

    `limit` rows at most, those of the highest costs first (months in their order); the whole is of all.
    """
    costs: dict[Any, dict[str, Decimal]] = defaultdict(dict)
    sums: dict[str, dict[Any, dict[str, Decimal]]] = {CONFIRMED: defaultdict(dict), CLAIMED: defaultdict(dict)}
    counts: dict[str, int] = defaultdict(int)
    for row in reader.rows(_costs(by, since, until)):
        costs[row.key][row.what] = row.worth
        counts[row.what] += row.n
    for row in reader.rows(_gains(by, since, until)):
        sums[row.status][row.key][row.kind] = row.worth or _NOTHING
        counts[row.kind if row.status == CONFIRMED else f"{row.status} {row.kind}"] += row.n
    gains, claims = sums[CONFIRMED], sums[CLAIMED]
    lines = [
        Line(key=key, name="", costs=costs.get(key, {}), gains=gains.get(key, {}), claims=claims.get(key, {}))
        for key in {**costs, **gains, **claims}
    ]
    if by == "month":
        lines.sort(key=lambda one: one.key)
    else:
        lines.sort(key=lambda one: (-one.cost, -one.gained, str(one.key)))
    called = _called(reader, by, [one.key for one in lines[:limit]])
    return Statement(
        by=by, since=since, until=until, currency=currency(reader), counts=counts, whole=_whole(lines),
        lines=[evolve(one, name=called.get(one.key) or _("none")) for one in lines[:limit]],
        more=max(len(lines) - limit, 0), hidden=sorted(reader.withheld),
    )  # fmt: skip


def _whole(lines: Sequence[Line]) -> Line:
    def added(of: str, names: Iterable[str]) -> dict[str, Decimal]:
        return {name: sum((getattr(one, of).get(name, _NOTHING) for one in lines), _NOTHING) for name in names}

    return Line(
        key=None, name=_("all"), costs=added("costs", WHAT), gains=added("gains", KINDS), claims=added("claims", KINDS)
    )


def within(day: Any, since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    """Return the conditions that a column of dates lies between two days, both in it."""
    return [*([] if since is None else [day >= since]), *([] if until is None else [day <= until])]


def _costs(by: str, since: date | None, until: date | None) -> Select[Any]:
    c = cost.c
    key, source = _key(by, cost)
    sums = (key.label("key"), c.what, func.sum(c.worth).label("worth"), func.count().label("n"))
    return select(*sums).select_from(source).where(*within(c.day, since, until)).group_by(key, c.what)


def _gains(by: str, since: date | None, until: date | None) -> Select[Any]:
    g = gain.c
    key, source = _key(by, gain)
    sums = (key.label("key"), g.kind, g.status, func.sum(g.worth).label("worth"), func.count().label("n"))
    counted = g.status.in_((CONFIRMED, CLAIMED))
    return (
        select(*sums).select_from(source).where(counted, *within(g.day, since, until)).group_by(key, g.kind, g.status)
    )


def _key(by: str, entries: Any) -> tuple[Any, FromClause]:
    """Return what entries are grouped by, and what they are joined with for it."""
    c, t = entries.c, ticket.c
    if by == "month":
        return extract("year", c.day) * 100 + extract("month", c.day), entries
    if by == "customer":
        return c.customer_id, entries
    joined = entries.outerjoin(ticket, t.id == c.ticket_id)
    if by == "product":
        return func.coalesce(asset.c.product, literal("")), joined.outerjoin(asset, asset.c.id == t.asset_id)
    return {"queue": t.queue_id, "category": t.category_id}.get(by, null()), joined


def _called(reader: Reader, by: str, keys: Collection[Any]) -> Mapping[Any, str]:
    known = [key for key in keys if key is not None]
    if by == "month":
        return {key: f"{int(key) // 100}-{int(key) % 100:02}" for key in known}
    if by == "product":
        return {key: str(key) for key in known}
    return names(reader, {"queue": queue, "category": category}.get(by, tables.customer), known)
