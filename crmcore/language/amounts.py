"""Amounts with a unit in a text: a span of time, a share, a sum of money.

Units are `day`, `working day`, `week`, `month`, `year`, `hour`, `minute`, `percent`, `free` (value 0), or a currency
(ISO 4217). 九折 means that nine tenths are paid: a discount of 10 percent.
"""

import re
from decimal import Decimal

from attrs import frozen

from crmcore.language.numbers import ANY_ENGLISH, ANY_HAN, DIGITS, read_number

_CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "美元": "USD", "美金": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "欧元": "EUR",
    "£": "GBP", "gbp": "GBP", "pounds": "GBP", "英镑": "GBP",
    "¥": "CNY", "￥": "CNY", "cny": "CNY", "rmb": "CNY", "yuan": "CNY", "元": "CNY", "块": "CNY",
    "块钱": "CNY", "人民币": "CNY",
    "jpy": "JPY", "日元": "JPY", "chf": "CHF", "hkd": "HKD", "港币": "HKD",
}  # fmt: skip
_SCALES = {"k": 1000, "m": 10**6, "mio": 10**6, "million": 10**6, "thousand": 1000}
_HAN_UNITS = {
    "工作日": "working day", "天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month",
    "年": "year",
    "小时": "hour", "钟头": "hour", "分钟": "minute",
}  # fmt: skip
_AMOUNT = re.compile(
    rf"(?P<percent>{DIGITS})\s*(?:%|％|percent\b|per cent\b|个点)"
    rf"|百分之(?P<han_percent>{ANY_HAN})"
    r"|(?<![\d一二三四五六七八九打])(?P<fold>[一二三四五六七八九]{1,2}|\d(?:\.\d|\d)?)折"
    r"|打(?P<fold2>[一二三四五六七八九][一二三四五六七八九]?|\d(?:\.\d|\d)?)折"
    rf"|(?P<sign>us\$|[$€£¥￥]|\b(?:usd|eur|gbp|cny|rmb|chf|hkd"
    rf"|jpy))\s?(?P<signed>{DIGITS})\s?(?P<scale>(?:k|m|mio|million)\b|[万千])?"
    rf"|(?P<money>{DIGITS})\s?(?P<money_scale>k|m|mio|million|thousand)?\s?(?P<currency>(?:usd|eur|gbp"
    rf"|cny|rmb|yuan|chf|hkd|jpy|dollars?|euros?|pounds)\b|[$€£¥￥])"
    rf"|(?P<han_money>{ANY_HAN})\s?(?P<han_currency>元|块钱|块(?!板)|人民币|美元|美金|欧元|英镑|港币|日元)"
    rf"|(?P<number>{ANY_ENGLISH})\s*-?(?P<working>(?:working|business|work)\s+)?(?P<unit>day|week|month"
    rf"|year|hour|minute)s?\b"
    rf"|(?P<han_number>{ANY_HAN}|半)\s*个?(?P<han_half>半)?(?P<han_unit>工作日|天"
    rf"|周(?![一二三四五六日末])|星期(?![一二三四五六日])|礼拜(?![一二三四五六日])|(?<=个)月|小时|钟头"
    rf"|分钟|年(?![底末]))"
    r"|\b(?P<free>free(?:\s+of\s+charge)?|for\s+free|at\s+no\s+(?:extra\s+)?(?:cost|charge)"
    r"|no\s+charge)\b(?!\s+to\b)|(?P<han_free>免费|全免|不收费|不另收费|赠送|免收)",
    re.IGNORECASE,
)


@frozen(kw_only=True)
class Amount:
    """A number with its unit, and its words in the text."""

    value: Decimal
    unit: str
    text: str = ""


def _fold(text: str) -> Decimal:
    """Return the discount in percent: 九 and 9 are 10, 八五 and 85 are 15."""
    digits = "".join(str(read_number(c)) if c in "一二三四五六七八九" else c for c in text).replace(".", "")
    paid = int(digits) * (10 if len(digits) == 1 else 1)
    return Decimal(100 - paid)


def _scaled(number: str, scale: str | None) -> Decimal | None:
    if scale and scale in "万千":
        return read_number(number + scale)
    value = read_number(number)
    return value * _SCALES.get((scale or "").lower(), 1) if value is not None else None


def _read(found: re.Match[str]) -> tuple[Decimal | None, str]:
    if found["percent"] or found["han_percent"]:
        return read_number(found["percent"] or found["han_percent"]), "percent"
    if found["fold"] or found["fold2"]:
        return _fold(found["fold"] or found["fold2"]), "percent"
    if found["signed"]:
        return _scaled(found["signed"], found["scale"]), _CURRENCIES[found["sign"].lower()]
    if found["money"]:
        return _scaled(found["money"], found["money_scale"]), _CURRENCIES[found["currency"].lower()]
    if found["han_money"]:
        return read_number(found["han_money"]), _CURRENCIES[found["han_currency"]]
    if found["number"]:
        return read_number(found["number"]), ("working " if found["working"] else "") + found["unit"].lower()
    if found["han_number"]:
        value = Decimal("0.5") if found["han_number"] == "半" else read_number(found["han_number"])
        if value is not None and found["han_half"]:
            value += Decimal("0.5")
        return value, _HAN_UNITS[found["han_unit"]]
    return Decimal(0), "free"


def find_amounts(text: str) -> list[Amount]:
    """Return the amounts in `text`, in order."""
    amounts = []
    for found in _AMOUNT.finditer(text):
        value, unit = _read(found)
        if value is not None:
            amounts.append(Amount(value=value, unit=unit, text=found[0].strip()))
    return amounts
