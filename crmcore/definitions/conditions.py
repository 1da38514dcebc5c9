"""Conditions and formulas in CEL, the Common Expression Language: safe, known, and always coming to an end.

Compiled once by the library `cel` (Rust). What we settle on top of the language, so that integrators are not surprised:

- every number is a fraction, so that `amount * 2` and `5 / 2` do what a spreadsheet does;
- a date is the midnight in UTC at its beginning: `due < today`, `date("2026-12-01") - due > days(3)`;
- an empty value (null) makes what needs it unknown, as in SQL: a condition does not hold, a formula is empty;
- beside CEL's own functions there are those of `functions.py`.
"""

import logging
import math
import re
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crmcore.definitions.expression import Expression, read
from crmcore.definitions.functions import FUNCTIONS, NATIVE
from crmcore.errors import InvalidInput
from crmcore.i18n import _

if TYPE_CHECKING:
    import cel

_LONGEST = 1_000  # characters: what is nested deeper than the library's stack can hold needs more
_LOOPS = 2  # lists within lists: time grows with the product of their lengths
_PLACE = re.compile(r"ERROR: <input>:\d+:(\d+): (?:Syntax error: )?(.*)")


@frozen
class Unanswered:
    """A value that could not be found out, and why: whatever needs it raises `InvalidInput` with the reason."""

    reason: str


@frozen
class _Compiled:
    program: "cel.Program"
    read: Expression
    functions: dict[str, Callable[..., Any]]


class Condition:
    """A CEL expression, ready to be evaluated; made in no time when the same text was compiled before.

    Raises `InvalidInput` with one sentence for an expression that is not well formed, calls an unknown function, is
    longer than 1,000 characters, or loops over lists more than twice.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._compiled = _compile(source)

    @property
    def names(self) -> frozenset[str]:
        """The names that the expression uses: those that `holds` and `value` must be given."""
        return self._compiled.read.names

    @property
    def paths(self) -> frozenset[str]:
        """The names with what is asked of them, such as `record.amount`."""
        return self._compiled.read.paths

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Return whether the condition holds; False when it cannot be told because a value is empty (None).

        Raises `InvalidInput` for an unknown name, for types that do not go together, and for an expression that does
        not give true or false.
        """
        found = self.value(values)
        if not isinstance(found, bool | None):
            raise InvalidInput(
                _("“{source}” is not a condition: it gives {value}, not true or false.").format(
                    source=self.source, value=found
                )
            )
        return bool(found)

    def value(self, values: Mapping[str, Any]) -> Any:
        """Return what the expression gives: bool, int, float, str, datetime, timedelta, list, dict or None.

        Whole numbers come as int. None also when it needs a value that is empty, and for a division by zero. Raises
        `InvalidInput` as `holds` does.
        """
        import cel

        compiled = self._compiled
        self.check_names(values)
        given = {name: _plain(values[name], compiled.read.paths, name) for name in compiled.read.names}
        try:
            found = compiled.program.execute(cel.Context(variables=given, functions=compiled.functions))
        except Exception as error:  # the library raises whatever fits: type, key, index, overflow, its own
            if any(_is_empty(path, values) for path in compiled.read.paths):
                return None
            raise InvalidInput(
                _("“{source}” cannot be evaluated: {why}.").format(source=self.source, why=_why(error))
            ) from error
        return _whole(found)

    def check_names(self, known: Container[str]) -> None:
        """Raise `InvalidInput` when the expression uses a name that is not among those known."""
        for name in sorted(self.names):
            if name not in known:
                raise InvalidInput(
                    _("“{source}” uses the unknown name “{name}”.").format(source=self.source, name=name)
                )


def check_form(source: str) -> Sequence[str]:
    """Return the functions that an expression calls; raises `InvalidInput` for one too long or not well formed."""
    import cel

    logging.getLogger("cel").addHandler(logging.NullHandler())  # what fails is told by our own sentence
    if len(source) > _LONGEST:
        raise InvalidInput(
            _("The expression “{source}…” is longer than {n} characters.").format(source=source[:40], n=_LONGEST)
        )
    try:
        return cel.compile(source).functions()  # as typed, so that an error tells the right place
    except ValueError as error:
        raise _malformed(source, error) from error


def _malformed(source: str, error: ValueError) -> InvalidInput:
    return InvalidInput(_("“{source}” is not a valid expression: {why}.").format(source=source, why=_why(error)))


@lru_cache(maxsize=4096)
def _compile(source: str) -> _Compiled:
    import cel

    asked = check_form(source)
    found = read(source)
    if found.macros > _LOOPS:
        raise InvalidInput(
            _("“{source}” loops over lists {n} times; {most} times at most.").format(
                source=source, n=found.macros, most=_LOOPS
            )
        )
    try:
        program = cel.compile(found.written)
    except ValueError as error:
        raise _malformed(source, error) from error
    ours = {name.rpartition(".")[2].removeprefix("crm_") for name in FUNCTIONS}
    for name in asked:
        if name.isidentifier() and name not in ours and name not in NATIVE and not name.startswith("_"):
            raise InvalidInput(_("“{source}” calls the unknown function “{name}”.").format(source=source, name=name))
    used = {name: of for name, of in FUNCTIONS.items() if name.rpartition(".")[2].removeprefix("crm_") in asked}
    return _Compiled(program, found, used)


def _plain(value: Any, paths: frozenset[str], path: str) -> Any:
    """Return a value as CEL takes it; of a mapping only what the expression asks for."""
    match value:
        case bool() | None | str() | timedelta() | float():
            return value
        case int() | Decimal():
            return float(value)
        case datetime():
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        case date():
            return datetime.combine(value, time(), UTC)
        case Mapping():
            if path in paths:
                return {str(key): _plain(each, frozenset((path,)), path) for key, each in value.items()}
            asked = {one[len(path) + 1 :].split(".")[0] for one in paths if one.startswith(f"{path}.")}
            return {str(key): _plain(each, paths, f"{path}.{key}") for key, each in value.items() if key in asked}
        case Sequence() | set() | frozenset():
            return [_plain(each, frozenset((path,)), path) for each in value]
        case Unanswered():
            raise InvalidInput(value.reason)
    return str(value)


def _is_empty(path: str, values: Mapping[str, Any]) -> bool:
    found: Any = values
    for part in path.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return False
        found = found[part]
        if found is None:
            return True
    return False


def _whole(found: Any) -> Any:
    """Return a number without a fraction as an int, and what is no number (a division by zero) as None."""
    match found:
        case float():
            if not math.isfinite(found):
                return None
            return int(found) if found.is_integer() else found
        case list():
            return [_whole(one) for one in found]
        case dict():
            return {key: _whole(one) for key, one in found.items()}
    return found


def _why(error: Exception) -> str:
    """Return the library's reason in a few words."""
    match error:
        case KeyError():
            return _("there is no “{name}”").format(name=error.args[0])
        case TypeError():
            return _("the types do not go together, such as a text and a number")
        case RuntimeError() if failed := re.match(r"Function '(\w+)' error", str(error)):
            return _("“{name}” does not take such a value").format(name=failed[1].removeprefix("crm_"))
        case ValueError() if found := _PLACE.search(str(error)):
            return _("{what}, at character {n}").format(what=_unexpected(found[2]), n=found[1])
    return str(error).partition(". ")[0].rstrip(".")


def _unexpected(told: str) -> str:
    piece = re.search(r"'(.+?)\s*'", told)
    if "<EOF>" in told.partition(" expecting ")[0]:
        return _("it ends too early")
    return _("“{piece}” is not understood").format(piece=piece[1]) if piece else told
