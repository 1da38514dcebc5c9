"""Comparisons as SQL: true where it is certain, NULL or false where it is not, so that nothing unknown is selected."""

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from math import ceil, floor
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Date, Exists, Text, and_, cast, false, func, or_, true

from crmcore.engine.types import Fixed
from crmcore.hooks.selecting import DATE, INSTANT, NUMBER, TEXT, TRUTH
from crmcore.i18n import _
from crmcore.selecting.dialects import place, plain
from crmcore.selecting.values import Value, double, kind_of

NEGATED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge
}  # fmt: skip
_EQUAL = ("==", "!=")
_ON_OTHER_DAYS = {"<": "<=", ">=": ">"}


class Unfit(Exception):
    """Two values that cannot be compared, and why."""


@frozen(kw_only=True)
class Constant:
    """What is known before anybody is selected: a value as CEL gives it, None for null."""

    value: Any


def has(value: Value, wanted: bool) -> ColumnElement[bool]:
    """Return whether anything is known, or is not."""
    if value.empty is not None:
        return true() if wanted else false()
    if wanted:
        return and_(value.sql.is_not(None), value.sql != "") if value.blank else value.sql.is_not(None)
    return or_(value.sql.is_(None), value.sql == "") if value.blank else value.sql.is_(None)


def truth(value: Value, wanted: bool) -> ColumnElement[bool]:
    """Return whether a value is true, or is false."""
    if isinstance(value.sql, Exists):
        return value.sql if wanted else ~value.sql
    return (value.sql if value.empty is None or value.empty is not wanted else value.known).is_(wanted)


def searched(
    name: str, whole: ColumnElement[str], part: ColumnElement[str], letters: ColumnElement[int]
) -> ColumnElement[bool]:
    """Return whether a text contains another, or starts or ends with it; `letters` is how long the other is."""
    if name == "contains":
        return place(whole, part) > 0
    if name == "startsWith":
        return func.substr(whole, 1, letters) == part
    begin = func.length(whole) - letters
    return and_(begin >= 0, func.substr(whole, begin + 1) == part)


def compare(sign: str, left: Value | Constant, right: Value | Constant) -> ColumnElement[bool]:
    """Return the comparison of two values, of which one may be a constant; raises `Unfit`.

    Equal to null or to the empty text means that nothing is known.
    """
    if isinstance(left, Constant):
        return compare(MIRRORED[sign], right, left)
    if isinstance(right, Value):
        return _both(sign, left, right)
    found = right.value
    if found in (None, ""):
        if sign not in _EQUAL:
            raise Unfit(_("nothing is less or more than an empty value"))
        return has(left, sign == "!=")
    kind = kind_of(found)
    if kind != left.kind and not (kind == INSTANT and left.kind == DATE):
        raise Unfit(_unlike(left.kind, kind))
    match left.kind:
        case "number" if not left.takes(found):
            return _COMPARE[sign](left.number, double(found))  # type: ignore[no-any-return] # of two columns
        case "text":
            return _texts(sign, left, left.bind(found))
        case "date":
            return _day(sign, left, found)
        case "truth" if sign not in _EQUAL:
            raise Unfit(_("true is not less or more than false"))
    filled = left.empty is not None and _COMPARE[sign](left.empty, found)
    return _COMPARE[sign](left.known if filled else left.sql, left.bind(found))  # type: ignore[no-any-return]


def among(left: Value, constants: list[Any]) -> ColumnElement[bool] | None:
    """Return whether a value is one of some constants, where SQL's IN says the same; None where it does not."""
    plainly = left.kind in (NUMBER, TEXT) and all(kind_of(one) == left.kind and one != "" for one in constants)
    if not plainly or (left.kind == NUMBER and not all(left.takes(one) for one in constants)):
        return None
    filled = left.empty is not None and left.empty in constants
    return (left.known if filled else left.sql).in_([left.bind(one) for one in constants])


def _both(sign: str, left: Value, right: Value) -> ColumnElement[bool]:
    if left.kind != right.kind:
        raise Unfit(_unlike(left.kind, right.kind))
    made = _COMPARE[sign]
    if left.kind == TEXT:
        return and_(_texts(sign, left, right.sql), right.sql != "")
    if left.kind == NUMBER and not (isinstance(left.sql.type, Fixed) and isinstance(right.sql.type, Fixed)):
        return made(left.number, right.number)  # type: ignore[no-any-return] # of two columns
    if left.kind == DATE and isinstance(left.sql.type, Date) is not isinstance(right.sql.type, Date):
        return made(cast(left.sql, Text()), cast(right.sql, Text()))  # type: ignore[no-any-return] # likewise
    return made(left.known, right.known)  # type: ignore[no-any-return] # likewise


def _texts(sign: str, left: Value, other: ColumnElement[str]) -> ColumnElement[bool]:
    if sign == "==":
        return left.sql == other
    if sign == "!=":
        return and_(left.sql != other, left.sql != "")
    return and_(_COMPARE[sign](plain(left.sql), other), left.sql != "")


def _day(sign: str, left: Value, moment: datetime) -> ColumnElement[bool]:
    """Compare a date, which is its midnight in UTC, with an instant."""
    if moment.time() == time():
        return _COMPARE[sign](left.sql, left.bind(moment))  # type: ignore[no-any-return] # of two columns
    if sign in _EQUAL:
        return has(left, True) if sign == "!=" else false()
    return _COMPARE[_ON_OTHER_DAYS.get(sign, sign)](left.sql, left.bind(moment))  # type: ignore[no-any-return]


def days_since(
    sign: str, left: Value, number: float, today: date, midnight: Callable[[date], datetime]
) -> ColumnElement[bool]:
    """Return how many days a date, or the day of an instant in the workspace's zone, lies before today, compared."""
    if sign in _EQUAL and not float(number).is_integer():
        return has(left, True) if sign == "!=" else false()
    whole = ceil(number) if sign in ("<", ">=") else floor(number)
    far = today.toordinal() - whole
    day = date.fromordinal(min(max(far, date(2, 1, 1).toordinal()), date(9998, 1, 1).toordinal()))
    if left.kind == DATE:
        return _COMPARE[MIRRORED[sign]](left.sql, left.bind(day))  # type: ignore[no-any-return] # of two columns
    start, end = left.bind(midnight(day)), left.bind(midnight(day + timedelta(days=1)))
    match sign:
        case ">=":
            return left.sql < end
        case ">":
            return left.sql < start
        case "<=":
            return left.sql >= start
        case "<":
            return left.sql >= end
        case "==":
            return and_(left.sql >= start, left.sql < end)
    return or_(left.sql < start, left.sql >= end)


def _unlike(one: str, other: str) -> str:
    known = {
        NUMBER: _("a number"), TEXT: _("a text"), DATE: _("a date"), INSTANT: _("an instant"), TRUTH: _("true or false")
    }  # fmt: skip
    return _("{one} cannot be compared with {other}").format(
        one=known[one], other=known.get(other) or _("a list or a duration")
    )
