"""Noting what became of a mail that was on its way, with everything that follows from it, in one transaction."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update

from crmcore.api import NotifyTransaction, Task, here, is_alive, own_name, tables
from crmcore.mail import Answer
from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.i18n import _
from crmcore_service.replying.keeping import keep
from crmcore_service.replying.states import DEFERRED, FAILED, REPLY, SENDING, SENT, SKIPPED, UNKNOWN, UNSETTLED
from crmcore_service.tables import outgoing, queue, ticket

FIRST_WAIT, LONGEST_WAIT, ATTEMPTS = timedelta(minutes=5), timedelta(hours=8), 12
"""How long to wait after a server said “later”: three times as long each time; after so many attempts it failed."""
GONE = timedelta(minutes=10)
"""After this time a sender on another machine that did not say what became of a mail is taken to be gone."""
_ORIGIN = "service outgoing"


def settle(tx: NotifyTransaction, row: Row[Any], answer: Answer) -> None:
    """Note what the server answered. What was sent is in the ticket's thread; what failed for good is somebody's task.

    Nothing is noted of a mail that somebody else settled meanwhile.
    """
    c = outgoing.c
    mine = (c.id == row.id, c.status.in_((SENDING, UNKNOWN)), c.worker == own_name())
    if not tx.execute(update(outgoing).where(*mine).values(status=answer.status)).rowcount:
        return
    if answer.status == SENT:
        mark(tx, row.id, reason="", sent_at=tx.now, interaction_id=keep(tx, row, tx.now))
    elif answer.status == DEFERRED and row.attempts + 1 < ATTEMPTS:
        due_at = tx.now + min(FIRST_WAIT * 3**row.attempts, LONGEST_WAIT)
        mark(tx, row.id, reason=answer.said, due_at=due_at)
    else:
        status = UNKNOWN if answer.status == UNKNOWN else FAILED
        mark(tx, row.id, status=status, reason=answer.said)
        told(tx, row.id, status, answer.said)
        task_for(tx, row, status, answer.said)


def mark(tx: AnyTransaction, key: int, **values: Any) -> None:
    """Write what became of a mail."""
    tx.execute(update(outgoing).where(outgoing.c.id == key).values(**values))


def not_left(tx: NotifyTransaction, row: Row[Any], status: str, reason: str) -> int:
    """Say that a mail does not leave, and why; of what a person wrote, somebody is told. Return its id."""
    mark(tx, row.id, status=status, reason=reason)
    if row.kind == REPLY:
        task_for(tx, row, status, reason)
    return int(row.id)


def told(tx: AnyTransaction, key: int, status: str, reason: str) -> None:
    """Tell the journal of a mail what nobody sees in it later."""
    tx.record(f"outgoing.{status}", outgoing.name, key, {"reason": reason})


def task_for(tx: AnyTransaction, row: Row[Any], status: str, reason: str) -> None:
    """Give somebody the task to see to a mail that did not arrive: the ticket's owner, else who wrote it.

    Where neither is there it is the manager of the ticket's queue. One task for each mail.
    """
    c, name = tables.task.c, f"{row.id} {status}"
    if tx.value(select(c.id).where(c.origin == _ORIGIN, c.external_id == name)) is not None:
        return
    t, q = ticket.c, queue.c
    of = tx.first(select(t.owner_id, q.manager_id).outerjoin(queue, q.id == t.queue_id).where(t.id == row.ticket_id))
    owner = (of.owner_id if of is not None else None) or row.user_id or (of.manager_id if of is not None else None)
    number = f"T{row.ticket_id}" if row.ticket_id is not None else _("no ticket")
    subject = {
        FAILED: _("{number}: the mail to {address} cannot be delivered"),
        SKIPPED: _("{number}: the mail to {address} was not sent"),
        UNKNOWN: _("{number}: nobody knows whether the mail to {address} arrived"),
    }[status].format(number=number, address=row.address or _("the customer"))
    note = _("{reason}; `crm service outgoing show {id}`").format(reason=reason, id=row.id)
    tx.add(
        Task(
            subject=subject, due=here(tx).today, owner_id=owner, contact_id=row.contact_id,
            customer_id=row.customer_id, note=note, origin=_ORIGIN, external_id=name,
        )
    )  # fmt: skip


def report_lost(tx: NotifyTransaction) -> int:
    """Report what is on its way and whose sender is gone as unknown: it may have arrived, or not. Return how many.

    Called where this process has nothing on its way. Such a mail is never sent again by itself.
    """
    c = outgoing.c
    found = tx.rows(
        select(outgoing)
        .where(c.status.in_(UNSETTLED), c.status == SENDING)
        .order_by(c.id)
        .with_for_update(skip_locked=True)
    )
    lost = [row for row in found if row.worker == own_name() or not is_alive(row.worker, row.taken_at, GONE)]
    reason = _("the sender ended in the middle; it may have arrived or not")
    for row in lost:
        mark(tx, row.id, status=UNKNOWN, reason=reason)
        told(tx, row.id, UNKNOWN, reason)
        task_for(tx, row, UNKNOWN, reason)
    return len(lost)
