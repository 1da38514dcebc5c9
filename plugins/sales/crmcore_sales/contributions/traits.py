"""What selections may ask thanks to sales: deals, quotes and leads, tiers and regions.

Amounts are in the workspace's currency: won at the rates of the day, open at today's; a deal whose rate is not known
counts for nothing.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Numeric, Subquery, Table, case, cast, func, literal_column, select

from crmcore.api import BASE, NOW, TODAY, Fixed, Trait, impl
from crmcore_sales.catalogue.rates import rate_at
from crmcore_sales.i18n import _
from crmcore_sales.model.quote import OPEN
from crmcore_sales.tables import account, lead, opportunity, quote

_CUSTOMER, _CONTACT = "customer", "contact"


@impl
def crm_traits() -> Iterator[Trait]:
    """Declare them."""
    yield from _deals()
    yield from _offers()
    yield from _leads()
    for name, title in (("tier", _("The account's tier")), ("region", _("The account's region"))):
        yield Trait(
            name=name, title=title, of=_CUSTOMER, kind="text", source=account, key=account.c.customer_id,
            value=account.c[name],
        )  # fmt: skip


def _deals() -> Iterator[Trait]:
    o = opportunity.c
    number = func.count().label("number")
    open_, worth = o.status == "open", rate_at(o.currency, NOW)
    rate = case((o.currency == BASE, literal_column("1")), else_=cast(o.rate, Numeric))
    amount = cast(func.sum(o.amount * rate), Fixed).label("amount")
    ahead = cast(func.sum(o.amount * worth), Fixed).label("amount")
    counted = _by_customer(opportunity, (open_,), number)
    valued = _by_customer(opportunity, (open_,), ahead)
    won = _by_customer(opportunity, (o.status == "won",), number, amount, func.max(o.closed_on).label("on"))
    lost = _by_customer(opportunity, (o.status == "lost",), number)
    for name, title, kind, source, column, empty in (
        ("open_opportunities", _("How many deals are open"), "number", counted, "number", 0),
        ("open_amount", _("What its open deals come to"), "number", valued, "amount", 0),
        ("won_deals", _("How many deals were won"), "number", won, "number", 0),
        ("won_amount", _("What its won deals come to"), "number", won, "amount", 0),
        ("last_won", _("The day of the last won deal"), "date", won, "on", None),
        ("lost_deals", _("How many deals were lost"), "number", lost, "number", 0),
    ):
        yield _known(name, title, kind, source, column, empty)


def _offers() -> Iterator[Trait]:
    q = quote.c
    standing = (q.status == OPEN, q.valid_until.is_(None) | (q.valid_until >= TODAY))
    offered = select(q.customer_id).where(*standing).subquery()
    sent = _by_customer(quote, (q.sent_at.is_not(None),), func.max(q.sent_at).label("latest"))
    yield Trait(
        name="has_quote", title=_("Has an open quote"), of=_CUSTOMER, kind="truth", source=offered,
        key=offered.c.customer_id,
    )  # fmt: skip
    yield _known("last_quote", _("When it was last sent a quote"), "instant", sent, "latest", None)


def _leads() -> Iterator[Trait]:
    c = lead.c
    source = (
        select(c.contact_id, func.count().label("number"))
        .where(c.contact_id.is_not(None), c.closed_at.is_(None))
        .group_by(c.contact_id)
        .subquery()
    )
    yield Trait(
        name="open_leads", title=_("How many leads of the person are open"), of=_CONTACT, kind="number", source=source,
        key=source.c.contact_id, value=source.c.number, empty=0,
    )  # fmt: skip


def _by_customer(table: Table, conditions: tuple[Any, ...], *columns: Any) -> Subquery:
    key = table.c.customer_id
    return select(key, *columns).where(key.is_not(None), *conditions).group_by(key).subquery()


def _known(name: str, title: str, kind: str, source: Subquery, column: str, empty: Any) -> Trait:
    return Trait(
        name=name, title=title, of=_CUSTOMER, kind=kind, source=source, key=source.c.customer_id,
        value=source.c[column], empty=empty,
    )  # fmt: skip
