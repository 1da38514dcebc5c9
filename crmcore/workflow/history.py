"""Steps that nobody takes now: they tell where a record was already."""

from crmcore.engine.transaction import Transaction
from crmcore.workflow.steps import Step, state_of


def is_history(tx: Transaction, step: Step) -> bool:
    """Return whether a step is history, so that no way, guard or required field is asked of it.

    A record that an import brings begins in whichever state of its process it had elsewhere, and an import that is
    taken back puts records where they were. The journal has the import as the cause of the step. Once it is here a
    record goes the ways of its process, in a later import too.
    """
    if step.process is None or state_of(step.process, step.target) is None:
        return False
    return tx.cause.startswith("undo import ") or (step.begun and f"{tx.cause} ".startswith("import "))
