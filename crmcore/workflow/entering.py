"""Which fields of a record were typed, and which were filled in for the user: what the meter counts (row S2-02)."""

from collections.abc import Mapping
from typing import Any

from crmcore.engine.transaction import Transaction
from crmcore.workflow.steps import Step, is_empty

_KEPT = frozenset(
    {"id", "version", "created_at", "updated_at", "process", "state", "entered_at", "closed_at", "closed_on", "status",
     "interaction_id", "custom", "details", "source", "origin", "external_id", "batch_id"}
)  # fmt: skip
"""Fields that nobody enters: the core keeps them."""

_CAPTURES = ("import", "undo", "crm log", "crm import")
"""How the cause of a transaction begins that takes its values from what exists already."""


def entered(tx: Transaction, step: Step) -> dict[str, list[str]]:
    """Return the fields that got a value: those that the actor `typed`, and those that were `filled` in.

    Nothing is typed by the system, on an event's delivery, or by a command that reads a file or a note. An owner who
    is the actor was not typed either.
    """
    state = step.process.field if step.process else "state"
    before, after = step.change.before, step.change.after
    named = [
        name
        for name, value in {**after, **_custom(before, after)}.items()
        if name not in _KEPT and name != state and not is_empty(value)
    ]
    if tx.actor.user_id == 0 or tx.caused_by is not None or tx.cause.startswith(_CAPTURES):
        return {"typed": [], "filled": named}
    filled = {name.removeprefix("custom.") for name in tx.filled.get((step.change.entity, step.change.id), ())}
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
