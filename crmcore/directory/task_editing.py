"""Entering, editing and closing tasks."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from crmcore.directory.finding import owner_named
from crmcore.directory.tasks import one
from crmcore.directory.versions import assign, take
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.model.interaction import Task
from crmcore.model.party import Contact, Customer


def add(
    tx: Transaction,
    subject: str,
    *,
    due: date | None = None,
    contact_id: int | None = None,
    customer_id: int | None = None,
    owner: str = "",
    note: str = "",
) -> Task:
    """Add a task, the actor's own unless `owner` (a login) says whose.

    Raises `NotFound` for a contact or customer the actor may not see.
    """
    if contact_id is not None:
        tx.get(Contact, contact_id)
    if customer_id is not None:
        tx.get(Customer, customer_id)
    return tx.add(
        Task(
            subject=subject.strip(),
            due=due,
            contact_id=contact_id,
            customer_id=customer_id,
            owner_id=owner_named(tx, owner) if owner else tx.actor.user_id or None,
            note=note,
            source=f"entered by {tx.actor.login}",
        )
    )


def edit(tx: Transaction, task_id: int, wanted: Mapping[str, Any], *, version: int | None = None) -> Task:
    """Edit a task that was read at `version`; a status other than open closes it now.

    Raises `NotFound` for one the actor may not see, `Conflict` where somebody else changed the same fields, and
    `InvalidInput` when nothing is asked.
    """
    if not wanted:
        raise InvalidInput(_("Say what to change."))
    one(tx, task_id)
    record = take(tx, Task, task_id)
    before = record.status
    assign(tx, record, wanted, version)
    if record.status != before:
        record.closed_at = None if record.status == "open" else tx.now
    return record
