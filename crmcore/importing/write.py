"""Writing one chunk: the customers, contacts, interactions and tasks of its rows, then what plugins keep."""

from collections.abc import Sequence

from crmcore.erasing.tombstones import AskedToBeErased
from crmcore.errors import CrmError
from crmcore.importing.chunks import Unit
from crmcore.importing.contacts import Contacts
from crmcore.importing.context import Step
from crmcore.importing.customers import Customers
from crmcore.importing.interactions import Interactions
from crmcore.importing.linking import link_captured
from crmcore.importing.own_records import write_own
from crmcore.importing.records import Records
from crmcore.importing.relations import connect, connect_records
from crmcore.importing.report import CREATED, UNCHANGED, UPDATED, RejectedRecord
from crmcore.importing.tasks import Tasks
from crmcore.model.incoming import (
    Incoming,
    IncomingContact,
    IncomingCustomer,
    IncomingInteraction,
    IncomingOwn,
    IncomingRecord,
    IncomingTask,
    Rejection,
)

Outcomes = list[set[str] | RejectedRecord]
"""For each unit of a chunk: what happened to its records, or why it was rejected."""


def write_chunk(step: Step, chunk: Sequence[Unit]) -> list[int]:
    """Write a chunk in the step's transaction and count it; return the ids of the contacts created."""
    outcomes: Outcomes = [set() for _unit in chunk]
    created = _write_core(step, chunk, outcomes)
    _write_records(step, chunk, outcomes)
    _write_own(step, chunk, outcomes)
    for outcome in outcomes:
        if isinstance(outcome, RejectedRecord):
            step.report.reject(outcome)
        else:
            step.report.count(next(one for one in (CREATED, UPDATED, UNCHANGED) if one in outcome))
    return created


def _write_core(step: Step, chunk: Sequence[Unit], outcomes: Outcomes) -> list[int]:
    """Write what the core keeps, looked up together; return the ids of the contacts created."""
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
            case IncomingRecord() | IncomingOwn():
                return UNCHANGED  # written when all it may point at is there

    for place, unit in enumerate(chunk):
        happened: set[str] = set()
        outcomes[place] = happened
        for record in unit:
            if isinstance(record, Rejection):
                outcomes[place] = _rejected(step, record.line, record.reason, record.raw)
                break
            try:
                happened.add(write(record))
            except CrmError as error:
                outcomes[place] = _refused(step, record, error)
                break
    step.tx.release()
    connect(step, customers.fresh)
    connect_records(step, "customer", customers.fresh)
    connect_records(step, "contact", contacts.fresh)
    if contacts.created_ids:
        link_captured(step, contacts.created_ids)
    return contacts.created_ids


def _write_records(step: Step, chunk: Sequence[Unit], outcomes: Outcomes) -> None:
    """Write what plugins keep, one kind after the other as the file first names them: so a later one finds the first.

    Of a row that was rejected nothing more is written.
    """
    several: dict[str, list[tuple[int, IncomingRecord]]] = {}
    for place, unit in enumerate(chunk):
        for record in unit:
            if isinstance(record, IncomingRecord):
                several.setdefault(record.entity, []).append((place, record))
    for entity, placed in several.items():
        alive = [(place, record) for place, record in placed if not isinstance(outcomes[place], RejectedRecord)]
        records = Records(step, entity, [record for _place, record in alive])
        for place, record in alive:
            happened = outcomes[place]
            if isinstance(happened, RejectedRecord):
                continue
            try:
                happened.add(records.write(record))
            except CrmError as error:
                outcomes[place] = _refused(step, record, error)
        step.tx.release()
        connect_records(step, entity, records.fresh)


def _write_own(step: Step, chunk: Sequence[Unit], outcomes: Outcomes) -> None:
    """Let the file's format write what only it understands, all of it together."""
    own = {
        place: record
        for place, unit in enumerate(chunk)
        for record in unit
        if isinstance(record, IncomingOwn) and not isinstance(outcomes[place], RejectedRecord)
    }
    if not own:
        return
    told_of = write_own(step, list(own.values()))
    for place, record in own.items():
        outcome = told_of[record.line]
        outcomes[place] = _rejected(step, record.line, outcome, record.name) if isinstance(outcome, str) else outcome


def _refused(step: Step, record: Incoming, error: CrmError) -> RejectedRecord:
    raw = "" if isinstance(error, AskedToBeErased) else told(record)
    return _rejected(step, record.line, str(error), raw)


def _rejected(step: Step, line: int, reason: str, raw: str) -> RejectedRecord:
    return RejectedRecord(file=step.file, line=line, reason=reason, raw=raw)


def told(record: Incoming | Rejection) -> str:
    """Return what a record is called, for whoever reads why it was rejected."""
    if isinstance(record, Rejection):
        return record.raw
    return record.subject if isinstance(record, IncomingInteraction | IncomingTask) else record.name
