"""What an integrator defines for a workspace, without code: fields, processes, automations, roles and so on."""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

CREATED = ""
"""The state before the first, as a transition's origin."""

WORDS = frozenset({"text", "choice", "url", "email", "phone", "term"})
"""The types of fields whose values are words, which a search finds."""

SHARED = "process_item"
"""The entity whose records belong to several processes."""


@frozen(kw_only=True)
class Field:
    """A field that a workspace, or a plugin's process, adds to an entity's records; kept in their `custom`.

    `type` is text, number, money, date, boolean, choice, term, email, phone or url; all amounts of a money field are in
    its `currency` (ISO 4217). `compute` is a CEL expression over the record's fields; such a field is never typed.
    `unique` holds among all records of the entity. `pattern` (RE2) is that of the whole text.
    """

    entity: str
    name: str
    type: str = "text"
    label: str = ""
    required: bool = False
    unique: bool = False
    choices: tuple[str, ...] = ()
    currency: str = ""
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    default: Any = None
    compute: str = ""


@frozen(kw_only=True)
class State:
    """A state of a process; `kind` is open, won, lost or done: what is not open is the end.

    The rest is what a person is told who has a record there: `steps` to do, a `template` (its text, path or URL), an
    `expert` to ask (a login or a name), the `probability` that it is won (0 to 100), and how many `days` it should
    stay at most (row S4-08). They hold nobody up.
    """

    name: str
    label: str = ""
    kind: str = "open"
    steps: tuple[str, ...] = ()
    template: str = ""
    expert: str = ""
    probability: int | None = None
    days: int | None = None


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
    entity: str = SHARED
    field: str = "state"
    states: tuple[State, ...] = ()
    transitions: tuple[Transition, ...] = ()
    fields: tuple[Field, ...] = ()


@frozen(kw_only=True)
class Automation:
    """When an event happens and a CEL condition holds, do actions. `on` is an event type, `*` in place of a part.

    Each action names what to do as `do`; its other keys are the action's arguments.
    """

    name: str
    on: str
    when: str = ""
    actions: tuple[Mapping[str, Any], ...] = ()
    title: str = ""


@frozen(kw_only=True)
class Role:
    """How far a role reads and writes (all, team, own, none), and the fields hidden from it (`entity.field`).

    `show` are those that a plugin hides from it and the workspace does not.
    """

    name: str
    read: str = ""
    write: str = ""
    hide: tuple[str, ...] = ()
    show: tuple[str, ...] = ()


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
class WorkingHours:
    """A business calendar as it is said: in which zone (IANA; empty: the workspace's), and when is worked.

    `hours` are pairs of days of the week and hours, `holidays` days or spans of days, `workdays` pairs of a day and its
    hours (see `crmcore.calendars.hours`).
    """

    name: str
    zone: str = ""
    hours: tuple[tuple[str, str], ...] = ()
    holidays: tuple[str, ...] = ()
    workdays: tuple[tuple[str, str], ...] = ()


@frozen(kw_only=True)
class Definitions:
    """All definitions in force in a workspace: the integrator's, and those that enabled plugins bring.

    `items` says whether records of processes are there, be it of one that nobody defines any more.
    """

    fields: tuple[Field, ...] = ()
    processes: tuple[Process, ...] = ()
    automations: tuple[Automation, ...] = ()
    roles: tuple[Role, ...] = ()
    terms: tuple[Term, ...] = ()
    targets: tuple[Target, ...] = ()
    calendars: tuple[WorkingHours, ...] = ()
    items: bool = False
    _by_entity: Mapping[tuple[str, str], tuple[Field, ...]] = field(init=False, repr=False, eq=False)
    extended: frozenset[str] = field(init=False, repr=False, eq=False)
    """The entities that have fields beside their own."""

    @_by_entity.default
    def _default_by_entity(self) -> Mapping[tuple[str, str], tuple[Field, ...]]:
        found: dict[tuple[str, str], tuple[Field, ...]] = {}
        for one in self.fields:
            found[one.entity, ""] = (*found.get((one.entity, ""), ()), one)
        for process in self.processes:
            among = process.name if process.entity == SHARED else ""
            own = found.get((process.entity, among)) or (found.get((SHARED, ""), ()) if among else ())
            if own or process.fields:
                named = {one.name for one in process.fields}
                found[process.entity, among] = (*(one for one in own if one.name not in named), *process.fields)
        return found

    @extended.default
    def _default_extended(self) -> frozenset[str]:
        return frozenset(entity for entity, _process in self._by_entity)

    def fields_of(self, entity: str, process: str = "") -> tuple[Field, ...]:
        """Return the fields beside an entity's own, in their order: the workspace's, then those of its processes.

        Process items of several processes share an entity; `process` says which one is meant.
        """
        found = self._by_entity.get((entity, process))
        return found if found is not None else self._by_entity.get((entity, ""), ())

    @property
    def under_way(self) -> bool:
        """Whether anything can be on its way through a process: where not, nobody need ask."""
        return self.items or bool(self.processes)

    def process(self, name: str) -> Process | None:
        """Return the process of that name, or None."""
        return next((one for one in self.processes if one.name == name), None)


NO_DEFINITIONS = Definitions()
"""What a workspace has in which nothing is defined."""
