"""Entering, editing and closing tasks."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from crmcore.directory.finding import owner_named
from crmcore.directory.tasks import one
from crmcore.directory.versions import assign, take
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.fields.entering import entered
from crmcore.i18n import _
from crmcore.model.interaction import Task
from crmcore.model.party import Contact, Customer

NO_TEXT: Mapping[str, str] = {}


def add(
    tx: Transaction,
    subject: str,
    *,
    due: date | None = None,
    contact_id: int | None = None,
    customer_id: int | None = None,
    owner: str = "",
    note: str = "",
    custom: Mapping[str, str] = NO_TEXT,
) -> Task:
    """Add a task, the actor's own unless `owner` (a login) says whose; `custom` are fields of the workspace, as typed.

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
            custom=entered(tx, "task", {}, custom) if custom else {},
            source=f"entered by {tx.actor.login}",
        )
    )


def edit(
    tx: Transaction,
    task_id: int,
    wanted: Mapping[str, Any],
    *,
    custom: Mapping[str, str] = NO_TEXT,
    version: int | None = None,
) -> Task:
    """Edit a task that was read at `version`; a status other than open closes it now.

    `custom` are fields that the workspace defined, as typed.

    Raises `NotFound` for one the actor may not see, `Conflict` where somebody else changed the same fields, and
    `InvalidInput` when nothing is asked.
    """
    if not wanted and not custom:
        raise InvalidInput(_("Say what to change."))
    one(tx, task_id)
    record = take(tx, Task, task_id)
    before = record.status
    own = {"custom": entered(tx, "task", record.custom, custom)} if custom else {}
    assign(tx, record, {**wanted, **own}, version)
    if record.status != before:
        record.closed_at = None if record.status == "open" else tx.now
    return record
