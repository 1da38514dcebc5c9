"""Whether an automation wants to run for an event, and why not: the same answer live, later, and in a dry run."""

import re
from collections.abc import Container, Mapping
from typing import Any

from attrs import frozen

from crmcore.automation.texts import asked
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


def judge(automation: Automation, given: Mapping[str, Any], hidden: Container[str] = ()) -> Verdict:
    """Judge an automation's condition with what is known around an event; values of `hidden` fields are not told."""
    if not automation.when:
        return Verdict(holds=True)
    condition = Condition(automation.when)
    known = {**dict.fromkeys(condition.names), **given}  # a field that this kind of record has not is empty
    try:
        if condition.holds(known):
            return Verdict(holds=True)
    except InvalidInput as error:
        return Verdict(holds=False, reason=str(error), failed=True)
    return Verdict(holds=False, reason=said(condition, known, hidden))


def names_asked(automation: Automation) -> frozenset[str]:
    """Return the names that an automation's condition and texts ask for."""
    names = Condition(automation.when).names if automation.when else frozenset()
    return names | asked(automation.actions)


def listens(automation: Automation, kind: str) -> bool:
    """Return whether an automation listens to a type of events: as it is, `*` standing for any part."""
    return re.fullmatch(".*".join(map(re.escape, automation.on.split("*"))), kind) is not None


def explained_pattern(automation: Automation, kind: str) -> str:
    """Return the sentence that an automation does not listen to a type of events."""
    return _("it listens to {on}, and this was {type}").format(on=automation.on, type=kind)
