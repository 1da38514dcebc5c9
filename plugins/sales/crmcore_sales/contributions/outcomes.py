"""What business comes to in the keeping of sales: leads, quotes, opportunities, and the products they are of.

Margins are what is left after the costs of an accepted quote, else of the products as they cost now; they are not known
while one line's cost is not.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Numeric, ScalarSelect, Select, case, cast, func, literal, literal_column, select

from crmcore.api import BASE, NOW, Lines, Outcome, Products, impl, times
from crmcore_sales.catalogue.rates import rate_at
from crmcore_sales.i18n import _
from crmcore_sales.model.quote import ACCEPTED, DRAFT, HELD, OPEN
from crmcore_sales.tables import lead, line, opportunity, product, quote, quote_line

_o, _q, _l = opportunity.c, quote.c, lead.c


@impl
def crm_outcomes() -> Iterator[Outcome]:
    """Declare them."""
    yield Outcome(
        name="sales.lead", title=_("Leads"), stage="lead", source=lead, record=_l.id, entity=lead.name, text=_l.title,
        customer=_l.customer_id, contact=_l.contact_id, user=_l.owner_id, began=_l.received_at, closed=_l.closed_at,
        state=case((_l.opportunity_id.is_not(None), "won"), (_l.closed_at.is_not(None), "lost"), else_="open"),
        reason=_l.reason, amount=_l.amount, currency=_l.currency,
        rate=rate_at(_l.currency, func.coalesce(_l.closed_at, NOW)), campaign=_l.campaign,
    )  # fmt: skip
    yield Outcome(
        name="sales.quote", title=_("Quotes"), stage="quote", source=quote, record=_q.id, entity=quote.name,
        text=_q.number, customer=_q.customer_id, contact=_q.contact_id, user=_q.owner_id,
        began=func.coalesce(_q.sent_at, _q.created_at), closed=_q.closed_at,
        state=case((_q.status == ACCEPTED, "won"), (_q.status.in_((DRAFT, HELD, OPEN)), "open"), else_="lost"),
        reason=_q.reason, amount=_q.amount, currency=_q.currency,
        rate=rate_at(_q.currency, func.coalesce(_q.closed_at, NOW)), margin=_q.amount - _cost_of_quote(),
        lines=_lines(quote_line, quote_line.c.quote_id),
    )  # fmt: skip
    rate = case(
        (_o.currency == BASE, literal_column("1")),
        (_o.status == "open", rate_at(_o.currency, NOW)),
        else_=cast(_o.rate, Numeric),
    )
    yield Outcome(
        name="sales.opportunity", title=_("Opportunities"), stage="deal", source=opportunity, record=_o.id,
        entity=opportunity.name, text=_o.title, customer=_o.customer_id, contact=_o.contact_id, user=_o.owner_id,
        began=_o.created_at, closed=_o.closed_at, day=_o.closed_on, state=_o.status, reason=_o.reason,
        amount=_o.amount, currency=_o.currency, rate=rate, margin=_o.amount - _cost_of_deal(rate),
        campaign=_o.campaign, lines=_lines(line, line.c.opportunity_id),
    )  # fmt: skip


@impl
def crm_products() -> Iterator[Products]:
    """Declare the products that are sold now."""
    c = product.c
    yield Products(source=product, id=c.id, code=c.code, name=c.name, family=c.family, conditions=(c.active.is_(True),))


def _lines(table: Any, record: Any) -> Lines:
    """Return the lines of quotes or opportunities; those in words have no product."""
    c, p = table.c, product.c
    return Lines(
        source=table.outerjoin(product, p.id == c.product_id), record=record, product=c.product_id,
        name=func.coalesce(p.name, c.text), family=func.coalesce(p.family, ""), quantity=c.quantity, amount=c.amount,
    )  # fmt: skip


def _all(parts: Any, quantity: Any, cost: Any) -> "ScalarSelect[Any]":
    """Return what all parts of a deal cost; NULL where there are none, or one's cost is not known."""
    statement: Select[Any] = select(case((func.count() == func.count(cost), func.sum(times(quantity, cost)))))
    return statement.where(*parts).scalar_subquery()


def _cost_of_quote() -> "ScalarSelect[Any]":
    c = quote_line.alias().c
    return _all((c.quote_id == _q.id,), c.quantity, c.cost)


def _cost_of_deal(rate: ColumnElement[Any]) -> ColumnElement[Any]:
    q, part, each, p = quote.alias().c, quote_line.alias().c, line.alias(), product.alias()
    of_it = (q.opportunity_id == _o.id, q.status == ACCEPTED)
    quoted = _all((*of_it, part.quote_id == q.id), part.quantity, part.cost)
    there = case((p.c.currency == _o.currency, p.c.cost), else_=p.c.cost * rate_at(p.c.currency, _o.closed_on) / rate)
    parts = each.outerjoin(p, p.c.id == each.c.product_id)
    listed = select(case((func.count() == func.count(p.c.cost), func.sum(times(each.c.quantity, there)))))
    own = listed.select_from(parts).where(each.c.opportunity_id == _o.id).scalar_subquery()
    return case((select(literal(1)).where(*of_it).exists(), quoted), else_=own)
