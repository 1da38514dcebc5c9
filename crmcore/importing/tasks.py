"""Tasks of a chunk: stored once however often they are read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from crmcore.engine.tables import task as task_table
from crmcore.importing import lookup
from crmcore.importing.context import Step
from crmcore.importing.parts import fill
from crmcore.importing.report import CREATED, UNCHANGED, UPDATED
from crmcore.model.incoming import IncomingTask
from crmcore.model.interaction import Task
from crmcore.model.names import name_key


class Tasks:
    """Knows the stored tasks a chunk repeats and the parties it names; writes the incoming ones."""

    def __init__(self, step: Step, incoming: Sequence[IncomingTask]) -> None:
        self._step = step
        keys = {one.external_id for one in incoming if one.external_id}
        statement = select(task_table.c.external_id, task_table.c.id).where(task_table.c.origin == step.scheme)
        known = lookup.in_parts(step.tx, statement, task_table.c.external_id, keys)
        self._by_key: dict[str, int] = {row.external_id: row.id for row in known}
        ids = set(self._by_key.values())
        self._records = {r.id: r for r in step.tx.load(Task, task_table.c.id.in_(ids))} if ids else {}
        names = {name_key(one.about) for one in incoming if one.about} - {""}
        self._contacts = lookup.contacts_by_name(step.tx, names)
        self._customers = lookup.customers_by_name(step.tx, names)

    def write(self, incoming: IncomingTask) -> str:
        """Create or update the task; return what happened."""
        step = self._step
        wanted: dict[str, Any] = {
            "subject": incoming.subject,
            "due": incoming.due,
            "note": incoming.note,
            "status": "done" if incoming.done else "open",
        }
        found = self._by_key.get(incoming.external_id) if incoming.external_id else None
        if found is not None:
            record = self._records[found]
            before, after = fill(record, wanted)
            if after:
                step.changed("task", record, incoming.line, before, after)
            return UPDATED if after else UNCHANGED
        contact_id, customer_id = self._about(incoming.about)
        record = step.tx.add(
            Task(
                owner_id=step.user(incoming.owner) or step.tx.actor.user_id or None,
                contact_id=contact_id,
                customer_id=customer_id,
                origin=step.scheme,
                external_id=incoming.external_id or None,
                source=step.source(incoming.line),
                batch_id=step.batch_id,
                **wanted,
            )
        )
        if incoming.external_id:
            self._by_key[incoming.external_id] = record.id
            self._records[record.id] = record
        step.created("task", record, incoming.line)
        return CREATED

    def _about(self, name: str) -> tuple[int | None, int | None]:
        """Return the contact or customer of that name; nobody when there are several."""
        key = name_key(name) if name else ""
        for found, is_contact in ((self._contacts.get(key), True), (self._customers.get(key), False)):
            if found and len(found) == 1:
                return (found[0], None) if is_contact else (None, found[0])
        return None, None
