"""Which fields of a record were typed, and which were filled in for the user: what the meter counts (row S2-02)."""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from crmcore.engine.transaction import Transaction
from crmcore.model.change import Change
from crmcore.workflow.steps import Step, is_empty

_KEPT = frozenset(
    {"id", "version", "created_at", "updated_at", "process", "state", "entered_at", "closed_at", "closed_on", "status",
     "interaction_id", "custom", "details", "source", "origin", "external_id", "batch_id"}
)  # fmt: skip
"""Fields that nobody enters: the core keeps them."""

_CAPTURES = ("import", "undo", "crm log", "crm import")
"""How the cause of a transaction begins that takes its values from what exists already."""


Entered = Mapping[str, Sequence[str]]
"""The fields that got a value: those that the actor `typed`, and those that were `filled` in."""


def entered(tx: Transaction, step: Step) -> Entered:
    """Return the fields of a step's record that got a value.

    Nothing is typed by the system, on an event's delivery, or by a command that reads a file or a note. An owner who
    is the actor was not typed either.
    """
    state = step.process.field if step.process else "state"
    return _entered(tx, step.change, {state})


def entered_parts(tx: Transaction, changes: Iterable[Change]) -> dict[tuple[str, int], Entered]:
    """Return what was entered for records that processes are defined for into their parts, by entity and id.

    Only parts count whose entity says so (`EntityType.entered`); a field is named with its entity: `sales_line.text`.
    """
    bound = {one.entity for one in tx.definitions.processes}
    found: dict[tuple[str, int], dict[str, list[str]]] = {}
    for change in changes:
        entity = tx.entities.named(change.entity)
        if not entity.entered or change.action == "removed":
            continue
        row = {**(tx.as_read(change.entity, change.id) or {}), **change.after}
        whole = next(
            (
                (key.column.table.name, row[name])
                for name in entity.parents
                for key in entity.table.c[name].foreign_keys
            ),
            None,
        )
        if whole is None or whole[0] not in bound:
            continue
        derived = change.after.keys() - set(entity.fields)
        told = found.setdefault(whole, {"typed": [], "filled": []})
        for kind, names in _entered(tx, change, {*entity.parents, *derived}).items():
            told[kind] += [f"{change.entity}.{name}" for name in names]
    return found  # type: ignore[return-value] # a dict of lists is an Entered


def _entered(tx: Transaction, change: Change, kept: Container[str]) -> Entered:
    before, after = change.before, change.after
    named = [
        name
        for name, value in {**after, **_custom(before, after)}.items()
        if name not in _KEPT and name not in kept and not is_empty(value)
    ]
    if tx.actor.user_id == 0 or tx.caused_by is not None or tx.cause.startswith(_CAPTURES):
        return {"typed": [], "filled": named}
    filled = {name.removeprefix("custom.") for name in tx.filled.get((change.entity, change.id), ())}
    if after.get("owner_id") == tx.actor.user_id:
        filled.add("owner_id")
    return {
        "typed": [name for name in named if name not in filled],
        "filled": [name for name in named if name in filled],
    }


def _custom(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the custom fields that a change gives another value."""
    old = before.get("custom") or {}
    return {name: value for name, value in (after.get("custom") or {}).items() if old.get(name) != value}
