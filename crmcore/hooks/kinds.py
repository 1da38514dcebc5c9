"""The five kinds of hook. The kind is declared on the specification; the dispatcher keeps its promises.

| kind | when | several answers | the plugin crashes |
|---|---|---|---|
| declare | at load | all | the plugin is quarantined, the host runs |
| collect | reading | concatenated | its part is missing and reported |
| veto | in the transaction, before the write | all run, all refusals raised together | the transaction is refused |
| apply | in the transaction, after the write | all run | the transaction is rolled back, the plugin named |
| notify | after commit, in a transaction of its own | each on its own | reported; others are unaffected |
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar, get_args, get_type_hints

import pluggy

PROJECT = "crmcore"
DECLARE, COLLECT, VETO, APPLY, NOTIFY = "declare", "collect", "veto", "apply", "notify"

F = TypeVar("F", bound=Callable[..., Any])

_spec = pluggy.HookspecMarker(PROJECT)
impl = pluggy.HookimplMarker(PROJECT)
"""Marks a function as an implementation of the hook of the same name."""


def hook(kind: str, *, since: str = "0.1") -> Callable[[F], F]:
    """Mark a function as the specification of a hook of that kind, there `since` that version of its owner."""

    def mark(function: F) -> F:
        function.crm_kind = kind  # type: ignore[attr-defined] # how the dispatcher learns the kind
        function.crm_since = since  # type: ignore[attr-defined] # likewise
        return _spec(function)

    return mark


def specifications(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """Return the specifications in a module, by name, in its order."""
    return {name: each for name, each in vars(module).items() if hasattr(each, "crm_kind")}


def kind_of(specification: Callable[..., Any]) -> str:
    """Return the kind a specification was declared with."""
    return str(specification.crm_kind)  # type: ignore[attr-defined] # set by `hook`


def since_of(specification: Callable[..., Any]) -> str:
    """Return the version of its owner, crmcore or a plugin, that brought a hook."""
    return str(specification.crm_since)  # type: ignore[attr-defined] # set by `hook`


def answers_of(specification: Callable[..., Any]) -> type | None:
    """Return the type of each item a hook answers; None for a hook that answers nothing."""
    items = get_args(get_type_hints(specification)["return"])
    return items[0] if items else None
