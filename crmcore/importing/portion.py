"""A chunk that a rule refuses when it is saved: what the rule is about is rejected by itself, the rest is taken."""

from collections.abc import Sequence

from crmcore.engine.attempt import attempt
from crmcore.engine.visibility import NONE
from crmcore.errors import Conflict, CrmError, Denied, InvalidInput, Refused
from crmcore.importing.chunks import Unit
from crmcore.importing.context import Step
from crmcore.importing.report import RejectedRecord
from crmcore.importing.write import told, write_chunk


def write_portion(step: Step, chunk: Sequence[Unit]) -> list[int]:
    """Write a chunk in the step's transaction and count it; return the ids of the contacts created.

    Processes, vetoes of plugins and the database speak only when everything is saved, and of a chunk as a whole: it is
    halved until the record they mean is alone.
    """
    mark = step.report.mark()
    done = len(step.changes)
    try:
        with attempt(step.tx):
            return write_chunk(step, chunk)
    except (Refused, InvalidInput, Conflict, Denied) as error:
        if (isinstance(error, Denied) and step.tx.scope.write == NONE) or getattr(error, "broken", False):
            raise  # of no record in particular
        step.report.back_to(mark)
        del step.changes[done:]
        if len(chunk) <= 1:
            _reject(step, chunk, error)
            return []
    middle = len(chunk) // 2
    return [*write_portion(step, chunk[:middle]), *write_portion(step, chunk[middle:])]


def _reject(step: Step, chunk: Sequence[Unit], error: CrmError) -> None:
    if isinstance(error, Denied):
        step.tx.deny(str(error))
    reason = " ".join(error.reasons) if isinstance(error, Refused) else str(error)
    for unit in chunk:
        first = unit[0]
        step.report.reject(RejectedRecord(file=step.file, line=first.line, reason=reason, raw=told(first)))
