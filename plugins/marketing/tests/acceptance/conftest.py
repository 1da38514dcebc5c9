"""`market`: campaigns, touches, spending and deals in bulk, in an office with marketing and sales.

market.campaign("Lecture", type="lecture", cost=1_000_000)      its id; what it cost goes into the ledger
market.touched(campaign, customer=7, at="2026-03-01")           its first contact did something; kind="sent": got a mail
market.won(customer=7, on="2026-04-01", revenue=..., margin=..., goods={"RT": 2})
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from crmcore_marketing.campaigns.touching import Touch, touch
from crmcore_marketing.model.campaign import Campaign, Spend

DAY = date(2026, 1, 15)


class Market:
    """What happens in a market; all is written at once by `open`."""

    def __init__(self, office):
        from crmcore_sales.model.product import Product

        self.office, self._staff = office, office.staff
        self._touches, self._deals, self.products = [], [], {}
        cost, gain = (Product(code=code, name=code, cost=Decimal(n)) for code, n in (("COST", 1), ("GAIN", 0)))
        office.insert(cost, gain)
        self._cost, self._gain = cost.id, gain.id

    def product(self, code, **more):
        from crmcore_sales.model.product import Product

        made = Product(code=code, name=f"{code} line", family="F", **more)
        self.office.insert(made)
        self.products[code] = made.id
        return made.id

    def campaign(self, name, *, cost=0, on=DAY, **more):
        made = Campaign(name=name, status="active", **more)
        self.office.insert(made)
        if cost:
            self.office.insert(Spend(campaign_id=made.id, amount=Decimal(cost), day=on, what="all of it"))
        return made.id

    def touched(self, campaign, *, customer, at, kind="attended", named=True, staff=0, **more):
        key = self.office.customers[customer] if named else None
        contact = self._staff[customer][staff]
        self._touches.append(
            Touch(campaign_id=campaign, kind=kind, at=_noon(at), contact_id=contact, customer_id=key, **more)
        )

    def won(self, *, customer, on, revenue=None, margin=None, goods=(), **more):
        from crmcore_sales.model.opportunity import Line, Opportunity

        day = date.fromisoformat(on)
        deal = Opportunity(
            title=f"Order of {customer}", customer_id=self.office.customers[customer], stage="won", status="won",
            reason="price", owner_id=self.office.users["wang"], amount=None if revenue is None else Decimal(revenue),
            rate=Decimal(1), closed_on=day, closed_at=_noon(on), entered_at=_noon(on), **more,
        )  # fmt: skip
        lines = [(self.products[code], n, Decimal(100)) for code, n in dict(goods).items()]
        if margin is not None:
            lines = [(self._cost, Decimal(revenue - margin), 1), (self._gain, Decimal(margin), 1)]
        self._deals.append((deal, [
            Line(opportunity_id=0, product_id=product, quantity=Decimal(n), unit_price=Decimal(price))
            for product, n, price in lines if n
        ]))  # fmt: skip

    def open(self):
        self.office.insert(*(deal for deal, _lines in self._deals))
        for deal, lines in self._deals:
            for one in lines:
                one.opportunity_id = deal.id
        self.office.insert(*(one for _deal, lines in self._deals for one in lines))
        with self.office.at(datetime(2026, 11, 24, 2, tzinfo=UTC), user="ann") as tx:
            touch(tx, self._touches)
        self._touches, self._deals = [], []


def _noon(day):
    return datetime.combine(date.fromisoformat(day), time(4), UTC)


@pytest.fixture
def market(office_with_sales):
    return Market(office_with_sales)
