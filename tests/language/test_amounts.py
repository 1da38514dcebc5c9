from decimal import Decimal

import pytest

from crmcore.language.amounts import find_amounts


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("within 2 weeks", 2, "week"),
        ("two-year warranty", 2, "year"),
        ("5 working days", 5, "working day"),
        ("10% off", 10, "percent"),
        ("10 percent", 10, "percent"),
        ("480000 CNY", 480000, "CNY"),
        ("480k EUR", 480000, "EUR"),
        ("$1,500.50", "1500.50", "USD"),
        ("¥48万", 480000, "CNY"),
        ("48万元", 480000, "CNY"),
        ("三千块钱", 3000, "CNY"),
        ("打九折", 10, "percent"),
        ("八五折", 15, "percent"),
        ("打95折", 5, "percent"),
        ("百分之五", 5, "percent"),
        ("3个点", 3, "percent"),
        ("两周内", 2, "week"),
        ("三个月", 3, "month"),
        ("10个工作日", 10, "working day"),
        ("free of charge", 0, "free"),
        ("免费", 0, "free"),
    ],
)
def test_found(text: str, value: int | str, unit: str) -> None:
    assert [(amount.value, amount.unit) for amount in find_amounts(text)] == [(Decimal(value), unit)]


@pytest.mark.parametrize("text", ["feel free to call", "下周三", "room 12", "骨折", "3月底"])
def test_none(text: str) -> None:
    assert find_amounts(text) == []
