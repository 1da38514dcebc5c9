from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.formats.table.values import date_order, is_yes, read_date, read_instant, read_seconds


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1930-02-13", "1930-02-13"),
        ("19300213", "1930-02-13"),
        ("1930/2/13", "1930-02-13"),
        ("1930年2月13日", "1930-02-13"),
        ("1930-02-13T00:00:00.000Z", "1930-02-13"),
        ("13.02.1930", "1930-02-13"),
        ("13/2/1930", "1930-02-13"),
        ("2/13/1930", "1930-02-13"),
        ("2/2/1930", "1930-02-02"),
        ("13 February 1930", "1930-02-13"),
        ("Feb 13, 1930", "1930-02-13"),
        ("--0213", "--0213"),
        ("--02-13", "--0213"),
        ("0/0/00", ""),
        ("", ""),
        ("2/3/1930", None),
        ("1930-02-30", None),
        ("--0230", None),
        ("19301301", None),
        ("yesterday", None),
    ],
)
def test_dates(text: str, iso: str | None) -> None:
    assert read_date(text) == iso


def test_order_of_day_and_month() -> None:
    assert date_order(["1/2/2020", "13/2/2020"]) == "day"
    assert date_order(["1/2/2020", "1/13/2020"]) == "month"
    assert date_order(["1.2.2020"]) == "day"
    assert date_order(["1/2/2020"]) == ""
    assert date_order(["1/2/2020"], "US") == "month"
    assert date_order(["1/2/2020"], "gb") == "day"
    assert date_order(["13/2/2020", "1/13/2020"], "US") == ""
    assert read_date("1/2/2020", "day") == "2020-02-01"
    assert read_date("1/2/2020", "month") == "2020-01-02"


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%m/%d/%Y"]))
def test_a_declared_format_is_read_back(day: date, pattern: str) -> None:
    written = day.strftime(pattern)
    if len(str(day.year)) == 4:
        assert read_date(written, "", pattern) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "zone", "at", "zone_found"),
    [
        ("2026-03-01T10:00:00Z", "", datetime(2026, 3, 1, 10, tzinfo=UTC), "+00:00"),
        ("2010-10-14T12:00:00.000GMT", "", datetime(2010, 10, 14, 12, tzinfo=UTC), "+00:00"),
        ("2010-10-14T12:00:00.000Z-0300", "", datetime(2010, 10, 14, 15, tzinfo=UTC), "-03:00"),
        ("2026-07-01 10:00", "Europe/Berlin", datetime(2026, 7, 1, 8, tzinfo=UTC), "Europe/Berlin"),
        ("13/3/2026 2:05 PM", "", datetime(2026, 3, 13, 14, 5, tzinfo=UTC), ""),
        ("2026年3月1日 下午2:05", "", datetime(2026, 3, 1, 14, 5, tzinfo=UTC), ""),
    ],
)
def test_instants(text: str, zone: str, at: datetime, zone_found: str) -> None:
    assert read_instant(text, zone) == (at, zone_found)


@pytest.mark.parametrize("text", ["soon", "2026-02-30 10:00", "2026-02-03 25:00", "2/3/2026 10:00", "10:00"])
def test_what_is_no_instant(text: str) -> None:
    assert read_instant(text) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("1:30", 90),
        ("00:01:30", 90),
        ("1.5 min", 90),
        ("2h", 7200),
        ("1分30秒", 90),
        ("1小时", 3600),
        ("x", None),
    ],
)
def test_durations(text: str, seconds: int | None) -> None:
    assert read_seconds(text) == seconds


def test_minutes_and_yes() -> None:
    assert read_seconds("90", "minutes") == 5400
    assert [is_yes(text) for text in ("TRUE", "已完成", "no", "")] == [True, True, False, False]


@given(st.text(max_size=20))
def test_no_text_breaks_the_readers(text: str) -> None:
    read_instant(text)
    read_seconds(text)
    iso = read_date(text)
    assert iso is None or iso == "" or iso.startswith("--") or date.fromisoformat(iso)
