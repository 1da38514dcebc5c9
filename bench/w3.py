"""W3: a customer's brief, among many interactions: who it is, its contacts, the last 50 interactions, what is open.

The floor asks four queries by hand. A customer has two contacts and a hundred interactions, spread over ten years, so
that at ten million the database holds a hundred thousand customers.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import cycle
from random import Random

from bench.load import Shape, loaded
from bench.place import LOGIN, Place
from bench.raw import Raw
from bench.result import Result
from bench.scale import Scale
from bench.timing import compared, in_turns
from crmcore.app import App
from crmcore.timeline.brief import brief

GOAL, GROWTH_GOAL = 3.0, 1.5
_NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
_QUERIES = (
    "SELECT id, name, kind, owner_id, note, created_at FROM floor_customer WHERE id = ?",
    "SELECT c.id, c.name, p.kind, p.value FROM floor_contact c LEFT JOIN floor_contact_point p ON p.contact_id = c.id "
    "WHERE c.customer_id = ? ORDER BY c.id, p.id LIMIT 100",
    "SELECT id, subject, due, kind, owner_id FROM floor_task WHERE customer_id = ? AND status = 'open' "
    "ORDER BY due, id LIMIT 50",
    "SELECT i.id, i.channel, i.direction, i.at, i.subject, i.body, c.name FROM floor_interaction i "
    "LEFT JOIN floor_contact c ON c.id = i.contact_id WHERE i.customer_id = ? ORDER BY i.at DESC, i.id DESC LIMIT 50",
)


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure W3 at each size, and how it grows from the smallest to the largest."""
    works: dict[str, Callable[[], object]] = {}
    opened = []
    for size in scale.briefs:
        shape = Shape(customers=size // 100, contacts=size // 50, interactions=size, tasks=size // 25)
        url = loaded(place, shape)
        raw, app = Raw(url), App(url)
        opened.append((raw, app, url))
        asked = Random(5).choices(shape.customer_ids, k=1_000)  # noqa: S311 # which ones does not matter
        works[f"floor {size}"], works[f"ours {size}"] = _by_hand(raw, asked), _by_brief(app, asked)
        if _by_hand(raw, asked)() != _by_brief(app, asked)():
            raise RuntimeError("the floor and crmcore disagree on the last interactions")
    times = in_turns(works, rounds=scale.rounds, calls=scale.calls)
    for size in scale.briefs:
        yield compared(
            f"W3 brief among {size:,} interactions", place.database, times[f"floor {size}"], times[f"ours {size}"],
            GOAL, f"p95 {times[f'ours {size}'].p95 * 1e3:.1f} ms",
        )  # fmt: skip
    if len(scale.briefs) > 1:
        small, large = scale.briefs[0], scale.briefs[-1]
        grown = times[f"floor {large}"].median / times[f"floor {small}"].median
        yield compared(
            f"W3 at {large:,} beside {small:,}", place.database, times[f"ours {small}"], times[f"ours {large}"],
            GROWTH_GOAL, f"the floor grows {grown:.2f} x",
        )  # fmt: skip
    for raw, app, url in opened:
        raw.close()
        app.close()
        place.drop(url)


def _by_brief(app: App, asked: list[int]) -> Callable[[], list[int]]:
    actor, keys = app.actor(LOGIN), cycle(asked)

    def work() -> list[int]:
        with app.read(actor) as reader:
            found = brief(reader, app.dispatcher, "customer", next(keys), "somebody", _NOW)
        if found.failures:
            raise RuntimeError(f"the brief is not whole: {found.failures}")
        (recent,) = [block for _plugin, block in found.blocks if block.weight == 90]
        return [row["id"] for row in recent.data]

    return work


def _by_hand(raw: Raw, asked: list[int]) -> Callable[[], list[int]]:
    keys = cycle(asked)
    queries = [raw.sql(query) for query in _QUERIES]

    def work() -> list[int]:
        key = (next(keys),)
        answers = [raw.execute(query, key).fetchall() for query in queries]
        return [row[0] for row in answers[-1]]

    return work
