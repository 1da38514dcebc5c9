"""Zones: what programs write, the instants it means, and that an instant survives the way there and back."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.formats.calendar.format import ICALENDAR
from crmcore.formats.calendar.zones import find_zone, to_utc
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingInteraction

ZONES = sorted(name for name in available_timezones() if "/" in name)

VTIMEZONE = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE"""


def local_times(first: int) -> st.SearchStrategy[datetime]:
    return st.datetimes(datetime.fromisoformat(f"{first}-01-01"), datetime.fromisoformat("2037-12-31"))


def read_one(folder: Path, event: str, calendar: str = "") -> IncomingInteraction:
    path = folder / "one.ics"
    lines = [
        "BEGIN:VCALENDAR",
        *calendar.splitlines(),
        "BEGIN:VEVENT",
        "UID:1",
        event,
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    path.write_text("\n".join(lines), "utf-8")
    (found,) = ICALENDAR.read(Source(path=path))
    assert isinstance(found, IncomingInteraction)
    return found


@pytest.mark.parametrize(
    ("tzid", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("/Europe/Stockholm", "Europe/Stockholm"),
        ("/mozilla.org/20050126_1/America/Boise", "America/Boise"),
        ("/softwarestudio.org/Olson_20011030_5/America/New_York", "America/New_York"),
        ("/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("China Standard Time", "Asia/Shanghai"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("(UTC+08:00) Beijing, Chongqing, Hong Kong, Urumqi", "Asia/Chongqing"),
        ("Eastern", "America/New_York"),
        ("US-Eastern", "US/Eastern"),
        ("Kuala Lumpur\\, Singapore", "Asia/Kuala_Lumpur"),
        ("(GMT+10:00) Canberra, Melbourne, Sydney", "Australia/Canberra"),
        ("Greenwich Mean Time:Dublin; Edinburgh; Lisbon; London", "Europe/Dublin"),
        ("TZID=Europe/Rome", "Europe/Rome"),
        ("Germany/Berlin", "Europe/Berlin"),
        ("Etc/GMT-2", "Etc/GMT-2"),
    ],
)
def test_names_that_programs_write(tzid: str, name: str) -> None:
    zone = find_zone(tzid)
    assert zone is not None
    assert zone.name == name


@pytest.mark.parametrize(
    ("tzid", "hours"),
    [("UTC+11", 11), ("UTC+01", 1), ("(GMT-03:00) Brasília", -3), ("Etc/GMT-2", 2), ("UTC-05:30", -5.5)],
)
def test_offsets_in_names(tzid: str, hours: float) -> None:
    zone = find_zone(tzid)
    assert zone is not None
    assert to_utc(datetime.fromisoformat("2024-07-01T12:00"), zone)[0] == datetime(
        2024, 7, 1, 12, tzinfo=UTC
    ) - timedelta(hours=hours)


@pytest.mark.parametrize("tzid", ["", "Europe/Germany", "nonsense", "../../etc/passwd", "\0", "UTC+99"])
def test_unknown_names_are_unknown(tzid: str) -> None:
    assert find_zone(tzid) is None


@pytest.mark.parametrize("season", [1, 7])
def test_the_rules_of_the_file_count_for_names_nobody_knows(tmp_path: Path, season: int) -> None:
    written = f"DTSTART;TZID=Customized Time Zone:2024{season:02}15T120000"
    event = read_one(tmp_path, written, VTIMEZONE)
    assert event.at == datetime(2024, season, 15, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert event.zone == ("+01:00" if season == 1 else "+02:00")
    assert event.extra["tzid"] == "Customized Time Zone"


def test_a_vtimezone_may_stand_after_its_events_and_name_its_place(tmp_path: Path) -> None:
    zone = VTIMEZONE.replace("TZID:Customized Time Zone", "TZID:Ours\nX-LIC-LOCATION:Europe/Berlin")
    path = tmp_path / "late.ics"
    event = "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Ours:20240715T120000\nEND:VEVENT"
    path.write_text(f"BEGIN:VCALENDAR\n{event}\n{zone}\nEND:VCALENDAR\n", "utf-8")
    (found,) = ICALENDAR.read(Source(path=path))
    assert isinstance(found, IncomingInteraction)
    assert (found.at, found.zone) == (datetime(2024, 7, 15, 10, tzinfo=UTC), "Europe/Berlin")


def test_zones_of_one_file_are_not_those_of_the_next(tmp_path: Path) -> None:
    written = "DTSTART;TZID=Customized Time Zone:20240715T120000"
    here = read_one(tmp_path, written, VTIMEZONE)
    there = read_one(tmp_path, written, VTIMEZONE.replace(":+02", ":+06").replace(":+01", ":+05"))
    assert here.at == datetime(2024, 7, 15, 10, tzinfo=UTC)
    assert there.at == datetime(2024, 7, 15, 6, tzinfo=UTC)


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=YEARLY;BYSECOND=1", "nonsense"])
def test_rules_without_end_are_not_followed(tmp_path: Path, rule: str) -> None:
    zone = VTIMEZONE.replace("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", rule)
    event = read_one(tmp_path, "DTSTART;TZID=Customized Time Zone:20240715T120000", zone)
    assert event.extra["unknown-zone"] == "Customized Time Zone"
    assert event.at == datetime(2024, 7, 15, 12, tzinfo=UTC)


@given(name=st.sampled_from(ZONES), at=local_times(1971))
def test_an_instant_survives_every_zone(name: str, at: datetime) -> None:
    """Written as local time and read back it is the same instant, except the second of a repeated hour."""
    instant = at.replace(tzinfo=UTC)
    local = instant.astimezone(ZoneInfo(name))
    zone = find_zone(name)
    assert zone is not None
    found, origin = to_utc(local.replace(tzinfo=None, fold=0), zone)
    assert origin == name
    if local.fold == 0:
        assert found == instant
    else:
        assert found < instant
        assert found.astimezone(ZoneInfo(name)).replace(tzinfo=None) == local.replace(tzinfo=None)


@given(local=local_times(1997))
def test_rules_of_a_file_agree_with_the_zone_they_describe(local: datetime) -> None:
    """Gaps and repeated hours included: Central Europe has had these rules since 1996."""
    from crmcore.formats.calendar.blocks import Block, split
    from crmcore.formats.calendar.lines import Line
    from crmcore.formats.calendar.rules import read_rules

    lines = (Line(number=number, text=text) for number, text in enumerate(VTIMEZONE.splitlines(), start=1))
    (block,) = split(lines)
    assert isinstance(block, Block)
    own = find_zone("Customized Time Zone", (read_rules(block),))
    known = find_zone("Europe/Berlin")
    assert own is not None
    assert known is not None
    local = local.replace(microsecond=0)
    assert to_utc(local, own)[0] == to_utc(local, known)[0]


def test_a_skipped_time_counts_with_the_offset_before_and_a_repeated_one_is_the_first(tmp_path: Path) -> None:
    for calendar, tzid in (("", "Europe/Berlin"), (VTIMEZONE, "Customized Time Zone")):
        skipped = read_one(tmp_path, f"DTSTART;TZID={tzid}:20240331T023000", calendar)
        repeated = read_one(tmp_path, f"DTSTART;TZID={tzid}:20241027T023000", calendar)
        assert skipped.at == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)
        assert repeated.at == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)


def test_length_over_a_change_of_the_clock_is_real_time(tmp_path: Path) -> None:
    event = read_one(tmp_path, "DTSTART;TZID=Europe/Berlin:20240331T010000\nDTEND;TZID=Europe/Berlin:20240331T040000")
    assert event.seconds == 2 * 3600


@given(day=st.dates(date(1, 1, 1), date(9999, 12, 31)), tzid=st.sampled_from(["", *ZONES]))
def test_a_date_is_never_shifted(tmp_path_factory: pytest.TempPathFactory, day: date, tzid: str) -> None:
    parameter = f";TZID={tzid}" if tzid else ""
    written = f"DTSTART;VALUE=DATE{parameter}:{day.year:04}{day:%m%d}"
    event = read_one(tmp_path_factory.getbasetemp(), written, "X-WR-TIMEZONE:Pacific/Kiritimati")
    assert (event.all_day, event.at, event.zone) == (day, None, "")


def test_floating_times_are_read_in_the_zone_of_the_calendar(tmp_path: Path) -> None:
    known = read_one(tmp_path, "DTSTART:20240715T120000", "X-WR-TIMEZONE:Asia/Shanghai")
    assert (known.at, known.zone) == (datetime(2024, 7, 15, 4, tzinfo=UTC), "Asia/Shanghai")
    assert "floating" not in known.extra
    unknown = read_one(tmp_path, "DTSTART:20240715T120000")
    assert (unknown.at, unknown.zone) == (datetime(2024, 7, 15, 12, tzinfo=UTC), "")
    assert unknown.extra["floating"] == "true"


def test_utc_wins_over_a_zone_beside_it(tmp_path: Path) -> None:
    event = read_one(tmp_path, "DTSTART;TZID=Asia/Tokyo:20240715T120000Z")
    assert (event.at, event.zone) == (datetime(2024, 7, 15, 12, tzinfo=UTC), "Asia/Tokyo")


def test_a_zone_with_a_bare_colon_is_mended(tmp_path: Path) -> None:
    event = read_one(tmp_path, "DTSTART;TZID=(UTC-03:00) Brasília:20170511T133000")
    assert (event.at, event.zone) == (datetime(2017, 5, 11, 16, 30, tzinfo=UTC), "-03:00")
