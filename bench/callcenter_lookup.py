"""Who rings: the caller's number looked up among a million contacts, beside SQL that answers the same by hand.

Both sides read the same tables, and must agree: on who has a number or an extension of it, whom they stand for, and,
where several people have it, on with whom of them we talked last. By hand nobody is private. Neither makes sentences of
it. What is compared is the 95th percentile of single lookups, as calls come one by one; and, for information, a
thousand at once, as a file of calls is read.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

from bench.callers import called
from bench.place import LOGIN, Place
from bench.raw import Raw
from bench.result import Result
from bench.scale import Scale
from bench.timing import Times, compared, in_turns
from crmcore.app import App

GOAL = 2.0
_MANY, _ASKED = 1_000, 20_000
_WHO = """
SELECT p.normal, p.label, p.kind, p.status, p.preferred, p.contact_id, c.name, p.customer_id, u.id, u.name, u.kind,
 (SELECT t.moment FROM interaction t WHERE t.contact_id = p.contact_id ORDER BY t.moment DESC, t.id DESC LIMIT 1)
FROM contact_point p
LEFT JOIN contact c ON c.id = p.contact_id
LEFT JOIN customer u ON u.id = coalesce(p.customer_id, (
 SELECT k.customer_id FROM position k WHERE k.contact_id = p.contact_id AND k.ended IS NULL ORDER BY k.id LIMIT 1))
WHERE {which} AND p.kind IN ('phone', 'fax') AND c.merged_into_id IS NULL
"""
_BEHIND = {
    "sqlite": "JOIN contact_point b ON b.normal > asked.low AND b.normal < asked.high",
    "postgresql": (
        "CROSS JOIN LATERAL (SELECT e.id FROM contact_point e "
        'WHERE e.normal > asked.low COLLATE "C" AND e.normal < asked.high COLLATE "C" ORDER BY e.normal LIMIT 3) b'
    ),
}
_ONE = "(p.normal = ? OR (p.normal > ? AND p.normal < ?))"


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure lookups of one number and of many."""
    from crmcore_callcenter.recognising.numbers import whose

    made = called(place, scale.contacts)
    raw, app = Raw(made.url), App(made.url)
    if raw.dialect == "sqlite":
        raw.execute("PRAGMA cache_size = -32768")  # as much as ours have, so that neither side reads less from files
    hand, numbers = _Hand(raw), made.asked(_ASKED)
    portions = [numbers[start : start + _MANY] for start in range(0, _ASKED, _MANY)]
    note = f"{made.shape.contacts:,} contacts, {made.points:,} numbers"
    with app.read(app.actor(LOGIN)) as reader:
        _must_agree(hand, {number: whose(reader, [number])[number] for number in numbers[:600]})
        sides = {"floor": _each(hand.one, numbers), "ours": _each(lambda one: whose(reader, [one], say=False), numbers)}
        times = in_turns(sides, rounds=scale.rounds, calls=scale.calls * 10)
        yield _p95("callcenter: who rings, p95", place, times, note)
        yield compared("callcenter: who rings, median", place.database, times["floor"], times["ours"], None, note)
        sides = {
            "floor": _each(hand.many, portions),
            "ours": _each(lambda some: whose(reader, some, say=False), portions),
        }
        times = in_turns(sides, rounds=scale.rounds, calls=2)
        work = f"callcenter: who rings, {_MANY:,} at once"
        yield compared(work, place.database, times["floor"], times["ours"], None, note)
    raw.close()
    app.close()
    place.drop(made.url)


def _each(work: Callable[[Any], object], given: Sequence[Any]) -> Callable[[], object]:
    """Return work on the next of what is given, with every call."""
    turn = cycle(given)
    return lambda: work(next(turn))


class _Hand:
    """A connection, and the questions."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._is_text = raw.dialect == "sqlite"
        self._behind = _BEHIND[raw.dialect]
        self._one = raw.sql(_WHO.format(which=_ONE))

    def one(self, number: str) -> list[Any]:
        """Return who has a number or an extension of it, whom they stand for, and when we talked last."""
        return self._told(self._raw.execute(self._one, (number, f"{number};", f"{number}<")).fetchall())

    def many(self, numbers: Sequence[str]) -> list[Any]:
        """Return the same for many numbers; those who have one and those who have an extension are asked apart."""
        same = f"p.normal IN ({', '.join('?' * len(numbers))})"
        rows = list(self._raw.execute(self._raw.sql(_WHO.format(which=same)), numbers).fetchall())
        asked = f"WITH asked(low, high) AS (VALUES {', '.join(['(?, ?)'] * len(numbers))}) "
        behind = f"p.id IN (SELECT b.id FROM asked {self._behind})"
        pairs = [each for number in numbers for each in (f"{number};", f"{number}<")]
        rows += self._raw.execute(self._raw.sql(asked + _WHO.format(which=behind)), pairs).fetchall()
        return self._told(rows)

    def _told(self, rows: Sequence[Any]) -> list[Any]:
        """Return rows with values, where the driver gives texts."""
        if not self._is_text:
            return list(rows)
        return [(*row[:-1], row[-1] and datetime.fromisoformat(row[-1]).replace(tzinfo=UTC)) for row in rows]


def _must_agree(hand: _Hand, ours: dict[str, list[Any]]) -> None:
    for number, found in ours.items():
        rows = hand.one(number)
        theirs = {(row[5], row[8], row[6] or "", row[9] or "") for row in rows}
        mine = {(one.contact_id, one.customer_id, one.name, one.customer) for one in found}
        same = [row for row in rows if row[0] == number and row[-1]]
        latest = max(same, key=lambda row: (row[-1], -row[5]), default=None)
        if theirs != mine or (latest is not None and found[0].contact_id != latest[5]):
            raise RuntimeError(f"SQL by hand and crmcore disagree on who rings by {number}: {theirs}; {mine}")


def _p95(work: str, place: Place, times: dict[str, Times], note: str) -> Result:
    floor, ours = times["floor"].p95, times["ours"].p95
    return Result(
        work=work, database=place.database, floor=floor, ours=ours, ratio=ours / floor, goal=GOAL, note=note
    )  # fmt: skip
