"""The data-entry budget: how many fields a process asks people to type, stage by stage (row S2-02).

A field is manual when it must have a value and nothing gives it one: it is required, is not computed, has no default,
and no automation of the workspace sets it in time.
"""

from collections.abc import Iterable, Mapping

from crmcore.i18n import _
from crmcore.model.definitions import CREATED, Automation, Definitions, Process

SETTING = "entry.fields"
"""The setting that says how many manual fields a stage may ask for."""

ALLOWED = 5
"""How many, where a workspace says nothing."""

FILLED_IN = frozenset({"owner_id", "process", "state", "status", "entered_at", "closed_at", "closed_on"})
"""Fields that the core fills in itself: whose record it is, and where it stands since when."""


def demands(process: Process, automations: Iterable[Automation] = ()) -> dict[str, tuple[str, ...]]:
    """Return the manual fields of each state of a process, by the name of the state.

    A way's fields count for the state it leads to, and where several ways lead there, those of the way that asks for
    most: a record comes one way. Fields that every record must have count for the first state, and only there.
    """
    given = FILLED_IN | {one.name for one in process.fields if one.compute or one.default is not None}
    begun = [one.name for one in process.fields if one.required]
    begun += [name for way in process.transitions if way.origin == CREATED for name in way.requires]
    found: dict[str, tuple[str, ...]] = {state.name: () for state in process.states}
    if process.states:
        found[process.states[0].name] = _manual(begun, given)  # before any automation can run
    given |= {*begun, *filled_by(automations)}
    for way in process.transitions:
        asked = _manual(way.requires, given)
        if way.origin != CREATED and len(asked) > len(found.get(way.target, ())):
            found[way.target] = asked
    return found


def _manual(names: Iterable[str], given: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(names) if name not in given)


def filled_by(automations: Iterable[Automation]) -> set[str]:
    """Return the names of the fields that automations set."""
    return {
        str(action["field"]).removeprefix("custom.")
        for one in automations
        for action in one.actions
        if action.get("do") == "set_field" and action.get("field")
    }


def excess_of(
    processes: Iterable[Process], allowed: int = ALLOWED, automations: Iterable[Automation] = ()
) -> list[str]:
    """Return a sentence, with the count, for each state that asks for more manual fields than are allowed."""
    automations = tuple(automations)
    return [
        _("Process {process} asks for {n} manual fields in state {state} ({fields}); this workspace allows {allowed}.")
        .format(process=one.name, n=len(names), state=state, fields=", ".join(names), allowed=allowed)
        for one in processes
        for state, names in demands(one, automations).items()
        if len(names) > allowed
    ]  # fmt: skip


def excess(definitions: Definitions, allowed: int = ALLOWED) -> list[str]:
    """Return a sentence for each state of a workspace's processes that asks for more than is allowed."""
    return excess_of(definitions.processes, allowed, definitions.automations)


def allowed_by(settings: Mapping[str, object]) -> int:
    """Return how many manual fields a stage may ask for, as a workspace's settings say."""
    said = settings.get(SETTING)
    return int(said) if isinstance(said, int | float) and not isinstance(said, bool) else ALLOWED
