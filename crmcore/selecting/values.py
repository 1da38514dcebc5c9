"""Values of a selection: SQL for what is asked of a party, and constants bound as the columns keep them.

| kind | a constant is | a column is |
|---|---|---|
| number | int, float | a whole number, a `Fixed`, an `Amount`, or a field's number |
| text | str | text; the empty text is nothing known |
| date | a datetime at midnight in UTC | a date, or a field's text in ISO 8601 |
| instant | a datetime | an instant |
| truth | bool | true or false |
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import field, frozen
from sqlalchemy import Boolean, ColumnElement, Date, Double, Integer, Numeric, Text, cast, func, literal
from sqlalchemy.types import TypeEngine

from crmcore.engine.types import Amount, Fixed, Instant, Json
from crmcore.hooks.selecting import DATE, INSTANT, NUMBER, TEXT, TRUTH
from crmcore.selecting.dialects import fraction

_FINEST, _LARGEST = Decimal("0.0001"), 10**14


@frozen(kw_only=True, eq=False)
class Value:
    """What is asked of a party, as SQL that is NULL where nothing is known.

    `blank` says that the empty text means that, too; `empty` is the value where nothing is known, None for none.
    """

    kind: str
    sql: ColumnElement[Any]
    blank: bool = field()
    empty: Any = None

    @blank.default
    def _default_blank(self) -> bool:
        return self.kind == TEXT

    @property
    def known(self) -> ColumnElement[Any]:
        """The value with `empty` filled in, else NULL where nothing is known."""
        found: ColumnElement[Any] = func.nullif(self.sql, "", type_=Text()) if self.blank else self.sql
        if self.empty is None:
            return found
        return func.coalesce(found, self.bind(self.empty), type_=self.sql.type)

    @property
    def number(self) -> ColumnElement[float]:
        """A number as one that can be calculated with, `empty` filled in."""
        match self.sql.type:
            case Fixed():
                found: ColumnElement[Any] = fraction(self.sql)
            case Double():
                found = self.sql
            case _:
                found = cast(self.sql, Double())
        return found if self.empty is None else func.coalesce(found, double(self.empty), type_=Double())

    def takes(self, constant: Any) -> bool:
        """Return whether the column can be compared with a number as it is, without calculating."""
        match self.sql.type:
            case Fixed():
                amount = Decimal(str(constant))
                return abs(amount) < _LARGEST and amount == amount.quantize(_FINEST)
            case Amount():
                return False
        return True

    def bind(self, constant: Any) -> ColumnElement[Any]:
        """Return a constant of the same kind as the column keeps it; raises OverflowError for a number too large."""
        kept = self.sql.type
        match self.kind:
            case "number":
                return _number(constant, kept)
            case "date":
                day = constant.date() if isinstance(constant, datetime) else constant
                return literal(day, Date()) if isinstance(kept, Date) else literal(day.isoformat(), Text())
            case "instant":
                return literal(constant, Instant())
            case "truth":
                return literal(constant, Boolean())
        return literal(constant, Text())


def double(constant: float) -> ColumnElement[float]:
    """Return a number to be calculated with."""
    return literal(float(constant), Double())


def _number(constant: float, kept: TypeEngine[Any]) -> ColumnElement[Any]:
    if isinstance(kept, Fixed):
        return literal(Decimal(str(constant)), Fixed())
    whole = float(constant).is_integer() and abs(constant) < 2**31
    return literal(int(constant), Integer()) if whole else double(constant)


def kind_of(constant: Any) -> str:
    """Return the kind of a constant; empty for what is none of the kinds, as a list or a duration."""
    match constant:
        case bool():
            return TRUTH
        case int() | float() | Decimal():
            return NUMBER
        case str():
            return TEXT
        case date():
            return INSTANT
    return ""


def kind_kept(kept: TypeEngine[Any]) -> str:
    """Return the kind of what a column of a type keeps; empty for what cannot be asked."""
    match kept:
        case Boolean():
            return TRUTH
        case Date():
            return DATE
        case Instant():
            return INSTANT
        case Integer() | Numeric() | Fixed() | Amount():
            return NUMBER
    return "" if isinstance(kept, type(Json)) else TEXT
