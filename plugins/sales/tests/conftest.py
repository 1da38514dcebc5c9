"""`office`: the realistic workspace of `crmcore.testing.office` with sales enabled, a fresh copy for every test.

office.deals([{"customer_id": ..., "owner": "liu", "stage": "won", "closed": day, "at": instant, "lines": [...]}])
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from crmcore.testing import office as offices
from crmcore.testing.bulk import ids, insert
from crmcore.testing.clock import Clock
from crmcore.testing.databases import Databases
from crmcore.testing.office import CUSTOMERS

KINDS = ("sqlite", "postgresql")


class Office(offices.Office):
    """A copy of the office, for one test; see the module."""

    def deals(self, given: Iterable[dict[str, Any]]) -> list[Any]:
        """Write opportunities in bulk and return them; each has the fields of `Opportunity`, all with defaults, and

        `owner` (login), `at` (when it was made), `closed` (the day it was won or lost), `lines` (pairs or triples of
        product id, quantity and unit price), `rivals` (competitor ids, or triples of id, price and whether it won).
        """
        from crmcore_sales.model.competitor import Rivalry
        from crmcore_sales.model.opportunity import Line, Opportunity

        made, parts = [], []
        given = [dict(one) for one in given]
        for place, (key, one) in enumerate(zip(ids(self.app, len(given)), given, strict=True)):
            lines, rivals, closed = one.pop("lines", ()), one.pop("rivals", ()), one.pop("closed", None)
            at: datetime = one.pop("at", None) or self.clock.now
            one["owner_id"] = self.users[one.pop("owner", "wang")]
            one.setdefault("stage", "qualification")
            one.setdefault("status", one["stage"] if one["stage"] in ("won", "lost") else "open")
            if closed is not None:
                noon = datetime.combine(closed, time(4), UTC)
                one = {"closed_on": closed, "closed_at": noon, "entered_at": noon, "updated_at": noon, **one}
            named = {"title": f"Deal {place}", "customer_id": self.customers[place % CUSTOMERS], "currency": "CNY"}
            made.append(Opportunity(**{"id": key, **named, "created_at": at, "entered_at": at, **one}))
            for product, quantity, *price in lines:
                each = {"unit_price": Decimal(price[0])} if price else {}
                parts.append(Line(opportunity_id=key, product_id=product, quantity=Decimal(quantity), **each))
            for rival in rivals:
                who, price, won = rival if isinstance(rival, Sequence) else (rival, None, False)
                parts.append(Rivalry(opportunity_id=key, competitor_id=who, price=price, won=won, seen_at=at))
        insert(self.app, [*made, *parts])
        return made


@pytest.fixture(params=KINDS)
def crm_database(request: pytest.FixtureRequest, crm_databases: Databases, tmp_path: Any) -> Iterator[str]:
    """An empty database: every test of sales that has a workspace runs on both."""
    address = crm_databases.new(request.param, tmp_path)
    yield address
    crm_databases.drop(address)


@pytest.fixture
def office(crm_database: str, crm_databases: Databases, crm_clock: Clock) -> Iterator[Office]:
    """A workspace of realistic size with sales enabled; see the module."""
    opened = offices.open_office(crm_database, crm_databases, crm_clock, plugins=("sales",), cls=Office)
    yield opened
    opened.app.close()
