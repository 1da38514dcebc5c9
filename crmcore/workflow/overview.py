"""Processes as they are defined, with how many records stand where."""

from collections.abc import Mapping

from attrs import frozen
from sqlalchemy import Table

from crmcore.engine.reader import Reader
from crmcore.model.budget import demands
from crmcore.model.definitions import Definitions, Field, Process, Transition
from crmcore.workflow.items import counts
from crmcore.workflow.moving import named


@frozen(kw_only=True)
class StateView:
    """A state, how many records stand in it, the fields it asks people to type, and what it tells them."""

    name: str
    label: str
    kind: str
    items: int
    manual: list[str]
    steps: list[str]
    template: str
    expert: str
    probability: int | None
    days: int | None

    @property
    def guides(self) -> bool:
        """Whether it tells people anything."""
        return bool(self.steps or self.template or self.expert) or (self.probability, self.days) != (None, None)


@frozen(kw_only=True)
class ProcessView:
    """A process as it is defined; `open` and `closed` count its records by the kind of their state."""

    name: str
    title: str
    entity: str
    field: str
    states: list[StateView]
    transitions: list[Transition]
    fields: list[Field]
    open: int
    closed: int


def overview(reader: Reader, definitions: Definitions, tables: Mapping[str, Table]) -> list[ProcessView]:
    """Return all processes by name: one statement for each table that keeps their records."""
    counted = counts(reader, definitions, tables)
    return [
        _view(each, counted[each.name], definitions) for each in sorted(definitions.processes, key=lambda one: one.name)
    ]


def one(reader: Reader, definitions: Definitions, tables: Mapping[str, Table], name: str) -> ProcessView:
    """Return a process; raises `NotFound` with the names there are."""
    process = named(definitions, name)
    return _view(process, counts(reader, definitions, tables)[name], definitions)


def _view(process: Process, counted: Mapping[str, int], definitions: Definitions) -> ProcessView:
    asked = demands(process, definitions.automations)
    states = [
        StateView(
            name=state.name,
            label=state.label,
            kind=state.kind,
            items=counted.get(state.name, 0),
            manual=list(asked.get(state.name, ())),
            steps=list(state.steps),
            template=state.template,
            expert=state.expert,
            probability=state.probability,
            days=state.days,
        )
        for state in process.states
    ]
    still = sum(state.items for state in states if state.kind == "open")
    return ProcessView(
        name=process.name,
        title=process.title,
        entity=process.entity,
        field=process.field,
        states=states,
        transitions=list(process.transitions),
        fields=list(definitions.fields_of(process.entity, process.name)),
        open=still,
        closed=sum(counted.values()) - still,
    )
