"""Approvals: inside a rep's limit a discount is allowed at once; beyond it, and below the floor, somebody decides."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select

from crmcore.api import Denied, InvalidInput, Task, Transaction, here
from crmcore_sales.i18n import _
from crmcore_sales.model.discount import AUTOMATIC, DISCOUNT, DROPPED, FLOOR, GRANTED, PENDING, REFUSED, Approval
from crmcore_sales.model.quote import Quote
from crmcore_sales.quoting.limits import decides, limits
from crmcore_sales.quoting.lines import Priced
from crmcore_sales.quoting.offering import band_top
from crmcore_sales.quoting.people import managers
from crmcore_sales.quoting.telling import source_of
from crmcore_sales.tables import approval, quote


def ask(tx: Transaction, record: Quote, lines: Sequence[Priced]) -> list[Approval]:
    """Ask what a quote needs: for its deepest discount, and for a price below the lowest margin. Return what it needs.

    Inside the limit of its owner a discount is allowed automatically, and for a customer who bought the product before
    inside the band of what similar deals were won at. What was granted for an earlier version of as
    low prices holds. The manager gets a task for what is to be decided.
    """
    percent = max((each.discount for each in lines), default=Decimal(0))
    margin, floored = _lowest(lines)
    before = _granted(tx, record.number)
    owner = record.owner_id or tx.actor.user_id
    limit = limits(tx, [owner], here(tx).today).get(owner, Decimal(0)) if owner else Decimal(0)
    needed = []
    if percent > 0:
        beyond = [each for each in lines if each.discount > limit]
        allowed = all(each.discount <= _band_top(tx, record, each) for each in beyond)
        earlier = any(one.kind == DISCOUNT and one.percent >= percent for one in before)
        needed.append((DISCOUNT, AUTOMATIC if allowed else GRANTED if earlier else PENDING))
    if floored:
        earlier = any(one.kind == FLOOR and (one.margin or 0) <= (margin or 0) for one in before)
        needed.append((FLOOR, GRANTED if earlier else PENDING))
    made = [
        tx.add(
            Approval(
                quote_id=record.id,
                kind=kind,
                percent=percent,
                limit_percent=limit,
                margin=margin,
                asked_id=owner or None,
                asked_at=tx.now,
                status=status,
                decided_at=None if status == PENDING else tx.now,
            )
        )
        for kind, status in needed
    ]
    _give_task(tx, record, [one for one in made if one.status == PENDING])
    return made


def _band_top(tx: Transaction, record: Quote, line: Priced) -> Decimal:
    """Return the discount that the offer for an old customer proposes at most: it needs no approval (row S1-V03)."""
    if record.customer_id is None or line.product_id is None:
        return Decimal(0)
    return band_top(tx, record.customer_id, line.product_id, line.quantity)


def _lowest(lines: Sequence[Priced]) -> tuple[Decimal | None, bool]:
    """Return the lowest margin, and whether any line is below the lowest margin of its product."""
    known = [(each.margin, each.margin < each.floor) for each in lines if each.margin is not None]
    return min((margin for margin, _below in known), default=None), any(below for _margin, below in known)


def _granted(tx: Transaction, number: str) -> Sequence[Approval]:
    rows = tx.rows(
        select(approval)
        .join_from(approval, quote, quote.c.id == approval.c.quote_id)
        .where(quote.c.number == number, approval.c.status == GRANTED)
        .limit(100)
    )
    return [Approval(**row._mapping) for row in rows]


def _give_task(tx: Transaction, record: Quote, pending: Sequence[Approval]) -> None:
    if not pending:
        return
    manager = managers(tx, [record.owner_id]).get(record.owner_id or 0)
    task = tx.add(
        Task(
            subject=_("Decide on quote {number}: {what}").format(
                number=record.number, what=", ".join(asked_for(one) for one in pending)
            ),
            due=here(tx).today,
            owner_id=manager,
            customer_id=record.customer_id,
            note=_("crm sales approval grant {id}, or refuse it.").format(id=pending[0].id),
            source=source_of(record),
        )
    )
    for one in pending:
        one.task_id = task.id


def asked_for(one: Approval) -> str:
    """Return in words what an approval is for."""
    if one.kind == DISCOUNT:
        return _("{percent}% below the list, limit {limit}%").format(
            percent=_plainly(one.percent), limit=_plainly(one.limit_percent)
        )
    return _("a margin of {margin}%").format(margin=_plainly(one.margin or Decimal(0)))


def _plainly(percent: Decimal) -> str:
    return f"{percent.normalize():f}"


def decide(tx: Transaction, approval_id: int, *, grant: bool, reason: str = "") -> Approval:
    """Grant or refuse what was asked; the task is done then. Return the approval.

    Raises `Denied` for who asked it, and for who may not decide; `InvalidInput` for what is decided.
    """
    one = tx.get(Approval, approval_id)
    if one.status != PENDING:
        raise InvalidInput(_("Approval {id} is {status} already.").format(id=one.id, status=_(one.status)))
    if one.asked_id == tx.actor.user_id:
        raise Denied(_("Nobody decides on what they asked for themselves."))
    if not decides(tx, one.percent, floor=one.kind == FLOOR, day=here(tx).today):
        raise Denied(_("{login} may not allow {what}.").format(login=tx.actor.login, what=asked_for(one)))
    one.status = GRANTED if grant else REFUSED
    one.reason, one.decided_id, one.decided_at = reason, tx.actor.user_id or None, tx.now
    if one.task_id is not None and not _others_pending(tx, one):
        task = tx.get(Task, one.task_id)
        task.status, task.closed_at = "done", tx.now
    return one


def _others_pending(tx: Transaction, one: Approval) -> bool:
    c = approval.c
    found = tx.first(select(c.id).where(c.task_id == one.task_id, c.id != one.id, c.status == PENDING))
    return found is not None


def drop(tx: Transaction, quote_id: int) -> None:
    """Let go of what was asked for a quote that is over."""
    for one in tx.load(Approval, approval.c.quote_id == quote_id, approval.c.status == PENDING):
        one.status, one.decided_at = DROPPED, tx.now
