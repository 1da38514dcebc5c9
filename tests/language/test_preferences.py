"""Preferences taken from notes, on marked sentences."""

from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.language.preferences import Preference, find_preferences

DATA = Path(__file__).resolve().parents[1] / "data" / "language"
ROWS = [
    line.split("\t")
    for name in ("preferences.tsv", "heldout_preferences.tsv")
    for line in (DATA / name).read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def seen(found: Preference) -> list[str]:
    start = f"{found.start:%H:%M}" if found.start is not None else "-"
    end = f"{found.end:%H:%M}" if found.end is not None else "-"
    days = ",".join(map(str, found.days))
    return [found.kind, found.channel or "-", "yes" if found.allow else "no", start, end, days or "-"]


@pytest.mark.parametrize("row", ROWS, ids=[row[-1] for row in ROWS])
def test_marked(row: list[str]) -> None:
    *marks, sentence = row
    found = find_preferences(sentence)
    assert [seen(preference) for preference in found] == ([marks] if marks[0] != "-" else [])
    assert all(preference.sentence == sentence for preference in found)


@pytest.mark.row("S1-01")
def test_no_call_before_ten() -> None:
    [found] = find_preferences("Li Wei, 10 min call, no call before 10:00 please")
    assert (found.kind, found.channel, found.allow, found.start, found.end) == (
        "quiet_hours",
        "call",
        False,
        time(0),
        time(10),
    )


def test_two_in_one_sentence() -> None:
    found = find_preferences("Prefers e-mail, don't call after 6pm, likes it spicy.")
    assert [(p.kind, p.channel, p.allow) for p in found] == [
        ("channel", "email", True),
        ("quiet_hours", "call", False),
        ("taste", "", True),
    ]


@given(st.text(max_size=120))
def test_sentences_are_from_the_text(text: str) -> None:
    assert all(preference.sentence in text for preference in find_preferences(text))
