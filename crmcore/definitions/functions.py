"""The functions an expression may call: CEL's own, and ours."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from crmcore.definitions.expression import MACROS

NATIVE = MACROS | {
    "has", "int", "uint", "double", "string", "bytes", "timestamp", "duration", "dyn", "type",
    "contains", "startsWith", "endsWith", "matches",
    "getDayOfMonth", "getDayOfYear", "getMinutes", "getSeconds", "getMilliseconds",
}  # fmt: skip
"""The library's own functions (https://github.com/google/cel-spec/blob/master/doc/langdef.md)."""


def _day(text: str) -> datetime | None:
    """Return the midnight in UTC at the beginning of an ISO date; null for what is none."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        return None


def _round(number: float) -> float:
    """Round to the nearest whole number, a half away from zero, as cel-go does."""
    return math.copysign(math.floor(abs(number) + 0.5), number)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "date": _day,
    "days": lambda number: timedelta(days=number),
    "min": min,
    "max": max,
    "trim": lambda text: text.strip(),
    "replace": lambda text, old, new: text.replace(old, new),
    "lowerAscii": lambda text: text.lower(),
    "upperAscii": lambda text: text.upper(),
    "math.round": _round,
    "math.floor": lambda number: float(math.floor(number)),
    "math.ceil": lambda number: float(math.ceil(number)),
    "math.abs": abs,
    "crm_size": lambda value: float(len(value)),
    "crm_getFullYear": lambda moment: float(moment.year),
    "crm_getMonth": lambda moment: float(moment.month - 1),
    "crm_getDate": lambda moment: float(moment.day),
    "crm_getDayOfWeek": lambda moment: float(moment.isoweekday() % 7),
    "crm_getHours": lambda moment: float(moment.hour),
}
"""Ours, beside CEL's own and in place of those that give whole numbers (see `expression.REPLACED`)."""
