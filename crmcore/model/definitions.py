"""What an integrator defines for a workspace, without code: fields, processes, automations, roles, terms, targets."""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

CREATED = ""
"""The state before the first, as a transition's origin."""


@frozen(kw_only=True)
class Field:
    """A field that a workspace, or a plugin's process, adds to an entity's records; kept in their `custom`.

    `type` is text, number, money, date, boolean, choice, term, email, phone or url. `compute` is a CEL expression over
    the record's fields; such a field is never typed. `unique` holds among all records of the entity.
    """

    entity: str
    name: str
    type: str = "text"
    label: str = ""
    required: bool = False
    unique: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    default: Any = None
    compute: str = ""


@frozen(kw_only=True)
class State:
    """A state of a process; `kind` is open, won, lost or done: what is not open is the end."""

    name: str
    label: str = ""
    kind: str = "open"


@frozen(kw_only=True)
class Transition:
    """A way from one state to another. `guard` is a CEL condition, `requires` names fields that must have a value.

    `roles` are those who may go it; empty: everybody who may write the record.
    """

    origin: str
    target: str
    guard: str = ""
    requires: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@frozen(kw_only=True)
class Process:
    """A process as a state machine over an entity's `field`.

    For the entity `process_item` the records of several processes share a table; `name` says which one it is. A record
    begins in the first state. `fields` are those of its records beside the entity's own.
    """

    name: str
    title: str = ""
    entity: str = "process_item"
    field: str = "state"
    states: tuple[State, ...] = ()
    transitions: tuple[Transition, ...] = ()
    fields: tuple[Field, ...] = ()


@frozen(kw_only=True)
class Automation:
    """When an event happens and a CEL condition holds, do actions. `on` is an event type, `*` in place of a part."""

    name: str
    on: str
    when: str = ""
    actions: tuple[Mapping[str, Any], ...] = ()
    title: str = ""


@frozen(kw_only=True)
class Role:
    """How far a role reads and writes (all, team, own, none), and the fields hidden from it (`entity.field`)."""

    name: str
    read: str = ""
    write: str = ""
    hide: tuple[str, ...] = ()


@frozen(kw_only=True)
class Term:
    """A term of the common language: its code, how it is said, and what else people say for it."""

    code: str
    label: str = ""
    synonyms: tuple[str, ...] = ()


@frozen(kw_only=True)
class Target:
    """What a figure should reach in a period (month, quarter, year), for everybody or for one user or team."""

    name: str
    metric: str
    value: float
    period: str = "month"
    user: str = ""
    team: str = ""


@frozen(kw_only=True)
class Definitions:
    """All definitions in force in a workspace: the integrator's, and those that enabled plugins bring."""

    fields: tuple[Field, ...] = ()
    processes: tuple[Process, ...] = ()
    automations: tuple[Automation, ...] = ()
    roles: tuple[Role, ...] = ()
    terms: tuple[Term, ...] = ()
    targets: tuple[Target, ...] = ()
    _by_entity: Mapping[str, tuple[Field, ...]] = field(init=False, repr=False)

    @_by_entity.default
    def _default_by_entity(self) -> Mapping[str, tuple[Field, ...]]:
        found: dict[str, tuple[Field, ...]] = {}
        for one in self.fields:
            found[one.entity] = (*found.get(one.entity, ()), one)
        return found

    def fields_of(self, entity: str) -> tuple[Field, ...]:
        """Return the fields defined for an entity, in their order."""
        return self._by_entity.get(entity, ())

    def process(self, name: str) -> Process | None:
        """Return the process of that name, or None."""
        return next((one for one in self.processes if one.name == name), None)
