"""Figures of deals, for `crm metric`: won, open, weighted, win rate, average deal, days to close."""

from collections.abc import Iterator

from sqlalchemy import Float, Numeric, cast, extract, func, select, type_coerce

from crmcore.api import TODAY, Fixed, Metric, share
from crmcore_sales.i18n import _
from crmcore_sales.tables import line, opportunity, rate

_o = opportunity.c
_DAY = 86_400
_ABOUT = {
    "customer": _o.customer_id, "contact": _o.contact_id, "user": _o.owner_id, "region": _o.region,
    "channel": _o.channel, "campaign": _o.campaign, "state": _o.stage, "currency": _o.currency,
}  # fmt: skip
_SOLD = opportunity.join(line, line.c.opportunity_id == _o.id)
_BY_PRODUCT = {**_ABOUT, "product": line.c.product_id}
_WON, _DECIDED, _OPEN = _o.status == "won", _o.status.in_(["won", "lost"]), _o.status == "open"
_AT_CLOSE = cast(_o.rate, Numeric)
_TODAYS = func.coalesce(
    select(cast(rate.c.rate, Numeric))
    .where(rate.c.currency == _o.currency, rate.c.day <= TODAY)
    .order_by(rate.c.day.desc())
    .limit(1)
    .scalar_subquery(),
    1,
)
_CYCLE = extract("epoch", _o.closed_at) - extract("epoch", _o.created_at)


def deal_metrics() -> Iterator[Metric]:
    """Declare them. Amounts are in the workspace's currency: won at the rates of the day, open at today's.

    A currency that has no rates counts as the workspace's own among the open ones, and not at all among the won.
    """
    rated = (_WON, _o.rate.is_not(None))
    won = cast(func.sum(_o.amount * _AT_CLOSE), Fixed)
    yield Metric(
        name="sales.won", title=_("Won amount"), value=won, source=opportunity, at=_o.closed_on, conditions=rated,
        dimensions=_ABOUT, text=_o.title,
    )  # fmt: skip
    yield Metric(
        name="sales.won.average", title=_("Average won deal"), value=cast(func.avg(_o.amount * _AT_CLOSE), Fixed),
        source=opportunity, at=_o.closed_on, conditions=rated, dimensions=_ABOUT, text=_o.title,
    )  # fmt: skip
    yield Metric(
        name="sales.won.lines", title=_("Won amount by product"),
        value=cast(func.sum(line.c.amount * _AT_CLOSE), Fixed), source=_SOLD, at=_o.closed_on, conditions=rated,
        dimensions=_BY_PRODUCT, record=_o.id, entity=opportunity.name, text=_o.title,
    )  # fmt: skip
    yield Metric(
        name="sales.won.units", title=_("Units won"), value=func.sum(line.c.quantity), source=_SOLD, at=_o.closed_on,
        conditions=(_WON,), dimensions=_BY_PRODUCT, record=_o.id, entity=opportunity.name, text=_o.title,
    )  # fmt: skip
    yield Metric(
        name="sales.win_rate", title=_("Deals won of those decided"), value=share(_WON), unit="%", source=opportunity,
        at=_o.closed_on, conditions=(_DECIDED,), dimensions={**_ABOUT, "reason": _o.reason}, text=_o.title,
    )  # fmt: skip
    yield Metric(
        name="sales.cycle", title=_("Days from the first entry to the win"), unit=_("days"),
        value=type_coerce(func.round(cast(func.avg(_CYCLE) / _DAY, Numeric), 1), Float), source=opportunity,
        at=_o.closed_on, conditions=(_WON, _o.closed_at.is_not(None)), dimensions=_ABOUT, text=_o.title,
    )  # fmt: skip
    yield Metric(
        name="sales.pipeline", title=_("Open deals"), value=cast(func.sum(_o.amount * _TODAYS), Fixed),
        source=opportunity, conditions=(_OPEN,), dimensions=_ABOUT, text=_o.title,
    )  # fmt: skip
    yield Metric(
        name="sales.weighted", title=_("Open deals, times their stated odds"),
        value=cast(func.sum(_o.amount * _TODAYS * _o.probability / 100), Fixed), source=opportunity,
        conditions=(_OPEN, _o.category != "omitted"), dimensions=_ABOUT, text=_o.title,
    )  # fmt: skip
