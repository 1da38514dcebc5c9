"""Audiences of a million people: whom a condition chooses, beside SQL by hand that chooses the same.

Both sides read the same tables and count whom they find. By hand nobody is private; ours adds what the asking user may
not see. A contact's customer is that of its oldest current position, on both sides.
"""

from collections.abc import Callable, Iterator, Mapping
from time import perf_counter
from typing import Any

from sqlalchemy import func, select

from bench.place import LOGIN
from bench.raw import Raw
from bench.result import Result
from crmcore.app import App

_STANDS_FOR = (
    "JOIN position p ON p.contact_id = c.id AND p.ended IS NULL AND NOT EXISTS "
    "(SELECT 1 FROM position o WHERE o.contact_id = c.id AND o.id < p.id AND o.ended IS NULL)"
)
_MAIL = (
    "EXISTS (SELECT 1 FROM contact_point q WHERE q.contact_id = c.id AND q.kind = 'email' AND q.status = '')"
)  # fmt: skip
_WON = (
    "(SELECT customer_id, count(*) AS deals, sum(amount * CASE WHEN currency = 'CNY' THEN 1 ELSE CAST(rate AS NUMERIC) "
    "END) AS worth FROM sales_opportunity WHERE status = 'won' GROUP BY customer_id) d ON d.customer_id = p.customer_id"
)
_ENGAGED = (
    "(SELECT contact_id, max(at) AS latest FROM marketing_touch WHERE engaging GROUP BY contact_id) t "
    "ON t.contact_id = c.id"
)
_ALIVE = "c.merged_into_id IS NULL"
_NAMES = "(substr(c.name, 1, 2) = 'An' OR substr(c.name, 1, 1) = '王')"

CASES: Mapping[str, tuple[str, str]] = {
    "an audience by what people are": (
        "contact.name.startsWith('An') || contact.name.startsWith('王')",
        f"SELECT count(*) FROM contact c WHERE {_ALIVE} AND {_NAMES}",
    ),
    "an audience of buyers": (
        "contact.has_email && sales.won_amount >= 1000000",
        f"SELECT count(*) FROM contact c {_STANDS_FOR} JOIN {_WON} "
        f"WHERE {_ALIVE} AND {_MAIL} AND d.worth >= 1000000 * {{unit}}",
    ),
    "an audience of those who never bought": (
        "contact.has_email && sales.won_deals == 0 && customer.kind == 'organisation'",
        f"SELECT count(*) FROM contact c {_STANDS_FOR} JOIN customer k ON k.id = p.customer_id LEFT JOIN {_WON} "
        f"WHERE {_ALIVE} AND {_MAIL} AND coalesce(d.deals, 0) = 0 AND k.kind = 'organisation'",
    ),
    "an audience of those who grew silent": (
        "marketing.last_engaged < timestamp('2025-06-01T00:00:00Z') && sales.won_deals > 0",
        f"SELECT count(*) FROM contact c {_STANDS_FOR} JOIN {_WON} JOIN {_ENGAGED} "
        f"WHERE {_ALIVE} AND d.deals > 0 AND t.latest < '2025-06-01 00:00:00{{zone}}'",
    ),
}
"""By name: the condition, and the SQL by hand, where `{unit}` is what one of the currency is kept as."""


def sides(raw: Raw, app: App) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """Return by name how the same is asked by hand, and of us."""
    known = {"unit": "10000", "zone": ""} if raw.dialect == "sqlite" else {"unit": "1", "zone": "+00"}
    return {
        what: (_by_hand(raw, statement.format(**known)), _ours(app, condition))
        for what, (condition, statement) in CASES.items()
    }


def _by_hand(raw: Raw, statement: str) -> Callable[[], object]:
    return lambda: raw.execute(statement).fetchone()[0]


def _ours(app: App, condition: str) -> Callable[[], object]:
    from crmcore.api import selection

    actor = app.actor(LOGIN)

    def work() -> object:
        with app.read(actor) as reader:
            chosen = selection(reader, condition).statement.subquery()
            return reader.value(select(func.count()).select_from(chosen))

    return work


def explained(database: str, app: App) -> Iterator[Result]:
    """Measure the whole explanation of an audience: every condition counted, everybody chosen asked about by policy."""
    from crmcore_marketing.audiences.explaining import explained
    from crmcore_marketing.audiences.judging import Plan

    from crmcore.api import selection

    with app.transaction(app.actor(LOGIN)) as tx:
        began = perf_counter()
        one = selection(tx, CASES["an audience of buyers"][0])
        found: Any = explained(tx, one, Plan(channel="email", purpose="marketing", at=tx.now))
        took = perf_counter() - began
    yield Result(
        work="marketing: an audience explained", database=database, ours=took, unit="s",
        note=f"{found.chosen:,} chosen of {found.people:,}, everybody asked about by policy",
    )  # fmt: skip
