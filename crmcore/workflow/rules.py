"""The one place where processes are enforced, whoever writes: a step is one that is defined, allowed and complete."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from crmcore.definitions.conditions import Condition
from crmcore.engine.reader import Reader
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.hooks.kinds import impl
from crmcore.i18n import _
from crmcore.model.change import Change
from crmcore.model.definitions import Definitions, Field, Process, Transition
from crmcore.workflow.entering import Entered, entered, entered_parts
from crmcore.workflow.history import is_history
from crmcore.workflow.steps import Step, beginnings, is_empty, state_of, steps, value_of, ways
from crmcore.workflow.values import Asking, Surroundings, around, hidden_paths, said


@impl
def crm_before_save(changes: Sequence[Change], tx: Any) -> Iterable[str]:
    """Refuse steps that a process does not have; three statements at most and one for each fact that guards name.

    None where no guard asks for more than the records themselves.
    """
    found = list(steps(tx, changes))
    if not found:
        return ()
    return list(refusals(tx, found))


@impl
def crm_apply(changes: Sequence[Change], tx: Any) -> None:
    """Tell the journal of each step, and which fields were typed for it, into its parts too (row S2-02)."""
    parts = entered_parts(tx, changes)
    for step in steps(tx, changes):
        if step.process is None:
            continue
        told: dict[str, Any] = dict(entered(tx, step))
        for kind, names in parts.pop((step.change.entity, step.change.id), {}).items():
            told[kind] = [*told[kind], *names]
        spent = tx.spent.get((step.change.entity, step.change.id))
        if spent is not None:
            told["seconds"] = round(spent, 1)
        if step.moved:
            fact = {"process": step.name, "from": step.origin, "to": step.target, **told}
            tx.record("process.moved", step.change.entity, step.change.id, fact)
        elif told["typed"] or told["filled"]:
            fact = {"process": step.name, "state": step.target, **told}
            tx.record("process.edited", step.change.entity, step.change.id, fact)
    for (entity, key), fields in parts.items():
        _tell_of_parts(tx, entity, key, fields)


def _tell_of_parts(tx: Transaction, entity: str, key: int, fields: Entered) -> None:
    """Tell of what was entered into the parts of a record that is itself not changed, where it was read."""
    row = tx.as_read(entity, key)
    process = next((one for one in tx.definitions.processes if one.entity == entity), None)
    if row is not None and process is not None and (fields["typed"] or fields["filled"]):
        tx.record("process.edited", entity, key, {"process": process.name, "state": row[process.field], **fields})


def refusals(tx: Transaction, found: Sequence[Step]) -> Iterator[str]:
    """Yield a sentence for everything that is against the steps."""
    taken = [(step, _taken(step)) for step in found if step.moved and not is_history(tx, step)]
    asking = [
        Asking(
            entity=step.change.entity,
            row=step.row,
            conditions=[Condition(way.guard) for way in several if way.guard],
        )
        for step, several in taken
    ]
    surroundings = around(tx, tx.entities, asking, tx.now, tx.held)
    for step, several in taken:
        if step.process is None:
            yield _("There is no process “{name}” now, so nothing moves in it.").format(name=step.name)
        else:
            yield from _against(tx, step, step.process, several, surroundings)


def _taken(step: Step) -> list[Transition]:
    """Return the ways that a step may be going: several where they differ in who may go them."""
    if step.process is None:
        return []
    return [one for one in ways(step.process, step.origin) if one.target == step.target]


def _against(
    tx: Transaction, step: Step, process: Process, taken: Sequence[Transition], surroundings: Surroundings
) -> list[str]:
    place = f"{process.name} {step.change.id}"
    if step.begun and step.target not in (allowed := beginnings(process)):
        told = _("{record} cannot begin in {state}: it begins in {states}.")
        return [told.format(record=place, state=step.target, states=", ".join(allowed))]
    if not step.begun and not taken:
        return [_no_way(place, process, step)]
    fields = fields_of(tx.definitions, process)
    against = [list(hindrances(tx, process.entity, way, step.row, fields, surroundings)) for way in taken]
    if not against or not all(against):
        return []
    begin, go = _("{record} cannot begin in {to}: {why}."), _("{record} cannot go from {origin} to {to}: {why}.")
    told = begin if step.begun else go
    return [told.format(record=place, origin=step.origin, to=step.target, why=why) for why in min(against, key=len)]


def hindrances(
    reader: Reader,
    entity: str,
    way: Transition,
    row: Mapping[str, Any],
    fields: Iterable[Field],
    surroundings: Surroundings,
) -> Iterator[str]:
    """Yield what keeps the actor from going a way with a record: the role, the fields, the guard."""
    actor = reader.actor
    if way.roles and actor.user_id and actor.role not in way.roles:
        yield _("that is for {roles}, and {login} is {role}").format(
            roles=", ".join(way.roles), login=actor.login, role=actor.role
        )
    missing = [name for name in way.requires if is_empty(value_of(row, name))]
    if missing:
        yield _("it needs {fields}").format(fields=", ".join(missing))
    if way.guard:
        condition, given = Condition(way.guard), surroundings.of(row, fields)
        try:
            if not condition.holds(given):
                yield said(condition, given, hidden_paths(reader.visibility, entity))
        except InvalidInput as error:
            yield str(error).rstrip(".。")


def fields_of(definitions: Definitions, process: Process) -> tuple[Field, ...]:
    """Return the fields that a process's records have beside the entity's own."""
    return definitions.fields_of(process.entity, process.name)


def _no_way(place: str, process: Process, step: Step) -> str:
    onward = ", ".join(dict.fromkeys(one.target for one in ways(process, step.origin)))
    if state_of(process, step.target) is None:
        told = _("{record} cannot go from {origin} to {to}, which is no state of it: ways from here are {ways}.")
    else:
        told = _("{record} cannot go from {origin} to {to}: ways from here are {ways}.")
    return told.format(record=place, origin=step.origin, to=step.target, ways=onward or _("none"))
