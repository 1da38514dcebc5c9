"""Escalation: each step of a clock is taken once, when it is due, and somebody is told (row S1-18).

A step with all its effects is one transaction, whose commit also says that it was taken: who is killed in it has done
nothing. What is due is reckoned anew from what happened to the ticket, never believed from what was kept.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from crmcore.api import Desk, NotifyTransaction, Task, here
from crmcore_service.i18n import _
from crmcore_service.levels.following import renew, renew_orders
from crmcore_service.levels.promised import VISIT, Step
from crmcore_service.levels.running import Running
from crmcore_service.levels.standing import Standing, of_orders, of_tickets
from crmcore_service.levels.telling import People, people, whom
from crmcore_service.model.level import Escalation
from crmcore_service.model.order import WorkOrder
from crmcore_service.model.ticket import Ticket
from crmcore_service.tables import ticket, work_order

_AT_ONCE = 100
ESCALATED = "service_ticket.escalated"
"""What the journal calls it when a step of a ticket is taken; automations hear it."""


def run(desk: Desk) -> bool:
    """Take the steps that are due, of 100 tickets and 100 work orders at a time; return whether more are due."""
    with desk.transaction() as tx:
        found = max(_escalate_tickets(tx), _escalate_orders(tx))
    return found >= _AT_ONCE


def _due(tx: NotifyTransaction, table: Any) -> list[int]:
    c = table.c
    due = select(c.id).where(c.closed_at.is_(None), c.next_step_at <= tx.now).order_by(c.next_step_at, c.id)
    return [row.id for row in tx.rows(due.limit(_AT_ONCE))]


def _escalate_tickets(tx: NotifyTransaction) -> int:
    ids = _due(tx, ticket)
    if not ids:
        return 0
    tx.lock(Ticket, *ids)
    standings = of_tickets(tx, ticket.c.id.in_(ids), ticket.c.closed_at.is_(None))
    _take(tx, standings, of_ticket=True)
    tx.flush()
    renew(tx, ids)
    return len(ids)


def _escalate_orders(tx: NotifyTransaction) -> int:
    ids = _due(tx, work_order)
    if not ids:
        return 0
    tx.lock(WorkOrder, *ids)
    _take(tx, of_orders(tx, work_order.c.id.in_(ids), work_order.c.closed_at.is_(None)), of_ticket=False)
    tx.flush()
    renew_orders(tx, ids)
    return len(ids)


def _take(tx: NotifyTransaction, standings: Sequence[Standing], *, of_ticket: bool) -> None:
    """Take all steps that are due."""
    due = [
        (one, clock, step, at) for one in standings for clock in one.clocks for step, at in clock.steps if at <= tx.now
    ]
    if not due:
        return
    known, today = people(tx), here(tx).today
    changing = {one.row.id for one, _clock, step, _at in due if of_ticket and (step.priority_then or step.assigns)}
    if changing:
        tx.load(Ticket, ticket.c.id.in_(changing))  # all at once; each is held then
    for one, clock, step, at in sorted(due, key=lambda each: (each[3], each[2].id)):
        row = one.row
        told = whom(step, row.owner_id, row.queue_id, known)
        subject = _subject(row, clock, step, tx.now, of_ticket=of_ticket)
        task = None
        if told is not None:
            task = tx.add(
                Task(
                    subject=subject, note=_note(one, clock, at), due=today, owner_id=told, customer_id=row.customer_id,
                    contact_id=row.contact_id, source="service: escalation",
                )
            )  # fmt: skip
        tx.add(
            Escalation(
                ticket_id=row.id if of_ticket else None, work_order_id=None if of_ticket else row.id,
                step_id=step.id or None,
                clock=clock.clock, round=row.reopened if of_ticket else 0, due_at=at, at=tx.now, told_id=told,
                task_id=task.id if task else None, what=subject,
            )
        )  # fmt: skip
        if of_ticket:
            _change(tx, row, step, told, known)
            tx.record(ESCALATED, ticket.name, row.id, {"clock": clock.clock, "step": step.id, "told": told})


def _change(tx: NotifyTransaction, row: Any, step: Step, told: int | None, known: People) -> None:
    """Raise the priority of a ticket, and give it to who is told, where the step says so."""
    raised = bool(step.priority_then) and step.priority_then < row.priority
    given = step.assigns and told is not None and told != row.owner_id
    if not raised and not given:
        return
    one = tx.get(Ticket, row.id)
    if raised and step.priority_then < one.priority:
        one.priority = step.priority_then
    if given:
        one.owner_id, one.assigned_at = told, one.assigned_at or tx.now
        known.load[told or 0] += 1


def _subject(row: Any, clock: Running, step: Step, now: datetime, *, of_ticket: bool) -> str:
    number = f"T{row.id}" if of_ticket else f"W{row.id}"
    if clock.due is not None and clock.due <= now:
        said = _("{number} is overdue ({clock}): {subject}")
    elif step.counted == "due":
        said = _("{number} is due soon ({clock}): {subject}")
    else:
        said = _("{number} waits since {minutes} working minutes ({clock}): {subject}")
    return said.format(number=number, clock=_(clock.clock), subject=row.subject, minutes=step.minutes)


def _note(one: Standing, clock: Running, at: datetime) -> str:
    """Return what the one who is told should know: the level, how long the clock ran, and by when it is due."""
    zone = one.calendar.zone if one.calendar is not None else None
    lines = [
        _("Service level {level}, clock {clock}.").format(
            level=one.level.name if one.level else "", clock=_(clock.clock)
        )
    ]
    if clock.due is not None:
        lines.append(_("Due {at}.").format(at=f"{clock.due.astimezone(zone):%Y-%m-%d %H:%M}"))
    used = int(clock.used / timedelta(minutes=1))
    lines.append(_("It ran for {used} working minutes; this step was due {at}.").format(
        used=used, at=f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
    ))  # fmt: skip
    if clock.clock != VISIT:
        lines.append(f"crm service ticket clock T{one.row.id}")
    return "\n".join(lines)
