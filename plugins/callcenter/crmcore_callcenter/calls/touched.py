"""A call of which something was heard."""

from collections.abc import Mapping
from typing import Any

from attrs import define, field

from crmcore_callcenter.calls.facts import Facts
from crmcore_callcenter.calls.grouping import Group
from crmcore_callcenter.calls.whom import Sides
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.protocol.events import CallEvent

ERASED = "erased"
"""In a call's details: whom it was with asked to be erased, so nothing that is heard later brings them back."""


@define(eq=False)
class Touched:
    """A call with what was heard of it: `events` are all, `fresh` those that were not kept. `before` is what it was."""

    group: Group
    call: Call
    is_new: bool = False
    before: Mapping[str, Any] = field(factory=dict)
    events: list[CallEvent] = field(factory=list)
    fresh: list[CallEvent] = field(factory=list)
    facts: Facts | None = None
    sides: Sides | None = None

    @property
    def is_erased(self) -> bool:
        """Whether the person it was with asked to be erased."""
        return ERASED in self.call.details

    @property
    def sources(self) -> list[str]:
        """Who told of it, such as `asterisk cdr`."""
        return sorted({f"{event.system} {event.source}" for event in self.events})

    @property
    def rang(self) -> bool:
        """Whether a telephone began to ring, and rings still."""
        if self.facts is None or self.facts.ended or not any(event.kind == "ring" for event in self.fresh):
            return False
        return any(not leg.answered and leg.ended_at is None for leg in self.facts.legs)
