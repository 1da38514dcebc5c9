"""Doing a work order: the technician is there, parts are used, it is done, or another visit is needed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen

from crmcore.api import InvalidInput, Transaction, currency, here, move
from crmcore_service.i18n import _
from crmcore_service.model.order import Part, Visit, WorkOrder
from crmcore_service.orders.keeping import CANCELLED, DONE, NEW, UNDER_WAY, number, open_order
from crmcore_service.tables import visit


@frozen(kw_only=True)
class Came:
    """What came of a visit: what was done (`result`), whether that `fixed` it, what was behind it (`cause`)."""

    result: str
    fixed: bool = True
    cause: str = ""
    note: str = ""
    at: datetime | None = None


def start(tx: Transaction, order_id: int, *, at: datetime | None = None, technician_id: int | None = None) -> WorkOrder:
    """Note that the technician is there; raises `InvalidInput` for one that is under way, or has no technician."""
    record = open_order(tx, order_id)
    if record.status == UNDER_WAY:
        raise InvalidInput(_("{order} is under way already.").format(order=number(order_id)))
    _visit(tx, record, at or tx.now, technician_id)
    move(tx, record, UNDER_WAY)
    return record


def done(tx: Transaction, order_id: int, came: Came) -> WorkOrder:
    """End a visit. What is fixed is done; what is not waits for another visit, and nothing is promised for that yet.

    Whether it was fixed at the first visit stays with the order. An order that nobody began was visited as
    planned, where it is done on that day.

    Raises `InvalidInput` without a result, and for a time before the visit began.
    """
    record = open_order(tx, order_id)
    if not came.result.strip():
        raise InvalidInput(_("Say what was done: --result."))
    at = came.at or tx.now
    visits = tx.load(Visit, visit.c.work_order_id == order_id)
    current = next((one for one in visits if one.ends_at is None), None)
    if current is None:
        current = _visit(tx, record, _begun(tx, record, at), None)
    if at < current.starts_at:
        raise InvalidInput(_("The visit ends before it began."))
    current.ends_at, current.fixed, current.note = at, came.fixed, came.note or came.result.strip()
    if not any(one.fixed is not None for one in visits if one is not current):
        record.fixed = came.fixed
    record.result = came.result.strip()
    record.cause = came.cause or record.cause
    if came.fixed:
        record.done_at = at
        move(tx, record, DONE)
    else:
        record.starts_at = record.ends_at = record.promised_on = None
        move(tx, record, NEW)
    return record


def cancel(tx: Transaction, order_id: int, reason: str) -> WorkOrder:
    """Call a work order off; raises `InvalidInput` without a reason, and for one that is over."""
    record = open_order(tx, order_id)
    if not reason.strip():
        raise InvalidInput(_("Say why: --reason."))
    record.result = reason.strip()
    record.sequence += 1 if record.starts_at is not None else 0
    move(tx, record, CANCELLED)
    return record


def use(tx: Transaction, order_id: int, fields: Mapping[str, Any]) -> Part:
    """Note a part that was used, also after the order is done; raises `InvalidInput` for none or less of it.

    What it cost is in the workspace's currency unless said.
    """
    tx.get(WorkOrder, order_id)
    record = Part(work_order_id=order_id, **{"currency": currency(tx), **fields})
    if record.quantity <= 0:
        raise InvalidInput(_("Say how many: more than none."))
    return tx.add(record)


def _begun(tx: Transaction, record: WorkOrder, at: datetime) -> datetime:
    """Return when a visit began that is over `at`: as planned, if that was on the same day."""
    planned, zone = record.starts_at, here(tx).zone
    if planned is None or planned > at or planned.astimezone(zone).date() != at.astimezone(zone).date():
        return at
    return planned


def _visit(tx: Transaction, record: WorkOrder, at: datetime, technician_id: int | None) -> Visit:
    who = technician_id or record.technician_id
    if who is None:
        raise InvalidInput(_("Say who is there: --technician."))
    record.technician_id = who
    record.visited_at = record.visited_at or at
    return tx.add(Visit(work_order_id=record.id, starts_at=at, technician_id=who))
