"""The functions that keep plugins apart, remembered before a plugin is imported and put back when it changed them."""

import builtins
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

_MODULES = (
    "builtins",
    "pluggy._callers",
    "pluggy._hooks",
    "pluggy._manager",
    "sqlalchemy.engine.base",
    "sqlalchemy.sql.visitors",
    "crmcore.app",
    "crmcore.assembly",
    "crmcore.engine.authorise",
    "crmcore.engine.borrowed",
    "crmcore.engine.bulk",
    "crmcore.engine.custody",
    "crmcore.engine.deciding",
    "crmcore.engine.journal",
    "crmcore.engine.reader",
    "crmcore.engine.statements",
    "crmcore.engine.transaction",
    "crmcore.engine.visibility",
    "crmcore.engine.write",
    "crmcore.lifecycle.states",
    "crmcore.model.change",
    "crmcore.model.readonly",
    "crmcore.plugins.calling",
    "crmcore.plugins.dispatch",
    "crmcore.plugins.findings",
    "crmcore.plugins.lending",
    "crmcore.plugins.running",
    "crmcore.plugins.watchdog",
)
"""By name: what a higher floor holds is looked up, never imported from here."""

_ABSENT = object()

Snapshot = Mapping[Any, Mapping[str, Any]]


def snapshot() -> Snapshot:
    """Return the functions and classes of the key modules, and the members of those classes, by owner."""
    taken: dict[Any, dict[str, Any]] = {}
    for name in _MODULES:
        module = sys.modules.get(name)
        if module is None:
            continue
        taken[module] = {key: each for key, each in vars(module).items() if _is_key(module, each)}
        if module is not builtins:
            for each in list(taken[module].values()):
                if isinstance(each, type) and each.__module__ == name:
                    taken[each] = {key: each for key, each in vars(each).items() if not _is_volatile(key)}
    return taken


def restore(before: Snapshot) -> list[str]:
    """Put back what differs from the snapshot; return the dotted names of what was changed."""
    changed: list[str] = []
    for owner, members in before.items():
        now = vars(owner)
        for name, value in members.items():
            if now.get(name, _ABSENT) is not value:
                changed.append(f"{_name_of(owner)}.{name}")
                setattr(owner, name, value)
        if isinstance(owner, type):
            for name in [name for name in now if name not in members and not _is_volatile(name)]:
                changed.append(f"{_name_of(owner)}.{name}")
                delattr(owner, name)
    return changed


def _is_key(module: ModuleType, value: Any) -> bool:
    return module is builtins or callable(value)


def _is_volatile(name: str) -> bool:
    """Return whether Python itself, or a library, changes a member of a class at any time."""
    return name in {"__dict__", "__weakref__", "__abstractmethods__", "__doc__"} or name.startswith(("_abc", "__attrs"))


def _name_of(owner: Any) -> str:
    return owner.__name__ if isinstance(owner, ModuleType) else f"{owner.__module__}.{owner.__qualname__}"
