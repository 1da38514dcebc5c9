"""Numbers in cells: amounts with their currency, shares, and which mark stands before the decimals.

A column means one thing from top to bottom, so 1.234 is read by what the rest of the column shows; where that shows
nothing, a point stands before decimals and a comma between thousands.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from attrs import frozen

SIGNS = {
    "us$": "USD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD", "a$": "AUD", "c$": "CAD", "r$": "BRL", "$": "USD",
    "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY", "₹": "INR", "₩": "KRW", "人民币": "CNY", "美元": "USD",
    "欧元": "EUR", "港币": "HKD", "日元": "JPY", "rmb": "CNY", "元": "CNY",
}  # fmt: skip
"""What currencies are written as beside their codes (ISO 4217); ¥ is the yuan, as everywhere here."""

SCALES = {"亿": Decimal(10**8), "万": Decimal(10**4)}
SPACES = re.compile("[\\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}'\N{RIGHT SINGLE QUOTATION MARK}_]")
FIGURES = re.compile(r"[\d.,]*\d[\d.,]*")
PLAIN = re.compile(r"\d+(\.\d*)?|\.\d+")
CODE = re.compile(r"(?<![a-z])[a-z]{3}(?![a-z])")
POWER = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d{1,3}")


@frozen(kw_only=True)
class Sum:
    """An amount and its currency (ISO 4217), which is empty where the cell does not say it."""

    value: Decimal
    currency: str = ""


def decimal_mark(values: Iterable[str]) -> str:
    """Return what stands before the decimals in a column: a comma or a point; nothing when no value shows it."""
    marks = {mark for text in values if (mark := _shown(text))}
    return marks.pop() if len(marks) == 1 else ""


def _shown(text: str) -> str:
    found = FIGURES.search(SPACES.sub("", text))
    figures = found[0] if found else ""
    points, commas = figures.count("."), figures.count(",")
    if points and commas:
        return max(".", ",", key=figures.rfind)
    if points > 1 or commas > 1:
        return "," if points > 1 else "."
    if not points + commas:
        return ""
    mark = "." if points else ","
    return mark if len(figures) - figures.index(mark) - 1 != 3 else ""


def read_number(text: str, mark: str = "") -> Decimal | None:
    """Return a number without sign of a currency: 1,234.50, 1.234,50 (`mark` is a comma), -5, (5), 12万; else None."""
    if POWER.fullmatch(text):
        return Decimal(text)
    text = SPACES.sub("", text)
    negative = text.startswith(("-", "−", "(")) or text.endswith("-")
    text = text.strip("-−+()（）")
    scale = SCALES.get(text[-1:], Decimal(1))
    text = text[:-1] if text[-1:] in SCALES else text
    decimal = mark or _shown(text) or "."
    grouping = "." if decimal == "," else ","
    text = text.replace(grouping, "").replace(decimal, ".")
    if not PLAIN.fullmatch(text):
        return None
    value = Decimal(text) * scale
    return -value if negative else value


def read_sum(text: str, mark: str = "") -> Sum | None:
    """Return an amount with its currency: $1,234.50, 1.234,50 €, CNY 5000, ￥12万; None for what is none."""
    folded = text.casefold()
    sign = next((each for each in SIGNS if each in folded), "")
    if sign:
        currency, folded = SIGNS[sign], folded.replace(sign, "", 1)
    elif code := CODE.search(folded):
        currency, folded = code[0].upper(), folded[: code.start()] + folded[code.end() :]
    else:
        currency = ""
    value = read_number(folded.strip(), mark)
    return None if value is None else Sum(value=value, currency=currency)


def read_share(text: str, mark: str = "") -> Decimal | None:
    """Return a share in per cent: 75 %, 75, 7,5%; None for what is none."""
    return read_number(text.replace("％", "%").strip().removesuffix("%"), mark)
