"""Pieces of SQL that the two databases write differently."""

from typing import Any

from sqlalchemy import Double, Integer, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class fraction(FunctionElement[float]):  # a function, as it is used
    """An amount (`Fixed`) as a number that may be calculated with."""

    name = "fraction"
    type = Double()
    inherit_cache = True


@compiles(fraction)
def _units(element: Any, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} / 10000.0)"


@compiles(fraction, "postgresql")
def _double(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS DOUBLE PRECISION)"


class place(FunctionElement[int]):  # as above
    """Where a text has another one: from 1, or 0 where it has not; capitals and small letters differ."""

    name = "place"
    type = Integer()
    inherit_cache = True


@compiles(place)
def _instr(element: Any, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(place, "postgresql")
def _strpos(element: Any, compiler: Any, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


class plain(FunctionElement[str]):  # as above
    """A text that is sorted, and whose case is changed, by code points, whatever the server's language."""

    name = "plain"
    type = Text()
    inherit_cache = True


@compiles(plain)
def _as_it_is(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(plain, "postgresql")
def _collated(element: Any, compiler: Any, **options: Any) -> str:
    return f'({compiler.process(element.clauses, **options)} COLLATE "C")'
