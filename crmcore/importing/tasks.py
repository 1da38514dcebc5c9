"""Tasks of a chunk: stored once however often they are read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from crmcore.engine.tables import task as task_table
from crmcore.i18n import _
from crmcore.importing import lookup
from crmcore.importing.context import Step
from crmcore.importing.identity import key_of
from crmcore.importing.own_fields import OwnFields
from crmcore.importing.parts import fill
from crmcore.importing.report import CREATED, UNCHANGED, UPDATED
from crmcore.model.incoming import IncomingTask
from crmcore.model.interaction import Task
from crmcore.model.names import name_key


class Tasks:
    """Knows the stored tasks a chunk repeats and the parties it names; writes the incoming ones."""

    def __init__(self, step: Step, incoming: Sequence[IncomingTask]) -> None:
        self._step = step
        keys = {key_of(one) for one in incoming}
        statement = select(task_table.c.external_id, task_table.c.id).where(task_table.c.origin == step.scheme)
        known = lookup.in_parts(step.tx, statement, task_table.c.external_id, keys)
        self._by_key: dict[str, int] = {row.external_id: row.id for row in known}
        ids = set(self._by_key.values())
        self._records = {r.id: r for r in step.tx.load(Task, task_table.c.id.in_(ids))} if ids else {}
        self._own = OwnFields(step, "task", (one.extra for one in incoming))
        about = {one.about for one in incoming if one.about}
        names = {name_key(text) for text in about} - {""}
        self._contacts = lookup.contacts_by_name(step.tx, names)
        self._customers = lookup.customers_by_name(step.tx, names)
        addresses = {step.normal("email", text) for text in about if "@" in text} - {""}
        self._addresses = lookup.contacts_by_point(step.tx, addresses, ["email"])
        self._contact_ids = lookup.by_external_id(step.tx, "contact", step.scheme, about)
        self._customer_ids = lookup.by_external_id(step.tx, "customer", step.scheme, about)

    def write(self, incoming: IncomingTask) -> str:
        """Create or update the task; return what happened."""
        step = self._step
        key = key_of(incoming)
        incoming, custom = self._own.take(incoming)
        wanted: dict[str, Any] = {
            "subject": incoming.subject or incoming.note.partition("\n")[0] or _("(no subject)"),
            "due": incoming.due,
            "note": incoming.note,
            "status": "done" if incoming.done else "open",
            "custom": custom,
        }
        found = self._by_key.get(key)
        self._own.check(found, custom)
        if found is not None:
            record = self._records.get(found)
            if record is None or not step.may_change(record.owner_id):
                return UNCHANGED  # somebody else's, perhaps hidden from the actor
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
                external_id=key,
                source=step.source(incoming.line),
                batch_id=step.batch_id,
                **wanted,
            )
        )
        self._by_key[key] = record.id
        self._records[record.id] = record
        self._own.keep(record.id, custom)
        step.created("task", record, incoming.line)
        return CREATED

    def _about(self, text: str) -> tuple[int | None, int | None]:
        """Return the contact or customer of that id, address or name; nobody when there are several."""
        if text in self._contact_ids:
            return self._contact_ids[text], None
        if text in self._customer_ids:
            return None, self._customer_ids[text]
        key = name_key(text) if text else ""
        normal = self._step.normal("email", text) if "@" in text else ""
        contacts = self._addresses.get(normal, ()) if normal else self._contacts.get(key, ())
        customers = self._customers.get(key, ())
        if len(contacts) == 1:
            return contacts[0], None
        return None, customers[0] if len(customers) == 1 and not contacts else None
