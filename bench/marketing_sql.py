"""The questions about marketing, answered by SQL that is written by hand for each database."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bench.raw import Raw

_WITHIN = "t.engaging AND t.at <= o.closed_at AND t.at >= {earlier}"
_TREE = (
    "tree(top, id) AS (SELECT id, id FROM marketing_campaign WHERE {tops} "
    "UNION ALL SELECT tree.top, c.id FROM marketing_campaign c JOIN tree ON c.parent_id = tree.id)"
)
_WORTH = "o.amount * CASE WHEN o.currency = 'CNY' THEN 1 ELSE CAST(o.rate AS numeric) END"
_COST = (
    "(SELECT sum(l.quantity * p.cost {scale}) FROM sales_line l JOIN sales_product p ON p.id = l.product_id "
    "WHERE l.opportunity_id = o.id)"
)
_RATED = "CASE WHEN o.currency = 'CNY' THEN 1 ELSE CAST(o.rate AS numeric) END"


class Hand:
    """A connection, and the questions; sums are in whole units of the currency."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        sqlite = raw.dialect == "sqlite"
        self._unit = Decimal("0.0001") if sqlite else Decimal(1)
        self._earlier = (
            "strftime('%Y-%m-%d %H:%M:%f000', o.closed_at, '-365 days')"
            if sqlite
            else "o.closed_at - interval '365 days'"
        )
        self._scale = "/ 10000" if sqlite else ""

    def _touch(self, order: str) -> str:
        """Return the campaign of the first or last touch: each way by its index, and the better of them."""
        within = _WITHIN.format(earlier=self._earlier)
        ways = (
            "FROM marketing_touch t WHERE t.contact_id = o.contact_id",
            "FROM marketing_touch t WHERE t.customer_id = o.customer_id",
            "FROM position p JOIN marketing_touch t ON t.contact_id = p.contact_id AND coalesce(t.customer_id, 0) = 0 "
            "WHERE p.customer_id = o.customer_id AND p.ended IS NULL",
        )
        each = " UNION ALL ".join(
            f"SELECT * FROM (SELECT t.campaign_id, t.at, t.id {way} AND {within} "
            f"ORDER BY t.at {order}, t.id {order} LIMIT 1) AS way{place}"
            for place, way in enumerate(ways)
        )
        return f"(SELECT campaign_id FROM ({each}) AS ways ORDER BY at {order}, id {order} LIMIT 1)"

    def _won(self, *columns: str, condition: str = "") -> str:
        return (
            f"SELECT o.id, o.customer_id, {', '.join(columns)} FROM sales_opportunity o "
            f"WHERE o.status = 'won' AND o.closed_on >= '2023-01-01' {condition}"
        )

    def _margin(self) -> str:
        return f"(o.amount - {_COST.format(scale=self._scale)} / {_RATED}) * {_RATED} AS margin"

    def _rows(self, statement: str) -> list[Any]:
        return list(self._raw.execute(statement).fetchall())

    def _money(self, value: Any) -> int:
        return round(Decimal(str(value or 0)) * self._unit)

    def attribution(self) -> Any:
        """Return (orders, customers, revenue) by touch and tree of campaigns."""
        won = self._won(
            f"{_WORTH} AS worth", f"{self._touch('ASC')} AS first_one", f"{self._touch('DESC')} AS last_one"
        )
        rows = self._rows(
            f"WITH RECURSIVE {_TREE.format(tops='parent_id IS NULL')}, won AS ({won}), credited AS ("
            "SELECT 'first' AS touch, first_one AS campaign, customer_id, worth FROM won "
            "UNION ALL SELECT 'last', last_one, customer_id, worth FROM won) "
            "SELECT touch, tree.top, count(*), count(DISTINCT customer_id), sum(worth) FROM credited "
            "LEFT JOIN tree ON tree.id = campaign GROUP BY touch, tree.top"
        )
        return {(touch, top): (orders, customers, self._money(worth)) for touch, top, orders, customers, worth in rows}

    def returns(self) -> Any:
        """Return (spent, members, orders, revenue, margin) by tree of campaigns; touches first and last are counted."""
        won = self._won(
            f"{_WORTH} AS worth", self._margin(),
            f"{self._touch('ASC')} AS first_one", f"{self._touch('DESC')} AS last_one",
        )  # fmt: skip
        tree = _TREE.format(tops="parent_id IS NULL")
        brought = self._rows(
            f"WITH RECURSIVE {tree}, won AS ({won}), credited AS ("
            "SELECT 'first' AS touch, first_one AS campaign, customer_id, worth, margin FROM won "
            "UNION ALL SELECT 'last', last_one, customer_id, worth, margin FROM won) "
            "SELECT touch, tree.top, count(*), count(DISTINCT customer_id), sum(worth), sum(margin) FROM credited "
            "LEFT JOIN tree ON tree.id = campaign GROUP BY touch, tree.top"
        )
        spent = dict(self._rows(
            f"WITH RECURSIVE {tree} SELECT tree.top, sum(s.amount * CAST(s.rate AS numeric)) FROM marketing_spend s "
            "JOIN tree ON tree.id = s.campaign_id WHERE s.day >= '2023-01-01' GROUP BY tree.top"
        ))  # fmt: skip
        members = self._members("parent_id IS NULL")
        last = defaultdict(lambda: (0, 0, 0, 0), {top: row for touch, top, *row in brought if touch == "last"})
        return {
            top: (self._money(spent.get(top)), members.get(top, 0), last[top][0], self._money(last[top][2]),
                  round(self._money(last[top][3]) / 1000))
            for top in spent
        }  # fmt: skip

    def _members(self, tops: str) -> dict[int, int]:
        rows = self._rows(
            f"WITH RECURSIVE {_TREE.format(tops=tops)} SELECT tree.top, count(DISTINCT m.contact_id), "
            "count(DISTINCT m.contact_id) FILTER (WHERE m.responded_at IS NOT NULL) "
            "FROM marketing_member m JOIN tree ON tree.id = m.campaign_id GROUP BY tree.top"
        )
        return {top: members for top, members, _responses in rows}

    def page(self, ids: Sequence[int]) -> Any:
        """Return (cost, members, orders, revenue, margin) of some campaigns, by last touch."""
        tops = f"id IN ({', '.join(map(str, ids))})"
        tree = _TREE.format(tops=tops)
        won = self._won(f"{_WORTH} AS worth", self._margin(), f"{self._touch('DESC')} AS last_one")
        orders = defaultdict(lambda: (0, 0, 0), {top: row for top, *row in self._rows(
            f"WITH RECURSIVE {tree}, won AS ({won}) SELECT tree.top, count(*), sum(worth), sum(margin) "
            "FROM won "
            "JOIN tree ON tree.id = last_one GROUP BY tree.top"
        )})  # fmt: skip
        spent = dict(self._rows(
            f"WITH RECURSIVE {tree} SELECT tree.top, sum(s.amount * CAST(s.rate AS numeric)) FROM marketing_spend s "
            "JOIN tree ON tree.id = s.campaign_id GROUP BY tree.top"
        ))  # fmt: skip
        members = self._members(tops)
        return {
            key: (self._money(spent.get(key)), members.get(key, 0), orders[key][0],
                  self._money(orders[key][1]), round(self._money(orders[key][2]) / 1000))
            for key in ids
        }  # fmt: skip

    def products(self) -> Any:
        """Return how many customers bought each product by tree of campaigns, by last touch."""
        won = self._won(f"{_RATED} AS rate", f"{self._touch('DESC')} AS last_one")
        rows = self._rows(
            f"WITH RECURSIVE {_TREE.format(tops='parent_id IS NULL')}, won AS ({won}) "
            "SELECT l.product_id, tree.top, count(DISTINCT won.customer_id), count(DISTINCT won.id), sum(l.quantity), "
            "sum(l.amount * won.rate) FROM won JOIN tree ON tree.id = last_one "
            "JOIN sales_line l ON l.opportunity_id = won.id GROUP BY l.product_id, tree.top"
        )
        return {(product, top): customers for product, top, customers, *_sums in rows}
