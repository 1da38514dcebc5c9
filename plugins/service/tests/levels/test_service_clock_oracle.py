"""The service clock beside one that walks minute by minute: a year, two zones, clocks put forward and back, holidays,
make-up days and pauses, in random cases. A long form with 10,000 of them is a drill.
"""

import random
import time
from datetime import UTC, date, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from crmcore_service.levels.promised import Promised, Step, Target
from crmcore_service.levels.reckoning import Pause
from crmcore_service.levels.running import of_ticket

from crmcore.api import Calendar

BEGIN, DAYS = datetime(2026, 1, 1, tzinfo=UTC), 460
MINUTE = timedelta(minutes=1)
ZONES = ("America/New_York", "Europe/Berlin")
"""Clocks are put forward there on 8 and 29 March, and back on 1 November and 25 October 2026."""
WEEKS = (
    {"mon-fri": "09:00-12:00 13:30-18:00", "sat": "10:00-14:00"},
    {"mon-sun": "00:00-24:00"},
    {"mon": "22:00-24:00", "tue-fri": "00:00-06:00 22:00-24:00", "sat": "00:00-06:00", "sun": "01:30-05:00"},
)
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def hours_of(text):
    return [tuple(int(part[:2]) * 60 + int(part[3:]) for part in each.split("-")) for each in text.split()]


def of_weekday(week, day):
    for names, text in week.items():
        first, _dash, last = names.partition("-")
        if NAMES.index(first) <= day.weekday() <= NAMES.index(last or first):
            return hours_of(text)
    return []


class Wall:
    """A clock on the wall of a zone, and which minutes of the year are worked by it: one byte for each."""

    def __init__(self, zone, week, free, worked):
        self.zone, self.week, self.free, self.worked = ZoneInfo(zone), week, free, worked
        self.open = bytearray(DAYS * 1440)
        self.local = []
        for n in range(0, DAYS * 1440, 15):  # clocks are put forward and back at a quarter of an hour
            wall = (BEGIN + n * MINUTE).astimezone(self.zone)
            hours = self.hours(wall.date())
            for minute in range(15):
                shown = wall.hour * 60 + wall.minute + minute
                self.open[n + minute] = any(begin <= shown < end for begin, end in hours)
            if n % 60 == 0:
                self.local.append(wall.date())

    def hours(self, day):
        if day in self.worked:
            return hours_of(self.worked[day])
        return [] if day in self.free else of_weekday(self.week, day)

    def calendar(self):
        return Calendar(
            name="x", zone=self.zone, week=tuple(tuple(of_weekday(self.week, date(2026, 1, 5 + n))) for n in range(7)),
            holidays=frozenset(self.free), workdays={day: tuple(hours_of(text)) for day, text in self.worked.items()},
        )  # fmt: skip

    def nth(self, minutes, start, count):
        """Return the minute behind the `count`-th that is worked from `start` on."""
        at = start
        while True:
            here = minutes.count(1, at, at + 1440)
            if here >= count:
                break
            at, count = at + 1440, count - here
        while count:
            count -= minutes[at]
            at += 1
        return at

    def days_later(self, start, days):
        """Return the minute so many working days after one: the same time of day, within that day's hours."""
        at = self.open.index(1, start)
        wall = (BEGIN + at * MINUTE).astimezone(self.zone)
        day = wall.date()
        while days:
            day += timedelta(days=1)
            days -= bool(self.hours(day))
        wanted = (datetime.combine(day, wall.timetz()).astimezone(UTC) - BEGIN) // MINUTE
        among = [
            n for n in range(self.local.index(day) * 60 - 60, (self.local.index(day) + 30) * 60) if self.is_on(n, day)
        ]
        return min(max(wanted, among[0]), among[-1] + 1)

    def is_on(self, n, day):
        return self.open[n] and (BEGIN + n * MINUTE).astimezone(self.zone).date() == day


@cache
def walls():
    chance = random.Random(18)  # noqa: S311 # chance, not secrecy
    found = []
    for zone in ZONES:
        for week in WEEKS:
            days = [date(2026, 1, 1) + timedelta(days=n) for n in range(DAYS)]
            free = set(chance.sample(days, 12)) | {date(2026, 12, 25), date(2026, 3, 9)}
            worked = dict.fromkeys(chance.sample(days, 6), "10:00-16:00")
            found.append(Wall(zone, week, free, worked))
    return [(wall, wall.calendar()) for wall in found]


def paused(chance, start):
    """Return pauses of a ticket that began in a minute: some overlap, and some are not over yet."""
    found, at = [], start
    for _n in range(chance.randrange(5)):
        begin = at + chance.choice([0, chance.randrange(60), chance.randrange(5000)])
        end = begin + chance.choice([0, chance.randrange(90), chance.randrange(9000)])
        found.append((begin, end))
        at = end - chance.choice([0, 0, 30])
    if found and chance.random() < 0.2:
        found[-1] = (found[-1][0], None)
    return [each for each in found if each[1] is None or each[1] >= each[0]]


def instant(minute):
    return None if minute is None else BEGIN + minute * MINUTE


def one_case(chance):
    wall, calendar = chance.choice(walls())
    start = chance.randrange(360 * 1440)
    pauses = paused(chance, start)
    days = chance.choice([None, None, chance.randrange(1, 6)])
    minutes = None if days else chance.choice([30, 240, chance.randrange(1, 4000)])
    before = chance.choice([15, 60])
    now = start + chance.randrange(20_000)

    counted = bytearray(wall.open)
    never = len(counted)
    for begin, end in pauses:
        if end is None:
            never = begin
        ends = len(counted) if end is None else end
        counted[begin:ends] = bytes(ends - begin)
    allowed = minutes if days is None else wall.open.count(1, start, wall.days_later(start, days))

    def runs_out(count):
        if counted.count(1, start, never) < count:
            return None
        return wall.nth(counted, start, count)

    due = runs_out(allowed)
    if days and due == wall.nth(wall.open, start, allowed):
        due = wall.days_later(start, days)  # no pause moved it: the same time of day
    used = counted.count(1, start, now)

    said = {"clock": "response", "priority": "", "tells": "manager", "user_id": None, "team": "", "priority_then": ""}
    steps = (
        Step(id=1, counted="start", minutes=45, assigns=False, **said),
        Step(id=2, counted="due", minutes=-before, assigns=False, **said),
    )
    level = Promised(
        id=1, name="x", calendar="x", pauses=frozenset({"waiting"}), steps=steps,
        targets=(Target(id=1, clock="response", priority="", minutes=minutes, days=days),),
    )  # fmt: skip
    row = SimpleNamespace(
        opened_at=instant(start), priority="P2", reopened=0, assigned_at=None, responded_at=None, resolved_at=None,
        closed_at=None, batch_id=None,
    )  # fmt: skip
    stood = [Pause(starts=instant(begin), ends=instant(end), state="waiting") for begin, end in pauses]
    clock = next(
        one for one in of_ticket(row, level, calendar, stood, frozenset(), instant(now)) if one.clock == "response"
    )
    told = {step.id: at for step, at in clock.steps}
    case = (wall.zone.key, wall.week, row.opened_at, pauses, minutes, days)
    assert clock.due == instant(due), case
    assert clock.used == used * MINUTE, case
    assert told.get(1) == instant(runs_out(45)), case
    soon = allowed - before
    assert told.get(2) == instant(runs_out(soon) if soon > 0 else start), case


def test_it_equals_a_walk_minute_by_minute_in_300_random_cases():
    chance = random.Random(26)  # noqa: S311 # chance, not secrecy
    for _n in range(300):
        one_case(chance)


@pytest.mark.drill
def test_it_equals_a_walk_minute_by_minute_in_10_000_random_cases(capsys):
    chance, begun = random.Random(2026), time.monotonic()  # noqa: S311 # chance, not secrecy
    for _n in range(10_000):
        one_case(chance)
    with capsys.disabled():
        print(f"\n10,000 cases, {time.monotonic() - begun:.0f} s")  # noqa: T201
