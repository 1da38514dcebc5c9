"""Plugins that do nothing, to see what merely being there costs."""

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from crmcore.hooks.kinds import impl


@impl
def crm_before_save(changes: Any, tx: Any) -> Iterable[str]:
    """Refuse nothing."""
    return ()


@impl
def crm_apply(changes: Any, tx: Any) -> None:
    """Write nothing."""


@impl
def crm_brief(subject: Any, now: Any, reader: Any) -> Iterable[Any]:
    """Contribute nothing."""
    return ()


@impl
def crm_on_event(event: Any, tx: Any) -> None:
    """Hear, and do nothing."""


def saver() -> ModuleType:
    """Return a plugin in the way of every write: it may refuse, and may follow."""
    return _plugin(crm_before_save, crm_apply, crm_brief)


def listener() -> ModuleType:
    """Return a plugin that hears of every event too."""
    return _plugin(crm_before_save, crm_apply, crm_brief, crm_on_event)


def _plugin(*functions: Callable[..., Any]) -> ModuleType:
    module = ModuleType("noop")
    vars(module).update({function.__name__: function for function in functions})
    return module
