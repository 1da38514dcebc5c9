"""Every calendar of the real files, field by field against what two independent parsers agree on."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crmcore.formats.calendar.format import ICALENDAR
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingInteraction, IncomingTask, Rejection

REAL = Path(__file__).resolve().parents[3] / ".." / "shared" / "realworld" / "calendar"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")

Check = tuple[str, bool, object, object]


def expectations() -> dict[str, dict[str, Any]]:
    return json.loads((REAL / "expect.json").read_text("utf-8")) if REAL.is_dir() else {}


def meetings(path: Path) -> tuple[list[IncomingInteraction], list[IncomingTask], list[Rejection]]:
    found = list(ICALENDAR.read(Source(path=path)))
    return (
        [one for one in found if isinstance(one, IncomingInteraction) and one.channel == "meeting"],
        [one for one in found if isinstance(one, IncomingTask)],
        [one for one in found if isinstance(one, Rejection)],
    )


def same_text(expected: str, ours: str) -> bool:
    """Compare words: the expectation runs white space together; where a parser lost a letter (U+FFFD), any will do."""
    pattern = ".*".join(re.escape(part) for part in re.split("\ufffd+", " ".join(expected.split())))
    return re.fullmatch(pattern, " ".join(ours.split())) is not None


def uid_agrees(expected: str, event: IncomingInteraction) -> bool:
    if not expected:
        return event.external_id.startswith("sha256:")
    recurrence = event.external_id.removeprefix(expected)
    return event.external_id.startswith(expected) and re.fullmatch(r"(/\d{8}(T\d{6}Z)?)?", recurrence) is not None


def bare(address: str) -> str:
    return re.sub("^(mailto:)+", "", address.strip(), flags=re.IGNORECASE).strip()


def start_agrees(expected: str | None, event: IncomingInteraction) -> bool:
    """The value as written is the same, and what we made of it says the same."""
    written = event.extra.get("dtstart", "").strip()
    if expected is None:
        return not written and event.at is None and event.all_day is None
    if event.all_day is not None:  # one of the two parsers gives a date its midnight when a zone stands beside it
        return f"{event.all_day:%Y%m%d}" == written == expected.removesuffix("T000000")
    if expected.endswith("Z"):
        return event.at == datetime.strptime(expected, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return written == expected and event.at is not None


def compared(expected: dict[str, Any], event: IncomingInteraction) -> Iterator[Check]:
    people = {"organizer": [], "attendee": []}
    for person in event.participants:
        people[person.role].append(person.address)
    for field, value in expected.items():
        match field:
            case "uid":
                yield field, uid_agrees(value, event), value, event.external_id
            case "summary":
                yield field, same_text(value, event.subject), value, event.subject
            case "location":
                yield field, same_text(value, event.location), value, event.location
            case "status":
                yield field, value.lower() == event.status, value, event.status
            case "dtstart":
                yield field, start_agrees(value, event), value, (event.extra.get("dtstart"), event.at, event.all_day)
            case "tzid":
                yield field, event.extra.get("tzid") == value, value, event.extra.get("tzid")
            case "rrules":
                ours = len(event.extra.get("rrule", "").splitlines())
                yield field, ours == value, value, ours
            case "alarms":
                yield field, event.extra.get("alarms", "0") == str(value), value, event.extra.get("alarms")
            case "organizer":
                yield field, people["organizer"] == [bare(value)], value, people["organizer"]
            case "attendees":
                yield field, sorted(people["attendee"]) == sorted(map(bare, value)), value, people["attendee"]
            case _:
                raise AssertionError(f"a field nobody compares: {field}")


def checks(name: str, expect: dict[str, Any]) -> Iterator[Check]:
    events, tasks, rejected = meetings(REAL / name)
    yield "read", True, "", ""
    if "events" in expect:
        yield (
            "events",
            len(events) == expect["events"],
            expect["events"],
            (len(events), [one.reason for one in rejected]),
        )
    if "todos" in expect:
        yield "todos", len(tasks) == expect["todos"], expect["todos"], len(tasks)
    if expect.get("method") and events:
        method = events[0].extra.get("method")  # the expectation is that of the first calendar in the file
        yield "method", method == expect["method"].upper(), expect["method"], method
    if len(events) == expect.get("events"):
        for expected, event in zip(expect["event_list"], events, strict=False):
            yield from compared(expected, event)


def test_agreed_fields_of_all_real_calendars() -> None:
    good: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    misses = []
    for name, entry in expectations().items():
        for field, right, expected, ours in checks(name, entry["expect"]):
            all_[field] += 1
            good[field] += right
            if not right:
                misses.append(f"{name}: {field}: expected {expected!r}, got {ours!r}")
    table = [f"{field:<12} {good[field]:>5} / {count:>4}" for field, count in all_.items()]
    total = f"{'all':<12} {good.total():>5} / {all_.total():>4}"
    sys.stdout.write("\n".join(["", "field        right /  all", *table, total, *misses, ""]))
    assert all_["read"] == 132
    assert good.total() >= 0.99 * all_.total(), misses


def test_what_a_reader_of_the_bytes_expects_where_the_parsers_refuse() -> None:
    kept = {name: tuple(map(len, meetings(REAL / name))) for name in expectations()}
    assert kept["collective_icalendar/issue_104_broken_calendar.ics"] == (1, 0, 0)
    assert kept["collective_icalendar/pr_480_summary_with_colon.ics"] == (2, 0, 1)  # no END:VCALENDAR
    assert kept["collective_icalendar/rfc_7529.ics"] == (4, 0, 0)
    assert kept["collective_icalendar/small_bad_calendar.ics"] == (0, 0, 2)  # an empty event, no END:VCALENDAR
    assert kept["ical-org_ical.net/Parse1.ics"] == (4, 0, 0)
    assert kept["ical-org_ical.net/PARSE17.ics"] == (0, 0, 1)  # DTSTART:1234
    assert kept["ical4j_ical4j/13-MoonPhase.ics"] == (41, 0, 2)  # the 42nd has no END, nor has the calendar
    assert kept["ical4j_ical4j/schedule-unstable.ics"] == (37, 0, 0)
    assert kept["jens-maus_node-ical/mixed-timezone-handling.ics"] == (5, 0, 0)
    assert kept["jens-maus_node-ical/test_with_multiple_tzids_in_vtimezone.ics"] == (1, 0, 0)
    assert kept["u01jmg3_ics-parser/ICal.ics"] == (20, 0, 1)  # the 32nd of October


def test_quoted_printable_with_soft_breaks_is_one_text() -> None:
    events, _, _ = meetings(REAL / "ical-org_ical.net" / "Parse1.ics")
    assert events[0].body.endswith('MicrosoftInternetExplorer4</p>\n<br class="clear" />')


def test_mixed_zones_of_one_file() -> None:
    events, _, _ = meetings(REAL / "jens-maus_node-ical" / "mixed-timezone-handling.ics")
    assert [
        (event.subject, event.at and f"{event.at:%d %H:%M}", event.zone, str(event.all_day)) for event in events
    ] == [
        ("No Timezone", "28 09:20", "US/Pacific", "None"),  # X-WR-TIMEZONE; standard time since the day before
        ("UTC Timezone", "28 01:20", "UTC", "None"),
        ("Inline Timezone", "28 06:20", "America/New_York", "None"),
        ("Date Only (Explicit)", None, "", "2002-10-28"),
        ("Date Only (Implicit)", None, "", "2002-10-28"),
    ]
    assert [event.seconds for event in events] == [86400] * 5
