"""How the clocks of tickets and work orders stand, reckoned from what happened to them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Row, select

from crmcore.api import Calendar, InvalidInput, PluginReader, Reader, tables
from crmcore_service.levels.promised import CUSTOMER, Promised, calendar_of, default_level, promised, usual
from crmcore_service.levels.reckoning import Pause
from crmcore_service.levels.running import RESOLVED, Running, Taken, of_order, of_ticket
from crmcore_service.tables import contract, escalation, pause, queue, ticket, work_order

AnyReader = Reader | PluginReader


@frozen(kw_only=True)
class Standing:
    """A ticket, or a work order, as its row, with its level and clocks."""

    row: Row[Any]
    level: Promised | None = None
    calendar: Calendar | None = None
    named: str = ""
    pauses: tuple[Pause, ...] = ()
    clocks: tuple[Running, ...] = ()

    @property
    def next_step(self) -> datetime | None:
        """When the next step is due, None where none is in sight."""
        return min((at for one in self.clocks for _step, at in one.steps), default=None)


def of_tickets(reader: AnyReader, *conditions: ColumnElement[bool]) -> list[Standing]:
    """Return how the clocks of tickets stand: nine statements at most, however many there are.

    The level is the ticket's own, else its contract's, its queue's, or the workspace's.
    """
    of_contract = select(contract.c.level_id).where(contract.c.id == ticket.c.contract_id).scalar_subquery()
    of_queue = select(queue.c.level_id).where(queue.c.id == ticket.c.queue_id).scalar_subquery()
    statement = select(ticket, of_contract.label("contract_level_id"), of_queue.label("queue_level_id"))
    rows = reader.rows(statement.where(*conditions).order_by(ticket.c.id))
    by_level = _by_level(reader, rows, ("level_id", "contract_level_id", "queue_level_id"))
    ids = [row.id for row in rows] if any(each is not None for each in by_level.values()) else []
    pauses = _pauses(reader, ids) if ids else {}
    fired = _fired(reader, escalation.c.ticket_id, ids) if ids else {}
    named = _named(reader, rows, by_level)
    calendars = {name: calendar_of(reader, name) for name in set(named.values())}
    found = []
    for row in rows:
        level = by_level[row.id]
        if level is None:
            found.append(Standing(row=row))
            continue
        calendar, stood = calendars[named[row.id]], pauses[row.id]
        still = tuple(one for one in stood if one.state in level.pauses or one.state == RESOLVED)
        try:
            clocks = tuple(of_ticket(row, level, calendar, still, fired[row.id], reader.now))
        except InvalidInput:  # so long ago that no calendar reckons there
            found.append(Standing(row=row))
            continue
        found.append(
            Standing(row=row, level=level, calendar=calendar, named=named[row.id], pauses=stood, clocks=clocks)
        )
    return found


def of_orders(reader: AnyReader, *conditions: ColumnElement[bool]) -> list[Standing]:
    """Return how the clocks of work orders stand: seven statements at most.

    The level is that of the ticket, else of the contract, or the workspace's.
    """
    o = work_order.c
    its_ticket = [
        select(ticket.c[name]).where(ticket.c.id == o.ticket_id).scalar_subquery().label(name)
        for name in ("level_id", "priority", "queue_id")
    ]
    of_contract = select(contract.c.level_id).where(contract.c.id == o.contract_id).scalar_subquery()
    statement = select(work_order, *its_ticket, of_contract.label("contract_level_id"))
    rows = reader.rows(statement.where(*conditions).order_by(o.id))
    by_level = _by_level(reader, rows, ("level_id", "contract_level_id"))
    ids = [row.id for row in rows] if any(each is not None for each in by_level.values()) else []
    fired = _fired(reader, escalation.c.work_order_id, ids) if ids else {}
    named = _named(reader, rows, by_level)
    calendars = {name: calendar_of(reader, name) for name in set(named.values())}
    found = []
    for row in rows:
        level = by_level[row.id]
        if level is None:
            found.append(Standing(row=row))
            continue
        calendar = calendars[named[row.id]]
        try:
            clock = of_order(row, level, calendar, fired[row.id], reader.now)
        except InvalidInput:  # so long ago that no calendar reckons there
            found.append(Standing(row=row))
            continue
        found.append(Standing(row=row, level=level, calendar=calendar, named=named[row.id], clocks=(clock,)))
    return found


def _by_level(reader: AnyReader, rows: Sequence[Row[Any]], names: Sequence[str]) -> dict[int, Promised | None]:
    """Return the level of each row: of the first of its columns that says one, else the workspace's, or the usual."""
    if not rows:
        return {}
    levels = promised(reader)
    said = {row.id: next((key for name in names if (key := getattr(row, name))), None) for row in rows}
    otherwise = None
    if None in said.values():
        otherwise = levels.get(default_level(reader) or 0) if levels else None
        otherwise = otherwise or usual(reader)
    return {row.id: levels.get(said[row.id] or 0, otherwise) for row in rows}


def _named(reader: AnyReader, rows: Sequence[Row[Any]], by_level: Mapping[int, Promised | None]) -> dict[int, str]:
    """Return the calendar by which the clocks of each row run: its level's, where the customer is if that says so."""
    theirs = {key: one.calendar for key, one in by_level.items() if one is not None}
    elsewhere = [row for row in rows if theirs.get(row.id, "").endswith(CUSTOMER)]
    zones = _zones(reader, elsewhere) if elsewhere else {}
    for row in elsewhere:
        name, zone = theirs[row.id].removesuffix(CUSTOMER), zones[row.id]
        theirs[row.id] = f"{name}@{zone}" if zone else name
    return theirs


def _zones(reader: AnyReader, rows: Sequence[Row[Any]]) -> dict[int, str]:
    """Return where each customer is, or else the contact: two statements."""
    known: dict[tuple[str, int], str] = {}
    for name, table in (("customer_id", tables.customer), ("contact_id", tables.contact)):
        ids = {getattr(row, name) for row in rows}
        found = reader.rows(select(table.c.id, table.c.zone).where(table.c.id.in_(ids)))
        known |= {(name, each.id): each.zone for each in found}
    return {
        row.id: known.get(("customer_id", row.customer_id), "") or known.get(("contact_id", row.contact_id), "")
        for row in rows
    }


def _pauses(reader: AnyReader, ids: Collection[int]) -> Mapping[int, tuple[Pause, ...]]:
    c = pause.c
    found: dict[int, tuple[Pause, ...]] = defaultdict(tuple)
    for row in reader.rows(select(pause).where(c.ticket_id.in_(ids)).order_by(c.ticket_id, c.starts_at, c.id)):
        found[row.ticket_id] += (Pause(starts=row.starts_at, ends=row.ends_at, state=row.state),)
    return found


def _fired(reader: AnyReader, about: ColumnElement[int], ids: Collection[int]) -> Mapping[int, frozenset[Taken]]:
    c = escalation.c
    found: dict[int, frozenset[Taken]] = defaultdict(frozenset)
    taken = select(about.label("about"), c.step_id, c.clock, c.round).where(about.in_(ids))
    for row in reader.rows(taken.order_by(c.id)):
        found[row.about] |= {(row.step_id or 0, row.clock, row.round)}
    return found
