"""The stretch of time before a win in which a touch can have led to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import SQLColumnExpression
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from crmcore.api import Instant, PluginReader, Reader

DAYS = 365
"""How many days before a win a touch counts, unless the workspace or the question says otherwise."""


SETTING = "marketing.window_days"


def days_of(reader: Reader | PluginReader) -> int:
    """Return how many days before a win a touch counts in this workspace: one statement."""
    return int(reader.setting(SETTING))


class days_before(FunctionElement[datetime]):  # a function, as it is used
    """The instant so many days before another, on either database: (instant, days)."""

    name = "marketing_days_before"
    type = Instant()
    inherit_cache = True

    def __init__(self, instant: SQLColumnExpression[Any], days: SQLColumnExpression[int]) -> None:
        super().__init__(instant, days)


@compiles(days_before)
def _sqlite(element: days_before, compiler: Any, **options: Any) -> str:
    instant, days = (compiler.process(each, **options) for each in element.clauses)
    return f"strftime('%Y-%m-%d %H:%M:%f000', {instant}, '-' || {days} || ' days')"


@compiles(days_before, "postgresql")
def _postgresql(element: days_before, compiler: Any, **options: Any) -> str:
    instant, days = (compiler.process(each, **options) for each in element.clauses)
    return f"({instant} - make_interval(days => {days}))"
