"""The due instants of tickets and work orders, kept beside whatever changes: they are derived, and nobody sets them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from crmcore.api import ApplyTransaction, Change
from crmcore_service.levels.promised import CLOCKS
from crmcore_service.levels.standing import Standing, of_orders, of_tickets
from crmcore_service.levels.stays import note
from crmcore_service.tables import ticket, work_order

_AT_ONCE = 500
_OF_TICKET = frozenset(
    {"status", "priority", "level_id", "queue_id", "customer_id", "contact_id", "assigned_at", "responded_at",
     "resolved_at", "closed_at", "opened_at", "paused_at", "reopened"}
)  # fmt: skip
_OF_ORDER = frozenset(
    {"due_at", "opened_at", "visited_at", "done_at", "closed_at", "ticket_id", "contract_id", "customer_id"}
)
_WRITTEN = ("level_id", "calendar", *(one.due for one in CLOCKS), "remaining", "next_step_at")


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Note when tickets stood still, and reckon the clocks of those that changed, and of their work orders."""
    tickets = [one for one in changes if one.entity == ticket.name and _concerns(one, _OF_TICKET)]
    if tickets:
        note(tx, tickets)
        renew(tx, [one.id for one in tickets])
    orders = [one.id for one in changes if one.entity == work_order.name and _concerns(one, _OF_ORDER)]
    promised_otherwise = [
        one.id for one in tickets if one.action == "changed" and one.after.keys() & {"priority", "level_id"}
    ]
    if promised_otherwise:
        theirs = select(work_order.c.id).where(work_order.c.ticket_id.in_(promised_otherwise))
        orders += [row.id for row in tx.rows(theirs.where(work_order.c.closed_at.is_(None)))]
    renew_orders(tx, orders)


def _concerns(change: Change, names: frozenset[str]) -> bool:
    return change.action == "created" or (change.action == "changed" and bool(change.after.keys() & names))


def renew(tx: ApplyTransaction, ids: Collection[int]) -> None:
    """Reckon the clocks of tickets, and write what is otherwise than it was: ten statements for each 500."""
    for part in _parts(ids):
        _write(tx, ticket, _WRITTEN, [(each, _of_ticket(each)) for each in of_tickets(tx, ticket.c.id.in_(part))])


def renew_orders(tx: ApplyTransaction, ids: Collection[int]) -> None:
    """Reckon when the next step of work orders is due, and write it where it is otherwise."""
    for part in _parts(ids):
        found = of_orders(tx, work_order.c.id.in_(part))
        _write(tx, work_order, ("next_step_at",), [(each, {"next_step_at": each.next_step}) for each in found])


def _parts(ids: Collection[int]) -> list[list[int]]:
    wanted = sorted(set(ids))
    return [wanted[at : at + _AT_ONCE] for at in range(0, len(wanted), _AT_ONCE)]


def _of_ticket(one: Standing) -> dict[str, Any]:
    if one.level is None:
        return {"level_id": None, "calendar": "", "remaining": {}, "next_step_at": None} | dict.fromkeys(
            clock.due for clock in CLOCKS
        )
    clocks = {each.clock: each for each in one.clocks}
    dues: dict[str, datetime | None] = {each.due: clocks[each.name].due for each in CLOCKS}
    remaining = {
        each.clock: int(each.left.total_seconds())
        for each in one.clocks
        if each.end is None and each.due is None and each.left is not None
    }
    return {
        "level_id": one.level.id or None, "calendar": one.named, **dues, "remaining": remaining,
        "next_step_at": one.next_step,
    }  # fmt: skip


def _write(
    tx: ApplyTransaction, table: Any, names: Sequence[str], wanted: Sequence[tuple[Standing, dict[str, Any]]]
) -> None:
    changed = [
        {"b_id": one.row.id, **{f"b_{name}": values[name] for name in names}}
        for one, values in wanted
        if any(getattr(one.row, name) != values[name] for name in names)
    ]
    if changed:
        values = {name: bindparam(f"b_{name}", type_=table.c[name].type) for name in names}
        tx.execute(update(table).where(table.c.id == bindparam("b_id")).values(values), changed)
