"""What visits and parts cost follows from them: nobody enters it twice. Reckoned once, when they are written."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from crmcore.api import ApplyTransaction, Change, Transaction, currency, here, latest_rates
from crmcore_service.returns.rates import HourRates, hour_rates
from crmcore_service.tables import cost, part, ticket, visit, work_order

Writing = ApplyTransaction | Transaction

KM_RATE = "service.km_rate"
_CENT = Decimal("0.01")
_AT_ONCE = 2_000
_ABOUT = ("ticket_id", "contract_id", "contact_id", "customer_id")
_OF_VISITS, _OF_PARTS = visit.name, part.name


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Write the costs of visits and parts that were written, and what work orders are about into theirs.

    Statements: one or two for what is removed, ten at most for 2,000 visits or parts, two for 2,000 work
    orders, one for 2,000 costs.
    """
    touched: dict[str, list[int]] = {_OF_VISITS: [], _OF_PARTS: [], work_order.name: []}
    removed: dict[str, list[int]] = {_OF_VISITS: [], _OF_PARTS: [], work_order.name: []}
    for one in changes:
        if one.entity in touched:
            (removed if one.action == "removed" else touched)[one.entity].append(one.id)
    for name in (_OF_VISITS, _OF_PARTS):
        _forget(tx, name, removed[name])
    if removed[work_order.name]:
        _forget_orphans(tx)
    reckon(tx, touched[_OF_VISITS], touched[_OF_PARTS])
    orders = [one for one in changes if one.entity == work_order.name and one.action == "changed"]
    _move(tx, [one.id for one in orders if set(one.after) & set(_ABOUT)])
    _place(tx, [one.id for one in changes if one.entity == cost.name and one.action == "created"])


def reckon(tx: Writing, visits: Sequence[int], parts: Sequence[int]) -> int:
    """Write the costs of visits and parts anew, at the rates of their days; return how many there are.

    What has no rate, or no price, has no entry until it has one.
    """
    if not visits and not parts:
        return 0
    count = 0
    for start in range(0, len(visits), _AT_ONCE):
        count += _write(tx, _OF_VISITS, visits[start : start + _AT_ONCE], _of_visits)
    for start in range(0, len(parts), _AT_ONCE):
        count += _write(tx, _OF_PARTS, parts[start : start + _AT_ONCE], _of_parts)
    return count


def _move(tx: ApplyTransaction, order_ids: Sequence[int]) -> None:
    """Let the costs of work orders be about what those are about."""
    c = work_order.c
    named: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _ABOUT}
    for start in range(0, len(order_ids), _AT_ONCE):
        rows = tx.rows(select(c.id, *(c[name] for name in _ABOUT)).where(c.id.in_(order_ids[start : start + _AT_ONCE])))
        said = [{"order_id": row.id, **{f"new_{name}": getattr(row, name) for name in _ABOUT}} for row in rows]
        if said:
            tx.execute(update(cost).where(cost.c.work_order_id == bindparam("order_id")).values(named), said)


def _place(tx: ApplyTransaction, cost_ids: Sequence[int]) -> None:
    """Let costs that name a ticket alone, as imported ones do, be of its customer."""
    c, t = cost.c, ticket.c
    of_it = {
        name: select(t[name]).where(t.id == c.ticket_id).scalar_subquery() for name in ("customer_id", "contact_id")
    }
    for start in range(0, len(cost_ids), _AT_ONCE):
        mine = (c.id.in_(cost_ids[start : start + _AT_ONCE]), c.ticket_id.is_not(None), c.customer_id.is_(None))
        tx.execute(update(cost).where(*mine, c.contact_id.is_(None)).values(of_it))


def _forget(tx: Writing, entity: str, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        theirs = cost.c.record_id.in_(ids[start : start + _AT_ONCE])
        tx.execute(delete(cost).where(cost.c.entity == entity, theirs))


def _forget_orphans(tx: ApplyTransaction) -> None:
    """Remove the costs of visits and parts that went with their work order."""
    c = cost.c
    for table in (visit, part):
        gone = (c.entity == table.name, c.work_order_id.is_(None), c.record_id.not_in(select(table.c.id)))
        tx.execute(delete(cost).where(*gone))


def _write(
    tx: Writing,
    entity: str,
    ids: Sequence[int],
    made: Callable[[Writing, Sequence[int], str], Iterable[Mapping[str, Any]]],
) -> int:
    base = currency(tx)
    rows = [
        {
            **one, "id": tx.new_id(), "version": 1, "entity": entity, "source": "", "batch_id": None,
            "created_at": tx.now, "updated_at": tx.now,
        }
        for one in made(tx, ids, base)
    ]  # fmt: skip
    _forget(tx, entity, ids)
    if rows:
        tx.execute(insert(cost), rows)
    return len(rows)


def _of_visits(tx: Writing, ids: Sequence[int], base: str) -> Iterator[Mapping[str, Any]]:
    v, o = visit.c, work_order.c
    columns = (v.id, v.technician_id, v.starts_at, v.ends_at, v.kilometres, v.work_order_id)
    rows = tx.rows(
        select(*columns, *(o[name] for name in _ABOUT)).join(work_order, o.id == v.work_order_id).where(v.id.in_(ids))
    )
    rates, km, zone = hour_rates(tx), tx.setting(KM_RATE), here(tx).zone
    for row in rows:
        day = row.starts_at.astimezone(zone).date()
        common = {"day": day, "user_id": row.technician_id, "currency": base, "rate": Decimal(1), **_common(row)}
        yield from _labour(row, rates, common)
        if row.kilometres and km is not None:
            amount = (Decimal(str(km)) * row.kilometres).quantize(_CENT)
            note = f"{row.kilometres} km"
            yield {**common, "what": "travel", "amount": amount, "worth": amount, "minutes": None, "note": note}


def _labour(row: Any, rates: HourRates, common: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    minutes = _minutes(row.starts_at, row.ends_at)
    amount = rates.labour(row.technician_id, common["day"], minutes)
    if minutes and amount is not None:
        yield {**common, "what": "labour", "amount": amount, "worth": amount, "minutes": minutes, "note": ""}


def _minutes(begin: datetime, end: datetime | None) -> int:
    return 0 if end is None else max(int((end - begin).total_seconds() // 60), 0)


def _of_parts(tx: Writing, ids: Sequence[int], base: str) -> Iterator[Mapping[str, Any]]:
    p, o, c = part.c, work_order.c, cost.c
    columns = (p.id, p.name, p.quantity, p.unit_cost, p.currency, p.work_order_id)
    dated = (o.done_at, o.visited_at, o.opened_at)
    rows = tx.rows(
        select(*columns, *dated, *(o[name] for name in _ABOUT))
        .join(work_order, o.id == p.work_order_id)
        .where(p.id.in_(ids), p.unit_cost.is_not(None))
    )
    zone = here(tx).zone
    known = latest_rates(tx, cost, {row.currency for row in rows}, base)
    held = tx.rows(select(c.record_id, c.currency, c.rate).where(c.entity == _OF_PARTS, c.record_id.in_(ids)))
    before = {(row.record_id, row.currency): row.rate for row in held}
    for row in rows:
        code = row.currency or base
        rate = before.get((row.id, code), known.get(code))
        amount = (row.quantity * row.unit_cost).quantize(_CENT)
        if rate is not None and amount:
            at: datetime = row.done_at or row.visited_at or row.opened_at
            day: date = at.astimezone(zone).date()
            yield {
                "day": day, "user_id": None, "currency": code, "rate": rate, **_common(row), "what": "parts",
                "amount": amount, "worth": (amount * rate).quantize(_CENT), "minutes": None, "note": row.name,
            }  # fmt: skip


def _common(row: Any) -> Mapping[str, Any]:
    return {"work_order_id": row.work_order_id, "record_id": row.id, **{name: getattr(row, name) for name in _ABOUT}}


def reckon_missing(tx: Writing) -> int:
    """Write the costs of ended visits and of parts that have none, if their rate is known by now; return how many."""
    count = 0
    c = cost.c
    for table, held, made in ((visit, visit.c.ends_at, _of_visits), (part, part.c.unit_cost, _of_parts)):
        last = 0
        none = ~select(c.id).where(c.entity == table.name, c.record_id == table.c.id).exists()
        wanted = select(table.c.id).where(none, held.is_not(None)).order_by(table.c.id).limit(_AT_ONCE)
        while rows := tx.rows(wanted.where(table.c.id > last)):
            last = rows[-1].id
            count += _write(tx, table.name, [row.id for row in rows], made)
    return count
