"""What follows from a step: the state a record begins in, and since when it has been where it is."""

from collections.abc import Sequence

from crmcore.engine.transaction import Transaction
from crmcore.model.change import Change
from crmcore.model.definitions import Process
from crmcore.workflow.steps import Step, state_of, steps


def complete(tx: Transaction, changes: Sequence[Change]) -> bool:
    """Fill in what follows from the steps of a change set; return whether there was any. No statement.

    A record that begins without a state begins in the first one; `entered_at` and `closed_at` are kept where the
    entity has them, however the state was changed.
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
    fields = tx.entities.named(step.change.entity).fields
    if "entered_at" in fields and not (step.begun and record.entered_at):
        record.entered_at = tx.now
    if "closed_at" in fields and not (step.begun and record.closed_at):
        ended = state.kind != "open"
        record.closed_at = (record.entered_at if step.begun and "entered_at" in fields else tx.now) if ended else None
