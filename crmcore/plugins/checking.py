"""Checking what a plugin registers, before it is called: known hooks, their arguments, and the types it writes down."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, get_type_hints

from crmcore.hooks.deprecated import Deprecated
from crmcore.hooks.kinds import PROJECT
from crmcore.i18n import _

_PREFIX = "crm_"
_NOT_ALLOWED = ("wrapper", "hookwrapper", "tryfirst", "trylast", "optionalhook")
"""Options that let one plugin wrap, precede or silence others: they defeat order and isolation."""

Specifications = Mapping[str, Callable[..., Any]]


def check(
    module: Any, specifications: Specifications, closed: Mapping[str, str], deprecated: Deprecated
) -> list[tuple[str, str]]:
    """Return (hook, sentence) for what a plugin uses that will go; ValueError for what cannot be called.

    That is: a hook that does not exist, one of a plugin it does not require (`closed`, with whose it is), a function
    named as a hook that is not marked `@impl`, an argument the hook does not have, an annotation that contradicts it,
    and the options that change the order of calls.
    """
    told: list[tuple[str, str]] = []
    for name in dir(module):
        function: Any = getattr(module, name, None)
        options = getattr(function, f"{PROJECT}_impl", None) if callable(function) else None
        if not isinstance(options, dict):
            meant = name.startswith(_PREFIX) or (name in specifications and name not in closed)
            if meant and inspect.isfunction(function) and not hasattr(function, "crm_kind"):
                raise ValueError(_not_marked(name, specifications))
            continue
        hook = str(options.get("specname") or name)
        used = [option for option in _NOT_ALLOWED if options.get(option)]
        if used:
            raise ValueError(
                _("{hook} is marked {option}; crmcore itself decides the order of calls").format(
                    hook=hook, option=used[0]
                )
            )
        if hook not in specifications:
            raise ValueError(_unknown(hook, specifications))
        if hook in closed:
            raise ValueError(
                _("{hook} is a hook of {owner}; say in PLUGIN.requires that this plugin stands on it").format(
                    hook=hook, owner=closed[hook]
                )
            )
        told.extend(_checked(hook, function, specifications[hook], deprecated))
    return told


def _not_marked(name: str, specifications: Specifications) -> str:
    if name in specifications:
        return _("{name} is not marked with @impl, so it is never called").format(name=name)
    return _unknown(name, specifications)


def _unknown(name: str, specifications: Specifications) -> str:
    near = get_close_matches(name, specifications, n=1)
    if near:
        return _("there is no hook {name}; did you mean {near}?").format(name=name, near=near[0])
    return _("there is no hook {name}; `crm hook list` names them").format(name=name)


def _checked(
    hook: str, function: Callable[..., Any], specification: Callable[..., Any], deprecated: Deprecated
) -> Iterator[tuple[str, str]]:
    if hook in deprecated.hooks:
        yield hook, _("{hook} will go: {instead}").format(hook=hook, instead=deprecated.hooks[hook])
    known, ours = _specified(specification)
    hints = _hints(function)
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
            raise ValueError(
                _("{hook}: name the arguments one by one; “{argument}” is not a plain one").format(
                    hook=hook, argument=parameter
                )
            )
        if parameter.name not in known:
            raise ValueError(_no_argument(hook, parameter.name, list(known)))
        if (hook, parameter.name) in deprecated.arguments:
            yield (
                hook,
                _("{hook}: the argument {argument} will go: {instead}").format(
                    hook=hook, argument=parameter.name, instead=deprecated.arguments[hook, parameter.name]
                ),
            )
    for name, given in hints.items():
        if name in ours and not _agree(given, ours[name], answer=name == "return"):
            raise ValueError(
                _("{hook}: {argument} is {expected}, not {given}").format(
                    hook=hook,
                    argument=_("the answer") if name == "return" else name,
                    expected=inspect.formatannotation(ours[name]),
                    given=inspect.formatannotation(given),
                )
            )


@cache
def _specified(specification: Callable[..., Any]) -> tuple[Mapping[str, inspect.Parameter], Mapping[str, Any]]:
    """Return the parameters of a hook, and its annotations."""
    return inspect.signature(specification).parameters, get_type_hints(specification)


def _no_argument(hook: str, name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    if near:
        return _("{hook} has no argument {name}; did you mean {near}?").format(hook=hook, name=name, near=near[0])
    return _("{hook} has no argument {name}; it has {known}").format(
        hook=hook, name=name, known=", ".join(known) or _("none")
    )


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Return a function's annotations; those that cannot be read now (names imported for a checker only) are none."""
    try:
        return get_type_hints(function)
    except Exception:  # noqa: BLE001 # whatever the names in a plugin's annotations do when they are looked up
        return {}


def _agree(given: Any, ours: Any, *, answer: bool) -> bool:
    """Return whether an annotation can be right: equal, Any, or one class above or below the other."""
    if Any in (given, ours) or given == ours:
        return True
    if not _related(_plain(given), _plain(ours)):
        return False
    return not answer or _related(_items(given), _items(ours))


def _related(one: Any, other: Any) -> bool:
    """Return whether one class is above or below the other; a union or type variable is for a type checker to judge."""
    if Any in (one, other) or not (isinstance(one, type) and isinstance(other, type)):
        return True
    return issubclass(one, other) or issubclass(other, one)


def _plain(hint: Any) -> Any:
    return getattr(hint, "__origin__", hint)


def _items(hint: Any) -> Any:
    arguments = getattr(hint, "__args__", ())
    return arguments[0] if arguments else None
