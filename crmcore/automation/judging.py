"""Whether an automation wants to run for an event, and why not: the same answer live, later, and in a dry run."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from crmcore.definitions.conditions import Condition
from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.model.definitions import Automation
from crmcore.workflow.values import said


@frozen(kw_only=True)
class Verdict:
    """Whether the condition holds; when not, `reason` says which and with which values, or that it cannot be told."""

    holds: bool
    reason: str = ""
    failed: bool = False


def judge(automation: Automation, given: Mapping[str, Any]) -> Verdict:
    """Judge an automation's condition with what is known around an event."""
    if not automation.when:
        return Verdict(holds=True)
    condition = Condition(automation.when)
    known = {**dict.fromkeys(condition.names), **given}  # a field that this kind of record has not is empty
    try:
        if condition.holds(known):
            return Verdict(holds=True)
    except InvalidInput as error:
        return Verdict(holds=False, reason=str(error), failed=True)
    return Verdict(holds=False, reason=said(condition, known))


def names_asked(automation: Automation) -> frozenset[str]:
    """Return the names that an automation's condition and texts ask for."""
    from crmcore.automation.texts import asked

    names = Condition(automation.when).names if automation.when else frozenset()
    return names | asked(automation.actions)


def listens(automation: Automation, kind: str) -> bool:
    """Return whether an automation listens to a type of events: each part as it is, or `*`."""
    parts, of = automation.on.split("."), kind.split(".")
    return len(parts) <= len(of) and all(
        part in ("*", each) for part, each in zip(_stretched(parts, len(of)), of, strict=True)
    )


def _stretched(parts: list[str], length: int) -> list[str]:
    """Return the parts of a pattern, a last `*` standing for all that follows."""
    return parts + ["*"] * (length - len(parts)) if parts[-1] == "*" else parts + [""] * (length - len(parts))


def explained_pattern(automation: Automation, kind: str) -> str:
    """Return the sentence that an automation does not listen to a type of events."""
    return _("it listens to {on}, and this was {type}").format(on=automation.on, type=kind)
