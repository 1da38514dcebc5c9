"""Writing one chunk: all its customers, then contacts, interactions and tasks, looked up together."""

from collections.abc import Sequence

from crmcore.erasing.tombstones import AskedToBeErased
from crmcore.errors import CrmError
from crmcore.importing.chunks import Unit
from crmcore.importing.contacts import Contacts
from crmcore.importing.context import Step
from crmcore.importing.customers import Customers
from crmcore.importing.interactions import Interactions
from crmcore.importing.linking import link_captured
from crmcore.importing.relations import connect
from crmcore.importing.report import CREATED, UNCHANGED, UPDATED, RejectedRecord
from crmcore.importing.tasks import Tasks
from crmcore.model.incoming import (
    Incoming,
    IncomingContact,
    IncomingCustomer,
    IncomingInteraction,
    IncomingTask,
    Rejection,
)


def write_chunk(step: Step, chunk: Sequence[Unit]) -> list[int]:
    """Write a chunk in the step's transaction and count it; return the ids of the contacts created."""
    records = [record for unit in chunk for record in unit]
    companies = [r for r in records if isinstance(r, IncomingCustomer)]
    people = [r for r in records if isinstance(r, IncomingContact)]
    meetings = [r for r in records if isinstance(r, IncomingInteraction)]
    tasks = [r for r in records if isinstance(r, IncomingTask)]
    customers = Customers(step, companies, people)
    contacts = Contacts(step, customers, people)
    interactions = Interactions(step, meetings)
    todo = Tasks(step, tasks)

    def write(record: Incoming) -> str:
        match record:
            case IncomingCustomer():
                return customers.write(record)
            case IncomingContact():
                return contacts.write(record)
            case IncomingInteraction():
                return interactions.write(record)
            case IncomingTask():
                return todo.write(record)

    for unit in chunk:
        outcomes: set[str] = set()
        for record in unit:
            if isinstance(record, Rejection):
                _reject(step, record.line, record.reason, record.raw)
                break
            try:
                outcomes.add(write(record))
            except CrmError as error:
                _reject(step, record.line, str(error), "" if isinstance(error, AskedToBeErased) else _told(record))
                break
        else:
            step.report.count(next(one for one in (CREATED, UPDATED, UNCHANGED) if one in outcomes))
    step.tx.release()
    connect(step, customers.fresh)
    if contacts.created_ids:
        link_captured(step, contacts.created_ids)
    return contacts.created_ids


def _reject(step: Step, line: int, reason: str, raw: str) -> None:
    step.report.reject(RejectedRecord(file=step.file, line=line, reason=reason, raw=raw))


def _told(record: Incoming) -> str:
    return record.subject if isinstance(record, IncomingInteraction | IncomingTask) else record.name
