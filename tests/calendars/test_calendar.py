"""Time in working hours beside a clock that is walked minute by minute: zones, daylight saving, holidays."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.calendars.calendar import Calendar
from crmcore.calendars.hours import days, spans, weekdays
from crmcore.errors import InvalidInput

MINUTE = timedelta(minutes=1)
ZONES = ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia"]
OFFICE = spans("09:00-12:00 13:30-18:00")
CHINA = Calendar(
    name="office",
    zone=ZoneInfo("Asia/Shanghai"),
    week=(OFFICE,) * 5 + ((), ()),
    holidays=frozenset(days("2026-10-01/2026-10-07")),
    workdays={date(2026, 10, 10): spans("09:00-18:00")},
)


def at(text, calendar=CHINA):
    said = datetime.fromisoformat(text)
    return said if said.tzinfo else said.replace(tzinfo=calendar.zone)


def shown(instant, calendar=CHINA):
    return instant.astimezone(calendar.zone).isoformat(timespec="minutes")[:16].replace("T", " ")


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-09-30T17:30", 30, "2026-09-30 18:00"),  # the end of the day is the end of its last half hour
        ("2026-09-30T17:30", 31, "2026-10-08 09:01"),  # behind the seven days of the national holiday
        ("2026-09-30T12:10", 15, "2026-09-30 13:45"),
        ("2026-10-09T17:00", 120, "2026-10-10 10:00"),  # a Saturday that is worked instead
        ("2026-10-10T12:30", 60, "2026-10-10 13:30"),
        ("2026-10-12T09:00", -30, "2026-10-10 17:30"),
        ("2026-10-12T09:30", -30, "2026-10-12 09:00"),
        ("2026-10-12T03:00", 0, "2026-10-12 03:00"),
    ],
)
def test_minutes_are_counted_in_working_hours(start, minutes, due):
    found = CHINA.add(at(start), minutes * MINUTE)
    assert shown(found) == due
    first, last = sorted([at(start), found])
    assert CHINA.between(first, last) == abs(minutes) * MINUTE == -CHINA.between(last, first)
    assert sum(((end - begin) for begin, end in CHINA.stretches(first, last)), timedelta()) == abs(minutes) * MINUTE


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-09-29T15:00", 1, "2026-09-30 15:00"),
        ("2026-09-30T15:00", 1, "2026-10-08 15:00"),
        ("2026-09-30T20:00", 1, "2026-10-09 09:00"),  # what comes after closing came on the next working day
        ("2026-10-09T17:30", 1, "2026-10-10 17:30"),
        ("2026-10-04T10:00", 0, "2026-10-08 09:00"),
    ],
)
def test_days_are_working_days(start, count, due):
    assert shown(CHINA.add_days(at(start), count)) == due


def test_a_shorter_day_ends_earlier():
    calendar = Calendar(name="x", zone=CHINA.zone, week=(OFFICE,) * 5 + (spans("10:00-14:00"), ()))
    assert shown(calendar.add_days(at("2026-11-20T17:00"), 1), calendar) == "2026-11-21 14:00"
    assert shown(calendar.add_days(at("2026-11-20T09:00"), 1), calendar) == "2026-11-21 10:00"


hours = st.lists(st.integers(0, 48), min_size=2, max_size=4, unique=True).map(
    lambda found: tuple((a * 30, b * 30) for a, b in zip(*[iter(sorted(found))] * 2, strict=False))
)


@st.composite
def calendars(draw):
    start = draw(st.sampled_from(["2026-03-05", "2026-03-27", "2026-04-02", "2026-10-23", "2026-10-29", "2011-12-28"]))
    first = date.fromisoformat(start)
    free = draw(st.lists(st.integers(0, 9), max_size=3))
    own = draw(st.dictionaries(st.integers(0, 9), hours, max_size=2))
    found = Calendar(
        name="drawn",
        zone=ZoneInfo(draw(st.sampled_from(ZONES))),
        week=(*draw(st.lists(hours | st.just(()), min_size=6, max_size=6)), draw(hours)),
        holidays=frozenset(first + timedelta(days=n) for n in free),
        workdays={first + timedelta(days=n): each for n, each in own.items()},
    )
    return found, datetime.combine(first, datetime.min.time(), UTC) + draw(st.integers(0, 5 * 1440)) * MINUTE


def is_worked(calendar, instant):
    """Whether a minute counts, by what a clock on the wall shows."""
    wall = instant.astimezone(calendar.zone)
    day = wall.date()
    if day in calendar.workdays:
        hours_ = calendar.workdays[day]
    else:
        hours_ = () if day in calendar.holidays else calendar.week[day.weekday()]
    return any(begin <= wall.hour * 60 + wall.minute < end for begin, end in hours_)


@settings(max_examples=60, deadline=None)
@given(calendars(), st.integers(1, 2500))
def test_it_is_what_a_clock_on_the_wall_counts(drawn, minutes):
    calendar, start = drawn
    counted, instant = 0, start
    while counted < minutes:
        counted += is_worked(calendar, instant)
        assert calendar.is_open(instant) == is_worked(calendar, instant)
        instant += MINUTE
    assert calendar.add(start, minutes * MINUTE) == instant
    assert calendar.between(start, instant) == minutes * MINUTE
    back = calendar.add(instant, -minutes * MINUTE)
    assert back >= start
    assert calendar.is_open(back)
    assert calendar.between(back, instant) == minutes * MINUTE
    hours_ = list(calendar.stretches(start, instant))
    assert sum((end - begin for begin, end in hours_), timedelta()) == minutes * MINUTE
    assert all(begin < end for begin, end in hours_)


def test_what_cannot_be_reckoned_is_refused():
    for text in ("9-18", "18:00-09:00", "09:00-24:30", "09:75-10:00", "09:00-12:00 11:00-13:00"):
        with pytest.raises(InvalidInput):
            spans(text)
    for text in ("monday", "mon-xyz", ""):
        with pytest.raises(InvalidInput):
            list(weekdays(text))
    for text in ("2026-13-01", "2026-10-07/2026-10-01", "2020-01-01/2026-01-01", "soon"):
        with pytest.raises(InvalidInput):
            list(days(text))
    assert list(weekdays("fri-mon,wed")) == [4, 5, 6, 0, 2]
    closed = Calendar(name="closed", zone=CHINA.zone, week=((),) * 7)
    for ask in (
        lambda: closed.opens(at("2026-01-01T00:00")), lambda: closed.add(at("2026-01-01T00:00"), MINUTE),
        lambda: closed.add(at("2026-01-01T00:00"), -MINUTE), lambda: closed.add_days(at("2026-01-01T00:00"), 1),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match="never open"):
            ask()
    with pytest.raises(InvalidInput, match="from 1900 to 2999"):
        CHINA.add(at("2026-01-01T00:00"), timedelta(days=400_000))
