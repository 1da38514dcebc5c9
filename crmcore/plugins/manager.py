"""Pluggy's manager, made to go through modules quickly: that is done for all of them at every start."""

from inspect import ismodule
from types import FunctionType, MethodType
from typing import Any

import pluggy

from crmcore.hooks.kinds import PROJECT

_MARKABLE = (FunctionType, MethodType, staticmethod, classmethod)


class Manager(pluggy.PluginManager):
    """Looks closely only at what may be marked as a hook or its implementation; a module holds much else."""

    def parse_hookimpl_opts(self, plugin: Any, name: str) -> Any:
        """Return how the implementation of that name is marked; None when it is none."""
        return super().parse_hookimpl_opts(plugin, name) if _may_be_marked(plugin, name, "impl") else None

    def parse_hookspec_opts(self, module_or_class: Any, name: str) -> Any:
        """Return how the specification of that name is marked; None when it is none."""
        if not _may_be_marked(module_or_class, name, "spec"):
            return None
        return super().parse_hookspec_opts(module_or_class, name)


def _may_be_marked(holder: Any, name: str, mark: str) -> bool:
    if not ismodule(holder):
        return True
    held = vars(holder).get(name)
    return isinstance(held, _MARKABLE) and (type(held) is not FunctionType or hasattr(held, f"{PROJECT}_{mark}"))
