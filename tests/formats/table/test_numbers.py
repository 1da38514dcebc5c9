"""Amounts in cells, as English, German, Swiss and Chinese tables write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.formats.table.numbers import decimal_mark, read_number, read_share, read_sum

CENTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("$48,999.50", "48999.50", "USD"),
        ("1.234,50 €", "1234.50", "EUR"),
        ("CHF 1'234.50", "1234.50", "CHF"),
        ("￥12万", "120000", "CNY"),
        ("3.5亿元", "350000000", "CNY"),
        ("500000.0", "500000", ""),
        ("1,200", "1200", ""),
        ("1.5E+6", "1500000", ""),
        ("(1,234.00)", "-1234", ""),
        ("HK$ 5", "5", "HKD"),
        ("eur -7", "-7", "EUR"),
        ("twelve", None, ""),
        ("12 apples", None, ""),
        ("", None, ""),
        ("1.2.3,4,5", None, ""),
        ("--", None, ""),
    ],
)
def test_an_amount_and_its_currency(text: str, value: str | None, currency: str) -> None:
    found = read_sum(text)
    assert (found and found.value) == (value and Decimal(value))
    assert found is None or found.currency == currency


def test_a_column_shows_which_mark_stands_before_decimals() -> None:
    assert decimal_mark(["1.234", "12,5", ""]) == ","
    assert decimal_mark(["1,234", "1.5"]) == "."
    assert decimal_mark(["1.234", "2.345"]) == ""
    assert read_number("1.234", ",") == 1234
    assert read_number("1.234") == Decimal("1.234")
    assert read_share("7,5 %") == Decimal("7.5")


@given(CENTS)
def test_what_is_written_is_read_exactly(value: Decimal) -> None:
    english = f"{value:,.2f}"
    assert read_number(english) == value
    german = english.translate(str.maketrans(",.", ".,"))
    assert read_number(german, ",") == value
    assert read_sum(f"{german} EUR", ",").value == value  # type: ignore[union-attr] # it is an amount


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_none(text: str) -> None:
    found = read_sum(text)
    assert found is None or found.value.is_finite()
