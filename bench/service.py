"""Service in the large: a million tickets, beside SQL that answers the same by hand.

Both sides read the same tables and must agree. By hand nobody is private; ours adds what the asking user may not see,
and totals. Lists are whole, as many rows as a command gives, and both sides hand over values, not texts of a driver: of
a page of fifty what costs is the asking, and by hand it would be nothing. How long that takes stands for itself.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from zoneinfo import ZoneInfo

from bench.place import LOGIN, Place
from bench.raw import Raw
from bench.result import Result
from bench.scale import Scale
from bench.service_ours import Ours, acts
from bench.service_sql import Hand
from bench.tickets import NOW, ticketed
from bench.timing import compared, in_turns
from crmcore.app import App

GOAL, PAGE_GOAL = 2.0, 0.1
ALL, PAGE, PEOPLE, DAYS = 10_000, 50, 2_000, 3


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure lists of a queue and of breaches, profit and loss, figures, and whom tickets give peace."""
    made = ticketed(place, scale.contacts)
    os.environ["CRM_NOW"] = NOW.isoformat()
    raw, app = Raw(made.url), App(made.url)
    if raw.dialect == "sqlite":
        raw.execute("PRAGMA cache_size = -32768")  # as much as ours have, so that neither side reads less from files
    hand, ours = Hand(raw), Ours(app, app.actor(LOGIN), ZoneInfo("Asia/Shanghai"))
    queue_id, people = made.queue_ids[3], list(made.contact_ids[:PEOPLE])
    towards = acts(people, [made.customer_ids[n % len(made.customer_ids)] for n in range(len(people))])
    sides: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "open tickets of a queue": (lambda: hand.listed(queue_id, ALL), lambda: ours.listed(queue_id, ALL)),
        "what waits in each queue": (hand.queues, ours.queues),
        "all breaches": (lambda: hand.breaches(ALL), lambda: ours.breaches(ALL)),
        "profit and loss by queue": (lambda: hand.statement("queue"), lambda: ours.statement("queue")),
        "profit and loss by product": (lambda: hand.statement("product"), lambda: ours.statement("product")),
        "profit and loss by month": (hand.months, ours.months),
        "tickets resolved by queue": (hand.resolved, lambda: ours.figure("service.resolved")),
        "answered in time by queue": (hand.response_met, lambda: ours.figure("service.response_met")),
        "resolved at first contact by queue": (hand.first_contact, lambda: ours.figure("service.first_contact")),
        "hours to resolution by queue": (hand.hours, lambda: ours.figure("service.resolution_hours")),
    }
    told: Mapping[str, tuple[Callable[[], object], Callable[[], object]]] = {
        **sides,
        f"peace for {PEOPLE:,} people": (lambda: hand.peace(people, DAYS), lambda: ours.peace(towards)),
    }
    for what, (by_hand, by_us) in told.items():
        found, wanted = by_us(), by_hand()
        if found != wanted:
            raise RuntimeError(f"SQL by hand and crmcore disagree on {what}: {wanted}; {found}")
    note = f"{made.count:,} tickets, {2 * made.count:,} posts, {made.count:,} costs"
    for what, (by_hand, by_us) in sides.items():
        times = in_turns({"floor": by_hand, "ours": by_us}, rounds=max(1, scale.rounds // 2), calls=1, warm=False)
        yield compared(f"service: {what}", place.database, times["floor"], times["ours"], GOAL, note)
    for what, work, goal in (
        (f"{PAGE} tickets of a queue", lambda: ours.listed(queue_id, PAGE), PAGE_GOAL),
        (f"the {PAGE} longest breaches", lambda: ours.breaches(PAGE), PAGE_GOAL),
        (f"peace for {PEOPLE:,} people, each with a reason", lambda: ours.peace(towards), 1.0),
    ):
        taken = in_turns({"ours": work}, rounds=scale.rounds, calls=2)["ours"].median
        yield Result(work=f"service: {what}", database=place.database, ours=taken, goal=goal, unit="s", note=note)
    del os.environ["CRM_NOW"]
    raw.close()
    app.close()
    place.drop(made.url)
