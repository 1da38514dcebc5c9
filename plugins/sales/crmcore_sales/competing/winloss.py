"""Why deals are won and lost: counted by reason, product, rep, size and more, in the database (row S4-17)."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, FromClause, case, func, literal, select, type_coerce

from crmcore.api import Fixed, Reader, logins, tables
from crmcore_sales.catalogue.rates import base
from crmcore_sales.competing.chance import Share, share_of
from crmcore_sales.competing.counts import added, sums, worth_in
from crmcore_sales.competing.reasons import reasons
from crmcore_sales.i18n import _
from crmcore_sales.pipeline.finding import Asked, conditions
from crmcore_sales.tables import competitor, line, opportunity, product, rivalry

BANDS = (Decimal(100_000), Decimal(1_000_000))
"""Where one size of deals ends and the next begins, in the workspace's currency."""
_MOST = 2_000
_CENT = Decimal("0.01")


@frozen(kw_only=True)
class Group:
    """Decided deals that have something in common: `n` of them, won and lost; amounts in the workspace's currency.

    `rate` is the share of them that was won; `of_lost` and `of_won` are their parts of all lost and won deals. `key` is
    what programs know it by, `label` what people call it; both are empty where nothing is known.
    """

    key: str
    label: str
    n: int
    won: int
    lost: int
    rate: Share
    of_lost: Share
    of_won: Share
    won_amount: Decimal
    lost_amount: Decimal


@frozen(kw_only=True)
class WinLoss:
    """Decided deals as a whole and by one thing, the most frequent first; `more` groups are not among them.

    A deal with several products or competitors is in several groups. `unpriced` deals are in a currency whose rate of
    the day was not known: they count, but not in the amounts, which are in `currency`.
    """

    by: str
    currency: str
    whole: Group
    groups: Sequence[Group]
    more: int
    unpriced: int


@frozen(kw_only=True)
class _Cut:
    """How deals are grouped: by which column, what must be joined, what each counts, and how keys are called."""

    key: Any
    origin: FromClause = opportunity
    amount: Any = opportunity.c.amount
    each: Any = None
    called: Callable[[Reader, Sequence[Any]], Mapping[Any, str]] | None = None


def _products(reader: Reader, keys: Sequence[int]) -> Mapping[int, str]:
    p = product.c
    rows = reader.rows(select(p.id, p.code, p.name).where(p.id.in_([each for each in keys if each])))
    return {row.id: f"{row.code} {row.name}" for row in rows}


def _competitors(reader: Reader, keys: Sequence[int]) -> Mapping[int, str]:
    c = competitor.c
    return {row.id: row.name for row in reader.rows(select(c.id, c.name).where(c.id.in_(keys)))}


def _teams(_reader: Reader, keys: Sequence[str]) -> Mapping[str, str]:
    return {each: each for each in keys if each}


_LINES = opportunity.join(line, line.c.opportunity_id == opportunity.c.id)
_RIVALS = opportunity.join(rivalry, rivalry.c.opportunity_id == opportunity.c.id)
_USERS = opportunity.outerjoin(tables.user_account, tables.user_account.c.id == opportunity.c.owner_id)
_CUTS = {
    "reason": _Cut(key=opportunity.c.reason),
    "product": _Cut(
        key=line.c.product_id, origin=_LINES, amount=line.c.amount, each=opportunity.c.id.distinct(), called=_products
    ),
    "rep": _Cut(key=opportunity.c.owner_id, called=logins),
    "team": _Cut(key=tables.user_account.c.team, origin=_USERS, called=_teams),
    "size": _Cut(key=literal(0)),
    "competitor": _Cut(key=rivalry.c.competitor_id, origin=_RIVALS, called=_competitors),
    "channel": _Cut(key=opportunity.c.channel),
    "region": _Cut(key=opportunity.c.region),
}
BY = tuple(_CUTS)
"""What deals can be counted by."""


def winloss(reader: Reader, by: str, asked: Asked, *, limit: int = 50, bands: Sequence[Decimal] = BANDS) -> WinLoss:
    """Return the decided deals that are `asked` for, as a whole and grouped: five statements at most, by whatever.

    `bands` are the limits of sizes, in ascending order.
    """
    cut, currency = _CUTS[by], base(reader)
    worth = worth_in(opportunity.c.amount, currency)
    key = _size(worth, bands) if by == "size" else cut.key
    decided = [opportunity.c.status != "open", *conditions(asked)]  # most are decided: no index helps to find them
    rows: Sequence[Any] = reader.rows(
        select(key.label("key"), *sums(worth_in(cut.amount, currency), cut.each, currency))
        .select_from(cut.origin)
        .where(*decided)
        .group_by(key)
        .order_by(func.count().desc(), key)
        .limit(_MOST)
    )
    if cut.each is None and by != "competitor" and len(rows) < _MOST:
        whole: Any = added(rows)
    else:
        whole = reader.rows(select(*sums(worth, None, currency)).where(*decided))[0]
    if by == "reason":
        counts: list[tuple[str, str, Any]] = reasons(reader, rows, decided, currency)
    else:
        called = cut.called(reader, [row.key for row in rows]) if cut.called else {}
        counts = [(*_named(by, row.key, called, bands, currency), row) for row in rows]
    groups = sorted((_group(*one, whole) for one in counts), key=lambda one: (-one.n, one.label))
    return WinLoss(
        by=by,
        currency=currency,
        whole=_group("", "", whole, whole),
        groups=groups[:limit],
        more=max(len(groups) - limit, 0),
        unpriced=whole.unpriced,
    )


def _group(key: str, label: str, row: Any, whole: Any) -> Group:
    n = row.won + row.lost
    return Group(
        key=key,
        label=label,
        n=n,
        won=row.won,
        lost=row.lost,
        rate=share_of(row.won, n),
        of_lost=share_of(row.lost, whole.lost),
        of_won=share_of(row.won, whole.won),
        won_amount=(row.won_amount or Decimal(0)).quantize(_CENT),
        lost_amount=(row.lost_amount or Decimal(0)).quantize(_CENT),
    )


def _size(worth: ColumnElement[Any], bands: Sequence[Decimal]) -> ColumnElement[int]:
    """Return the place of a deal's band: 0 for the smallest, -1 where no amount is known."""
    limits = [(type_coerce(worth, Fixed) < limit, place) for place, limit in enumerate(bands)]
    return case((worth.is_(None), -1), *limits, else_=len(bands))


def _named(by: str, key: Any, called: Mapping[Any, str], bands: Sequence[Decimal], currency: str) -> tuple[str, str]:
    """Return a group's key for programs and its name for people."""
    if by != "size":
        return str(key or ""), called.get(key, "") if _CUTS[by].called else str(key or "")
    if key < 0:
        return "", ""
    if key == 0:
        return f"<{bands[0]:f}", _("below {amount} {currency}").format(amount=f"{bands[0]:,}", currency=currency)
    low = bands[key - 1]
    if key == len(bands):
        return f">={low:f}", _("from {amount} {currency}").format(amount=f"{low:,}", currency=currency)
    said = _("{low} to {high} {currency}").format(low=f"{low:,}", high=f"{bands[key]:,}", currency=currency)
    return f"{low:f}-{bands[key]:f}", said
