"""Service in the large: a million tickets, beside SQL that answers the same by hand.

Both sides read the same tables and must agree. By hand nobody is private and nothing is named that is not shown; ours
adds what the asking user may not see, names, totals, and what a list tells of each ticket.
"""

import os
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from bench.place import LOGIN, Place
from bench.raw import Raw
from bench.result import Result
from bench.scale import Scale
from bench.service_ours import Ours
from bench.service_sql import Hand
from bench.tickets import NOW, ticketed
from bench.timing import compared, in_turns
from crmcore.app import App

GOAL = 2.0
PAGE, PEOPLE, DAYS = 50, 2_000, 3


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure lists of a queue and of breaches, profit and loss, figures, and whom tickets give peace."""
    made = ticketed(place, scale.contacts)
    os.environ["CRM_NOW"] = NOW.isoformat()
    raw, app = Raw(made.url), App(made.url)
    hand, ours = Hand(raw), Ours(app, app.actor(LOGIN), ZoneInfo("Asia/Shanghai"))
    queue_id, people = made.queue_ids[3], list(made.contact_ids[:PEOPLE])
    sides: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        f"{PAGE} open tickets of a queue": (lambda: hand.listed(queue_id, PAGE), lambda: ours.listed(queue_id, PAGE)),
        "what waits in each queue": (hand.queues, ours.queues),
        f"the {PAGE} longest breaches": (lambda: hand.breaches(PAGE), lambda: ours.breaches(PAGE)),
        "profit and loss by queue": (lambda: hand.statement("queue"), lambda: ours.statement("queue")),
        "profit and loss by product": (lambda: hand.statement("product"), lambda: ours.statement("product")),
        "profit and loss by month": (hand.months, ours.months),
        "tickets resolved by queue": (hand.resolved, lambda: ours.figure("service.resolved")),
        "answered in time by queue": (hand.response_met, lambda: ours.figure("service.response_met")),
        "resolved at first contact by queue": (hand.first_contact, lambda: ours.figure("service.first_contact")),
        "hours to resolution by queue": (hand.hours, lambda: ours.figure("service.resolution_hours")),
        f"peace for {PEOPLE:,} people": (lambda: hand.peace(people, DAYS), lambda: ours.peace(people)),
    }
    for what, (by_hand, by_us) in sides.items():
        found, wanted = by_us(), by_hand()
        if found != wanted:
            raise RuntimeError(f"SQL by hand and crmcore disagree on {what}: {wanted}; {found}")
    for what, (by_hand, by_us) in sides.items():
        times = in_turns({"floor": by_hand, "ours": by_us}, rounds=max(1, scale.rounds // 2), calls=1, warm=False)
        yield compared(
            f"service: {what}", place.database, times["floor"], times["ours"], GOAL,
            f"{made.count:,} tickets, {2 * made.count:,} posts, {made.count:,} costs",
        )  # fmt: skip
    del os.environ["CRM_NOW"]
    raw.close()
    app.close()
    place.drop(made.url)
