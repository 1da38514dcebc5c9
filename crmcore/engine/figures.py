"""Expressions for figures that answer alike on SQLite and PostgreSQL: exact sums, shares, today."""

from decimal import Context, Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Dialect,
    Float,
    Numeric,
    SQLColumnExpression,
    Text,
    bindparam,
    func,
    literal_column,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from crmcore.engine.types import Fixed, Instant

TODAY = bindparam("today", type_=Date)
"""The date in the workspace's zone when a figure is asked for."""
NOW = bindparam("now", type_=Instant)
"""The instant when a figure is asked for."""

BASE = bindparam("base", type_=Text)
"""The currency the workspace reckons in (ISO 4217)."""

NAME = "crm_total"
"""The name of the aggregate that SQLite is given."""

_EXACT = Context(prec=200)


class _Sum(TypeDecorator[Decimal]):
    """A decimal sum: a number of PostgreSQL's own, text from SQLite's aggregate."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Numeric() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else format(value, "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class total(FunctionElement[Decimal]):  # a function, as it is used
    """The exact sum of a column of amounts (`Amount`, decimal text): no digit is rounded, on either database.

    NULL over no rows. SQLite has no decimal numbers: there it is an aggregate of ours, run by the database.
    """

    name = NAME
    type = _Sum()
    inherit_cache = True

    def __init__(self, column: SQLColumnExpression[Any]) -> None:
        super().__init__(column)


@compiles(total)
def _aggregate(element: total, compiler: Any, **options: Any) -> str:
    return f"{NAME}({compiler.process(element.clauses, **options)})"


@compiles(total, "postgresql")
def _numeric(element: total, compiler: Any, **options: Any) -> str:
    return f"sum(CAST({compiler.process(element.clauses, **options)} AS NUMERIC))"


class times(FunctionElement[Decimal]):  # a function, as it is used
    """What so many of something come to: one amount (`Fixed`) times another, rounded to four decimals on SQLite.

    There amounts are whole numbers of ten-thousandths, and `*` alone would make it ten thousand times too many.
    """

    name = "crm_times"
    type = Fixed()
    inherit_cache = True

    def __init__(self, quantity: SQLColumnExpression[Any], price: SQLColumnExpression[Any]) -> None:
        super().__init__(quantity, price)


@compiles(times)
def _scaled(element: times, compiler: Any, **options: Any) -> str:
    quantity, price = (compiler.process(each, **options) for each in element.clauses)
    return f"(({quantity}) * ({price}) + 5000) / 10000"


@compiles(times, "postgresql")
def _multiplied(element: times, compiler: Any, **options: Any) -> str:
    quantity, price = (compiler.process(each, **options) for each in element.clauses)
    return f"({quantity}) * ({price})"


class Total:
    """SQLite's aggregate: adds up decimal text exactly."""

    def __init__(self) -> None:
        self._sum: Decimal | None = None

    def step(self, value: str | float | None) -> None:
        """Take one more row; NULL counts for nothing."""
        if value is not None:
            self._sum = _EXACT.add(self._sum or Decimal(), Decimal(str(value)))

    def finalize(self) -> str | None:
        """Return the sum; None over no rows."""
        return None if self._sum is None else format(self._sum, "f")


def share(part: ColumnElement[bool]) -> ColumnElement[float]:
    """Return the share of the rows that meet a condition, in per cent with one decimal; NULL over no rows."""
    whole = func.nullif(func.count(), 0)
    return type_coerce(func.round(literal_column("100.0") * func.count().filter(part) / whole, 1), Float)
