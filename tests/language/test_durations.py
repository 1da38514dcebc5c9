import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.language.durations import find_durations


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("10 min", 10),
        ("Li 10min call", 10),
        ("1h", 60),
        ("1.5 hours", 90),
        ("half an hour", 30),
        ("an hour and a half", 90),
        ("two and a half hours", 150),
        ("1h 20m", 80),
        ("1h30", 90),
        ("2 hours 15 minutes", 135),
        ("a 45-minute call", 45),
        ("three quarters of an hour", 45),
        ("10分钟", 10),
        ("半小时", 30),
        ("半个小时", 30),
        ("一个半小时", 90),
        ("两个钟头", 120),
        ("一小时二十分钟", 80),
        ("一刻钟", 15),
        ("十五分钟", 15),
    ],
)
def test_found(text: str, minutes: int) -> None:
    assert [found.seconds for found in find_durations(text)] == [60 * minutes]


@pytest.mark.parametrize(
    "text",
    [
        "in 2 hours",
        "an hour ago",
        "within 30 minutes",
        "every 10 min",
        "半小时后",
        "十分之一",
        "at 10:30",
        "$10m",
        "第5分公司",
        "0 min",
        "10 machines",
    ],
)
def test_not_a_duration(text: str) -> None:
    assert find_durations(text) == []


@given(st.text(alphabet="0123456789 .:hmin一二十半个小时分钟an houralf-'", max_size=40))
def test_spans_lie_inside_the_text(text: str) -> None:
    for found in find_durations(text):
        assert 0 <= found.start < found.end <= len(text)
        assert 0 < found.seconds <= 86400
