"""Marketing in the large: what a million people's five million touches brought, beside SQL that answers it by hand.

Both sides read the same tables. By hand nobody is private, all sums are in one currency and touches without a customer
are left to the contact of the deal; ours adds what the asking user may not see, rates, campaigns that deals name
themselves, names and totals.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bench.marketing_audience import explained
from bench.marketing_audience import sides as audience_sides
from bench.marketing_caps import sides as cap_sides
from bench.marketing_sql import Hand
from bench.place import LOGIN, Place
from bench.raw import Raw
from bench.result import Result
from bench.scale import Scale
from bench.timing import compared, in_turns
from bench.touches import TREE, touched
from crmcore.app import App

GOAL = 2.0
_PAGE = 50


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure attribution, returns, the figures of a page of campaigns, and buyers by product."""
    deals = min(scale.opportunities, scale.contacts * 2 // 5)
    made = touched(place, scale.contacts, deals)
    raw, app = Raw(made.url), App(made.url)
    page = list(made.campaign_ids[:: TREE // 5])[:_PAGE]
    hand, ours = Hand(raw), Ours(app)
    sides: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "attribution by first and last touch": (hand.attribution, ours.attribution),
        "return by campaign": (hand.returns, ours.returns),
        f"figures of {len(page)} campaigns": (lambda: hand.page(page), lambda: ours.page(page)),
        "buyers by product and campaign": (hand.products, ours.products),
    }
    sides |= audience_sides(raw, app) | cap_sides(raw, app, made.now, made.material_id)
    for what, (by_hand, by_us) in sides.items():
        found, wanted = by_us(), by_hand()
        if found != wanted:
            raise RuntimeError(f"SQL by hand and crmcore disagree on {what}: {wanted}; {found}")
    for what, (by_hand, by_us) in sides.items():
        times = in_turns({"floor": by_hand, "ours": by_us}, rounds=max(1, scale.rounds // 4), calls=1, warm=False)
        yield compared(
            f"marketing: {what}", place.database, times["floor"], times["ours"], GOAL,
            f"{scale.contacts:,} contacts, {made.touches:,} touches, {deals:,} opportunities",
        )  # fmt: skip
    yield from explained(place.database, app)
    raw.close()
    app.close()
    place.drop(made.url)


class Ours:
    """The questions as crmcore answers them."""

    def __init__(self, app: App) -> None:
        from crmcore_marketing.attribution.crediting import Span

        self._app, self._actor = app, app.actor(LOGIN)
        self._span = Span(since=date(2023, 1, 1), zone=ZoneInfo("Asia/Shanghai"))

    def attribution(self) -> Any:
        """Return (orders, customers, revenue) by touch and tree of campaigns."""
        from crmcore_marketing.attribution.keys import keys
        from crmcore_marketing.attribution.sums import credited

        from crmcore.api import bought

        with self._app.read(self._actor) as reader:
            found = credited(reader, bought(reader), keys("campaign"), self._span)
        return {
            (which, key): (sums.orders, sums.customers, round(sums.revenue))
            for which, one in found.items()
            for key, sums in [*one.rows.items(), (None, one.nowhere)]
        }

    def returns(self) -> Any:
        """Return (spent, members, orders, revenue, margin) by tree of campaigns, by last touch."""
        from crmcore_marketing.attribution.keys import keys
        from crmcore_marketing.attribution.returns import returns

        with self._app.read(self._actor) as reader:
            found = returns(reader, keys("campaign"), self._span)
        return {
            one.key: (round(one.spend), one.members, one.won["last"].orders, round(one.won["last"].revenue),
                      round((one.won["last"].margin or 0) / 1000))
            for one in found.lines
        }  # fmt: skip

    def page(self, ids: list[int]) -> Any:
        """Return (cost, members, orders, revenue, margin) of some campaigns, by last touch."""
        from crmcore_marketing.attribution.figures import figures

        with self._app.read(self._actor) as reader:
            found = figures(reader, ids)
        return {
            key: (round(one.cost), one.members, one.won, round(one.revenue or 0), round((one.margin or 0) / 1000))
            for key, one in found.items()
        }

    def products(self) -> Any:
        """Return how many customers bought each product by tree of campaigns, by last touch."""
        from crmcore_marketing.attribution.keys import keys
        from crmcore_marketing.attribution.products import sold

        from crmcore.api import bought

        with self._app.read(self._actor) as reader:
            found = sold(reader, bought(reader), keys("campaign"), self._span, "last")
        return {(one.id, key): each.customers for one in found for key, each in one.bought.items()}
