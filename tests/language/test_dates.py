"""Dates and times of day, on marked phrases and on any text."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.language.dates import find_dates

DATA = Path(__file__).resolve().parents[1] / "data" / "language"
TODAY = date(2026, 11, 24)
ROWS = [
    tuple(line.split("\t"))
    for line in (DATA / "dates.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("day", "time", "kind", "text"), ROWS, ids=[row[3] for row in ROWS])
def test_marked(day: str, time: str, kind: str, text: str) -> None:
    found = find_dates(text, TODAY)
    if day == "-":
        assert not found
        return
    assert [(str(f.date), f"{f.time:%H:%M}" if f.time else "-", f.kind or "-") for f in found] == [(day, time, kind)]


def test_by_friday_said_on_a_friday_is_today() -> None:
    friday = date(2026, 11, 27)
    assert [f.date for f in find_dates("wants it by Friday", friday)] == [friday]
    assert [f.date for f in find_dates("周五前要", friday)] == [friday]
    assert [f.date for f in find_dates("next Friday", friday)] == [date(2026, 12, 4)]
    assert [f.date for f in find_dates("last Friday", friday)] == [date(2026, 11, 20)]


def test_two_dates_in_one_line() -> None:
    found = find_dates("called him Monday, wants it by Friday", TODAY)
    assert [(f.date, f.kind) for f in found] == [(date(2026, 11, 23), "happened"), (date(2026, 11, 27), "due")]


def test_leap_day_is_sought_in_the_next_leap_year() -> None:
    assert [f.date for f in find_dates("29 February", TODAY)] == [date(2028, 2, 29)]
    assert find_dates("31 June", TODAY) == []


WORDS = st.sampled_from(
    [
        "by Friday",
        "next",
        "last",
        "in",
        "3",
        "weeks",
        "ago",
        "12/06",
        "2026-13-40",
        "99",
        "June",
        "at 25:00",
        "3pm",
        "周五",
        "前",
        "下",
        "月底",
        "三天",
        "后",
        "二〇二六年",
        "十三月",
        "号",
        "0",
        "9999-12-31",
        "days",
        "31",
    ]
)


@given(
    text=st.one_of(
        st.text(max_size=80), st.lists(WORDS, max_size=12).map(" ".join), st.lists(WORDS, max_size=12).map("".join)
    )
)
def test_spans_lie_inside_the_text_and_do_not_overlap(text: str) -> None:
    for today in (TODAY, date.min, date.max):
        last = 0
        for found in find_dates(text, today):
            assert last <= found.start < found.end <= len(text)
            assert text[found.start : found.end] == found.text
            last = found.end


@given(
    day=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    text=st.sampled_from(["by Friday", "周五前", "by 12 June", "the 15th", "月底前", "6月12日前"]),
)
def test_limits_never_lie_in_the_past(day: date, text: str) -> None:
    assert all(found.date >= day for found in find_dates(text, day))


@given(
    day=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    text=st.sampled_from(["called him Friday", "周五打了电话", "met her 12 June", "spoke on the 15th"]),
)
def test_what_happened_never_lies_ahead(day: date, text: str) -> None:
    assert all(found.date <= day for found in find_dates(text, day))
