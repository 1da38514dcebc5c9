"""Which records of a change set belong to a process, and what step each of them takes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from crmcore.engine.transaction import Transaction
from crmcore.model.change import Change
from crmcore.model.definitions import CREATED, SHARED, Definitions, Process, State, Transition


@frozen(kw_only=True)
class Step:
    """A record of a process about to be written: begun (`origin` is empty), moved, or changed within its state.

    `row` is the whole record as it will be. `process` is None for an item whose process is not defined now, such as
    one of a plugin that is disabled; `name` is what it is called all the same.
    """

    process: Process | None
    name: str
    change: Change
    row: Mapping[str, Any]
    origin: str
    target: str

    @property
    def begun(self) -> bool:
        """Whether the record is new."""
        return self.change.action == "created"

    @property
    def moved(self) -> bool:
        """Whether the record is new or comes into another state."""
        return self.begun or self.origin != self.target


def steps(tx: Transaction, changes: Iterable[Change]) -> Iterator[Step]:
    """Yield the steps of a change set: no statement, and nothing to do where no process is concerned."""
    by_entity = {one.entity: one for one in tx.definitions.processes if one.entity != SHARED}
    for change in changes:
        if change.action != "removed" and (change.entity == SHARED or change.entity in by_entity):
            yield _step(tx, change, by_entity.get(change.entity))


def _step(tx: Transaction, change: Change, process: Process | None) -> Step:
    before = tx.as_read(change.entity, change.id) or {}
    row = {**before, **change.after}
    if change.entity == SHARED:
        process = bound(tx.definitions, row["process"])
    column = process.field if process else "state"
    return Step(
        process=process,
        name=process.name if process else row["process"],
        change=change,
        row=row,
        origin=CREATED if change.action == "created" else before[column],
        target=row[column],
    )


def bound(definitions: Definitions, name: str) -> Process | None:
    """Return the process that items of that name go through, None when none is defined now."""
    found = definitions.process(name)
    return found if found is not None and found.entity == SHARED else None


def state_of(process: Process, name: str) -> State | None:
    """Return a state of a process, None for one it has not."""
    return next((one for one in process.states if one.name == name), None)


def ways(process: Process, origin: str) -> Sequence[Transition]:
    """Return the ways out of a state."""
    return [one for one in process.transitions if one.origin == origin]


def beginnings(process: Process) -> list[str]:
    """Return the states in which a record may begin: the first, and those to which a way leads from nowhere."""
    return list(dict.fromkeys([process.states[0].name, *(one.target for one in ways(process, CREATED))]))


def value_of(row: Mapping[str, Any], name: str) -> Any:
    """Return a record's value of a field of its own or a custom one; None when it has none."""
    if name in row:
        return row[name]
    return (row.get("custom") or {}).get(name)


def is_empty(value: Any) -> bool:
    """Return whether a field has no value; no and zero are values."""
    return value is None or value == "" or value == [] or value == {}
