"""A sum of money as people type it."""

from decimal import Decimal

import pytest

from crmcore.errors import InvalidInput
from crmcore.language.money import money_said


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1600000", "1600000", ""), ("1,600,000.50", "1600000.50", ""), ("1.6M", "1600000", ""), ("2k", "2000", ""),
        ("160万", "1600000", ""), ("$40k", "40000", "USD"), ("30万美元", "300000", "USD"),
        ("1.6M EUR", "1600000", "EUR"),
        ("12元", "12", "CNY"), ("0", "0", ""),
    ],
)  # fmt: skip
def test_a_sum_is_read_with_its_currency(text: str, value: str, currency: str) -> None:
    assert money_said("amount", text) == (Decimal(value), currency)


@pytest.mark.parametrize("text", ["x", "", "-3", "12 days", "5%", "1.6M and 2M", "nan", "inf", "about 5"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="amount: "):
        money_said("amount", text)
