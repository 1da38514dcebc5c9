"""What follows from a step: the state a record begins in, of what kind it is, and since when it has been there."""

from collections.abc import Collection, Sequence
from typing import Any

from crmcore.engine.tables import metadata
from crmcore.engine.transaction import Transaction
from crmcore.model.change import Change
from crmcore.model.definitions import Process, State
from crmcore.workflow.steps import Step, state_of, steps


def complete(tx: Transaction, changes: Sequence[Change]) -> bool:
    """Fill in what follows from the steps of a change set; return whether there was any. No statement.

    A record that begins without a state begins in the first one. However the state was changed, `entered_at` and
    `closed_at` are kept where the entity has them, and for a plugin's entity `status`, the kind of the state, and
    `closed_on`, the day of its end in the workspace's zone. What is given with the step stays, as an import gives it.
    """
    moved = [step for step in steps(tx, changes) if step.moved and step.process is not None and step.process.states]
    for step in moved:
        _complete(tx, step, step.process)  # type: ignore[arg-type] # those without were left out
    return bool(moved)


def _complete(tx: Transaction, step: Step, process: Process) -> None:
    record = tx.held(step.change.entity, step.change.id)
    if step.begun and not step.target:
        setattr(record, process.field, process.states[0].name)
    state = state_of(process, getattr(record, process.field))
    if state is None:
        return
    fields = set(tx.entities.named(step.change.entity).fields) - {process.field}
    if "entered_at" in fields and not step.change.after.get("entered_at"):
        record.entered_at = tx.now
    if "closed_at" in fields and not step.change.after.get("closed_at"):
        ended = state.kind != "open"
        record.closed_at = (record.entered_at if step.begun and "entered_at" in fields else tx.now) if ended else None
    if step.change.entity not in metadata.tables:
        _keep_kind(tx, step, record, state, fields)


def _keep_kind(tx: Transaction, step: Step, record: Any, state: State, fields: Collection[str]) -> None:
    """Keep what lists and figures of a plugin's table ask for without knowing the process."""
    if "status" in fields:
        record.status = state.kind
    if "closed_on" in fields and not step.change.after.get("closed_on"):
        at = getattr(record, "closed_at", None) or tx.now
        record.closed_on = None if state.kind == "open" else at.astimezone(tx.zone).date()
