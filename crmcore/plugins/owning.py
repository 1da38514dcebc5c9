"""Hooks that plugins own: their specifications, as a manifest names them, checked before they are taken."""

import inspect
from collections.abc import Callable
from typing import Any, get_args, get_type_hints

from crmcore.hooks.kinds import COLLECT, DECLARE, VETO, answers_of, kind_of, specifications
from crmcore.i18n import _
from crmcore.plugins.lending import LENT
from crmcore.plugins.manifest import Plugin

KINDS = (DECLARE, COLLECT, VETO)
"""What a plugin's own hook can be. What is written, and when it is told of, stays the core's: apply and notify."""

_LENT_IN = {DECLARE: frozenset[str](), COLLECT: frozenset({"reader"}), VETO: frozenset({"tx"})}


def owned(name: str, plugin: Plugin) -> dict[str, Callable[..., Any]]:
    """Return the specifications of the hooks that a plugin owns, by name; ValueError for one that cannot be asked."""
    found: dict[str, Callable[..., Any]] = {}
    for module in plugin.hooks:
        told = specifications(module)
        if not told:
            raise ValueError(
                _("PLUGIN.hooks names {module}, in which no function is marked with hook(KIND)").format(
                    module=module.__name__
                )
            )
        found |= told
    for hook, specification in found.items():
        problem = _problem(name, hook, specification)
        if problem:
            raise ValueError(problem)
    return found


def _problem(plugin: str, hook: str, specification: Callable[..., Any]) -> str:
    """Return what is wrong with a specification in a few words; empty when nothing is."""
    kind, parameters = kind_of(specification), inspect.signature(specification).parameters
    if not hook.startswith(f"{plugin}_") or hook.startswith("crm_"):
        return _("the hook {hook} is to begin with {plugin}_").format(hook=hook, plugin=plugin)
    if kind not in KINDS:
        return _("the hook {hook} is of the kind {kind}; a plugin's own can be {kinds}").format(
            hook=hook, kind=kind, kinds=", ".join(KINDS)
        )
    if not (specification.__doc__ or "").strip():
        return _("the hook {hook} has no docstring; it is what authors and administrators read").format(hook=hook)
    plain = inspect.Parameter.POSITIONAL_OR_KEYWORD
    if any(each.kind is not plain or each.default is not each.empty for each in parameters.values()):
        return _("the hook {hook} is to name its arguments one by one, without defaults").format(hook=hook)
    if kind == DECLARE and parameters:
        return _(
            "the hook {hook} of the kind declare has no arguments: it is asked once, at no particular time"
        ).format(hook=hook)
    wrong = sorted(LENT.intersection(parameters) - _LENT_IN[kind])
    if wrong:
        return _("the hook {hook} of the kind {kind} cannot lend {argument}").format(
            hook=hook, kind=kind, argument=wrong[0]
        )
    return _answer_problem(hook, kind, specification)


def _answer_problem(hook: str, kind: str, specification: Callable[..., Any]) -> str:
    try:
        answers = answers_of(specification)
        plain = isinstance(answers, type) and len(get_args(get_type_hints(specification)["return"])) == 1
    except Exception:  # noqa: BLE001 # whatever the names in the annotations do when they are looked up
        answers, plain = None, False
    if not plain:
        return _("the hook {hook} is to say what it answers, as Iterable[SomeClass]").format(hook=hook)
    if kind == VETO and answers is not str:
        return _("the hook {hook} of the kind veto answers reasons: Iterable[str]").format(hook=hook)
    return ""
