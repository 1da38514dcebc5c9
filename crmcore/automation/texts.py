"""Texts of actions with fields of the record in them: `Call {name} about {customer.name}`."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from crmcore.definitions.conditions import Unanswered
from crmcore.errors import InvalidInput
from crmcore.workflow.values import shown

_FIELD = re.compile(r"\{([a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*)\}")


def filled(argument: Any, given: Mapping[str, Any]) -> Any:
    """Return an argument with every `{field}` in its texts replaced by its value; an empty one by nothing.

    An argument that is nothing but one field keeps the value's type. Raises `InvalidInput` for what could not be
    found out.
    """
    match argument:
        case str():
            whole = _FIELD.fullmatch(argument)
            if whole:
                return _at(given, whole[1])
            return _FIELD.sub(lambda found: _told(_at(given, found[1])), argument)
        case Mapping():
            return {key: filled(value, given) for key, value in argument.items()}
        case list() | tuple():
            return [filled(value, given) for value in argument]
    return argument


def asked(actions: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the names that the texts of actions ask for."""
    return frozenset(path.split(".")[0] for path in _paths(list(actions)))


def _paths(argument: Any) -> Iterable[str]:
    match argument:
        case str():
            yield from _FIELD.findall(argument)
        case Mapping():
            for value in argument.values():
                yield from _paths(value)
        case list() | tuple():
            for value in argument:
                yield from _paths(value)


def _at(given: Mapping[str, Any], path: str) -> Any:
    found: Any = given
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, Unanswered):
        raise InvalidInput(found.reason)
    return found


def _told(value: Any) -> str:
    return "" if value in (None, "") else shown(value)
