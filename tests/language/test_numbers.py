from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.language.numbers import read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("480,000", 480000),
        ("1.5", "1.5"),
        ("two", 2),
        ("a", 1),
        ("a couple of", 2),
        ("twenty-five", 25),
        ("one hundred and twenty", 120),
        ("two thousand five hundred", 2500),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("两百五", 250),
        ("一百零五", 105),
        ("三千", 3000),
        ("一万二", 12000),
        ("四十八万", 480000),
        ("48万", 480000),
        ("一点五", "1.5"),
        ("二〇二六", 2026),
    ],
)
def test_read(text: str, value: int | str) -> None:
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "Friday", "点五五", "一x", "twelfth"])
def test_no_number(text: str) -> None:
    assert read_number(text) is None


def written(number: int) -> str:
    """Return the Chinese numeral of a number below 10000, as taught in school."""
    digits, text, zero = "零一二三四五六七八九", "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            text += ("零" if zero else "") + digits[digit] + name
            zero = False
        elif text:
            zero = True
    return text


@given(st.integers(1, 9999))
def test_school_numerals(number: int) -> None:
    assert read_number(written(number)) == number
