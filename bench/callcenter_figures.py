"""Calls in the large: a million calls of three years in figures and lists, beside SQL that answers the same by hand.

Both sides read the same tables and must agree. By hand nobody is private, and the days are all there are; ours adds
what the asking user may not see, the period, names, shares and totals.
"""

import os
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

from bench.callcenter_sql import Hand
from bench.calls import NOW, SINCE, UNTIL, telephoned
from bench.place import LOGIN, Place
from bench.raw import Raw
from bench.result import Result
from bench.scale import Scale
from bench.timing import compared, in_turns
from crmcore.app import App
from crmcore.hooks.reading import Subject
from crmcore.i18n import speaking
from crmcore.model.user import Actor

GOAL, PAGE_GOAL = 2.0, 0.1
ALL, PAGE, CUSTOMERS = 10_000, 50, 200
_LEAST = 200_000


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure reports, lists of a queue, and the block of calls in a brief."""
    made = telephoned(place, min(max(scale.contacts, _LEAST), 2 * scale.contacts))
    os.environ["CRM_NOW"] = NOW.isoformat()
    raw, app = Raw(made.url), App(made.url)
    if raw.dialect == "sqlite":
        raw.execute("PRAGMA cache_size = -32768")  # as much as ours have, so that neither side reads less from files
    hand, ours = Hand(raw), Ours(app, app.actor(LOGIN))
    queue_id, note = made.queue_ids[3], f"{made.count:,} calls of three years"
    sides: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        f"report by {by}": (lambda by=by: hand.report(by), lambda by=by: ours.report(by))  # type: ignore[misc]
        for by in ("queue", "agent", "hour")
    }
    sides["calls of a queue"] = (lambda: hand.listed(queue_id, ALL), lambda: ours.listed(queue_id, ALL))
    for what, (by_hand, by_us) in sides.items():
        _must_agree(what, by_hand(), by_us())
    some = made.customer_ids[:: max(len(made.customer_ids) // CUSTOMERS, 1)]
    with app.read(app.actor(LOGIN)) as reader:
        for customer in some[:5]:
            _must_agree("the last calls of a customer", hand.last(customer), last(reader, customer))
    for what, (by_hand, by_us) in sides.items():
        times = in_turns({"floor": by_hand, "ours": by_us}, rounds=max(1, scale.rounds // 2), calls=1, warm=False)
        yield compared(f"callcenter: {what}", place.database, times["floor"], times["ours"], GOAL, note)
    one, other = cycle(some), cycle(some)
    with app.read(app.actor(LOGIN)) as reader, speaking("en"):  # as a page that shows it
        works = {"floor": lambda: hand.last(next(one)), "ours": lambda: last(reader, next(other))}
        times = in_turns(works, rounds=scale.rounds, calls=scale.calls)
    yield compared("callcenter: the block of a brief", place.database, times["floor"], times["ours"], GOAL, note)
    page = in_turns({"ours": lambda: ours.listed(queue_id, PAGE)}, rounds=scale.rounds, calls=2)["ours"].median
    work = f"callcenter: {PAGE} calls of a queue"
    yield Result(work=work, database=place.database, ours=page, goal=PAGE_GOAL, unit="s", note=note)
    del os.environ["CRM_NOW"]
    raw.close()
    app.close()
    place.drop(made.url)


def _must_agree(what: str, wanted: Any, found: Any) -> None:
    if found != wanted:
        raise RuntimeError(f"SQL by hand and crmcore disagree on {what}: {wanted}; {found}")


class Ours:
    """An app, in whose name it asks, and the questions, as crmcore answers them."""

    def __init__(self, app: App, actor: Actor) -> None:
        self._app, self._actor = app, actor

    def report(self, by: str) -> Any:
        """Return by queue, user or hour: counts, answer time, wrap-up, first contacts, callbacks, busy seconds."""
        from crmcore_callcenter.figures.report import figures

        with self._app.read(self._actor) as reader:
            found = figures(reader, by, SINCE, UNTIL)
        told = {}
        for one in found.lines:
            parts = {
                "counted": (one.calls, one.calls_in, one.calls_out, one.answered, one.offered, one.in_time,
                            one.abandoned, one.short_abandons, one.talk_seconds, one.hold_seconds, one.transfers),
                "answer": (one.answer.n, one.answer.seconds, one.answer.median, one.answer.p95),
                "wrapped": (one.wrapped, one.wrap_seconds), "first": (one.first_contacts, one.resolved),
                "callbacks": (one.callbacks, one.callbacks_kept), "busy": (one.occupied.there, one.occupied.busy),
            }  # fmt: skip
            told[int(one.key) if by == "hour" else one.key] = {name: each for name, each in parts.items() if each[0]}
        return told

    def listed(self, queue_id: int, limit: int) -> Any:
        """Return calls of a queue, the latest first, with all that a list tells."""
        from crmcore_callcenter.calls.asking import Asked, statement
        from crmcore_callcenter.calls.views import views

        with self._app.read(self._actor) as reader:
            found = views(reader, statement(Asked(queue_id=queue_id)).limit(limit))
        return [
            (one.id, list(one.external_ids), one.contact and one.contact.name, one.agent, list(one.talked_to),
             one.started_at)
            for one in found
        ]  # fmt: skip


def last(reader: Any, customer_id: int) -> Any:
    """Return the last calls of a customer, and the callbacks owed."""
    from crmcore_callcenter.figures.blocks import last_calls

    subject = Subject(entity="customer", id=customer_id, name="", customer_ids=(customer_id,))
    told = [one for block in last_calls(subject, NOW, reader) for one in block.data]
    return [one["id"] for one in told if one["callback"]], [one["id"] for one in told if not one["callback"]]
