"""The day a customer is told is a promise in the ledger: made with the appointment, kept or broken by who comes when.

It is settled by events: who comes, and who cancels, may be others than whose promise it is.
"""

from datetime import date

from sqlalchemy import select

from crmcore.api import Event, NotFound, NotifyTransaction, Task, Transaction, here
from crmcore_service.i18n import _
from crmcore_service.model.order import WorkOrder
from crmcore_service.orders.keeping import number
from crmcore_service.tables import visit, work_order

HEARS = (f"{work_order.name}.changed",)
_MATTERS = frozenset({"task_id", "technician_id", "status", "visited_at"})
_SOURCE = "service"
_KEPT, _BROKEN, _CANCELLED = "done", "broken", "cancelled"


def promise(tx: Transaction, record: WorkOrder, day: date) -> None:
    """Promise the customer of a work order that somebody comes by a day; nothing where that is promised already."""
    if record.promised_on == day and record.task_id is not None:
        return
    record.promised_on = day
    told = _("{order}: somebody comes for “{subject}”").format(order=number(record.id), subject=record.subject)
    record.task_id = tx.add(
        Task(
            kind="promise", subject=told, by="us", due=day, owner_id=record.technician_id or record.owner_id,
            contact_id=record.contact_id, customer_id=record.customer_id, source=_SOURCE,
        )
    ).id  # fmt: skip


def settle(event: Event, tx: NotifyTransaction) -> None:
    """Settle the promises of a work order that changed: three statements for each, none where nothing of it matters."""
    if event.type not in HEARS or _MATTERS.isdisjoint(event.data):
        return
    try:
        record = tx.get(WorkOrder, event.subject_id)
    except NotFound:  # removed since
        return
    before = event.data["task_id"][0] if "task_id" in event.data else None
    for key in dict.fromkeys(each for each in (before, record.task_id) if each is not None):
        task = tx.get(Task, key)
        if task.status != "open":
            continue
        state = _state(tx, record, task)
        if state:
            task.status, task.closed_at = state, tx.now
        elif task.owner_id != (record.technician_id or record.owner_id):
            task.owner_id = record.technician_id or record.owner_id


def _state(tx: NotifyTransaction, record: WorkOrder, task: Task) -> str:
    """Return how an open promise ends, empty while it stands.

    It is kept when somebody came by its day, of those who came since it was made. One that another followed is broken
    where that is for a later day, else replaced.
    """
    due = task.due or date.max
    v = visit.c
    since = select(v.starts_at).where(v.work_order_id == record.id, v.starts_at >= task.created_at)
    came = tx.value(since.order_by(v.starts_at).limit(1)) or record.done_at
    if came is not None:
        return _KEPT if came.astimezone(here(tx).zone).date() <= due else _BROKEN
    if record.task_id != task.id:
        return _BROKEN if record.promised_on is not None and record.promised_on > due else _CANCELLED
    return _CANCELLED if record.closed_at is not None else ""
