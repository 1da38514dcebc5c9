"""Gains that the facts suggest: what was renewed or bought after a ticket. Claims, until a person confirms them.

A contract that renews another is traced to a ticket about that contract, or about its customer where the ticket names
none; what was won is traced to a ticket that it is linked with, or to one that said the customer was at risk. Of
several it is a ticket that said so, else the latest. With a customer at risk it is a save. What has a gain gets no
other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Integer, and_, exists, literal, or_, select

from crmcore.api import Id, NotifyTransaction, Outcome, Transaction, bought, here, tables
from crmcore_service.i18n import _
from crmcore_service.model.gain import Gain
from crmcore_service.returns.gains import RENEWAL, SALE, SAVE
from crmcore_service.returns.records import Shown, ended, of_contract, of_outcome, shown_by, taken
from crmcore_service.tables import contract, gain, ticket

SETTING = "service.gain_days"
_AT_ONCE = 1_000
_STEPS = 6
"""How many links lead from a ticket to what was won, at most: a ticket, a lead, a deal, an order."""


@frozen(kw_only=True)
class _Traced:
    """What was renewed or won, and the ticket it is traced to."""

    shown: Shown
    ticket_id: int
    at_risk: bool
    linked: bool = False


def propose(tx: Transaction | NotifyTransaction) -> list[Gain]:
    """Claim what was renewed or won within `service.gain_days` and has no gain yet; return the claims.

    Two statements for 1,000 renewals, two for each kind of record that tells what was won, and one for the claims.
    """
    days = timedelta(days=int(tx.setting(SETTING)))
    found = [*_renewed(tx, days)]
    for one in bought(tx):
        found += _won(tx, one, days)
    made: list[Gain] = []
    held = {**taken(tx, [one.shown for one in found])} if found else {}
    for traced in found:
        place = traced.shown.entity, traced.shown.record_id
        if place not in held and traced.shown.amount and traced.shown.rate is not None:
            held[place] = 0
            made.append(tx.add(_claimed(traced)))
    tx.flush()
    return made


def _claimed(one: _Traced) -> Gain:
    shown, own = one.shown, RENEWAL if one.shown.contract_id else SALE
    said = _("“{record}” was renewed after T{id}") if shown.contract_id else _("“{record}” was won after T{id}")
    if one.linked:
        said = _("“{record}” came of T{id}")
    return Gain(
        kind=SAVE if one.at_risk else own, amount=shown.amount or Decimal(0), currency=shown.currency,
        rate=shown.rate or Decimal(1), day=shown.day or date.min, ticket_id=one.ticket_id,
        contract_id=shown.contract_id, customer_id=shown.customer_id, contact_id=shown.contact_id, entity=shown.entity,
        record_id=shown.record_id, reason=said.format(record=shown.text, id=one.ticket_id),
    )  # fmt: skip


def _renewed(tx: Transaction | NotifyTransaction, days: timedelta) -> Iterator[_Traced]:
    c = contract.c
    last, zone = 0, here(tx).zone
    wanted = (
        select(contract)
        .where(
            c.renewed_from_id.is_not(None), c.amount.is_not(None), c.created_at > tx.now - days, _unclaimed(contract)
        )
        .order_by(c.id)
        .limit(_AT_ONCE)
    )
    while rows := tx.rows(wanted.where(c.id > last)):
        last = rows[-1].id
        held = _tickets_of(tx, rows)
        for row in rows:
            shown = of_contract(row)
            over = datetime.combine(shown.day or date.min, time(), zone) + timedelta(days=1)
            ways = [*held.get(("contract", row.renewed_from_id), ()), *held.get(("customer", row.customer_id), ())]
            best = _best([one for one in ways if over - days <= one.opened_at < over])
            if best is not None:
                yield _Traced(shown=shown, ticket_id=best.id, at_risk=best.at_risk)


def _tickets_of(tx: Transaction | NotifyTransaction, rows: Sequence[Any]) -> Mapping[tuple[str, int], list[Any]]:
    """Return the tickets about contracts that were renewed, and those about their customers that name no contract."""
    t = ticket.c
    about = or_(
        t.contract_id.in_({row.renewed_from_id for row in rows}),
        and_(t.contract_id.is_(None), t.customer_id.in_({row.customer_id for row in rows if row.customer_id})),
    )
    held: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in tx.rows(select(t.id, t.contract_id, t.customer_id, t.opened_at, t.at_risk).where(about, _counts())):
        held["contract" if row.contract_id else "customer", row.contract_id or row.customer_id].append(row)
    return held


def _won(tx: Transaction | NotifyTransaction, one: Outcome, days: timedelta) -> Iterator[_Traced]:
    """Yield what was won of one kind of record: linked with a ticket, or by a customer who was at risk."""
    t, at, zone = ticket.c, ended(one), here(tx).zone
    told = (t.id.label("ticket"), t.opened_at, t.at_risk)
    held = (one.state == "won", at > tx.now - days, _unclaimed(one), _counts())
    reached = _reached(one.entity)
    linked = (
        shown_by(one, *told)
        .join(reached, reached.c.id == one.record)
        .join(ticket, t.id == reached.c.ticket)
        .where(*held)
    )
    stayed = shown_by(one, *told).join(ticket, t.customer_id == one.customer).where(t.at_risk.is_(True), *held)
    for statement, is_linked in ((linked, True), (stayed, False)):
        by_record: dict[int, list[Any]] = defaultdict(list)
        for row in tx.rows(statement.order_by(one.record).limit(_AT_ONCE)):
            if row.at is not None and row.opened_at <= row.at <= row.opened_at + days:
                by_record[row.record].append(row)
        for rows in by_record.values():
            best = _best(rows, key="ticket")
            shown = of_outcome(best, zone)
            yield _Traced(shown=shown, ticket_id=best.ticket, at_risk=best.at_risk, linked=is_linked)


def _reached(entity: str) -> Any:
    """Return the records of a kind that links lead to from tickets: (ticket, id)."""
    k = tables.link.c
    first = select(
        k.from_id.label("ticket"), k.to_entity.label("entity"), k.to_id.label("id"), literal(1).label("step")
    )
    way = first.where(k.from_entity == ticket.name).cte("led", recursive=True)
    onward = select(way.c.ticket, k.to_entity, k.to_id, (way.c.step + 1).cast(Integer))
    way = way.union(onward.where(k.from_entity == way.c.entity, k.from_id == way.c.id, way.c.step < _STEPS))
    return (
        select(way.c.ticket, way.c.id.cast(Id).label("id")).where(way.c.entity == entity).distinct().subquery("led_to")
    )


def _unclaimed(of_it: Any) -> ColumnElement[bool]:
    """Return the condition that a contract, or an outcome, has no gain, whatever became of it."""
    g = gain.c
    entity, record = (contract.name, contract.c.id) if of_it is contract else (of_it.entity, of_it.record)
    return ~exists(select(g.id).where(g.entity == entity, g.record_id == record))


def _counts() -> ColumnElement[bool]:
    t = ticket.c
    return and_(t.status != "cancelled", t.merged_into_id.is_(None))


def _best(rows: Sequence[Any], key: str = "id") -> Any:
    """Return the ticket to trace to: one that said the customer was at risk, else the latest."""
    return max(rows, key=lambda row: (row.at_risk, row.opened_at, getattr(row, key)), default=None)
