"""How the clocks of tickets and work orders stand, reckoned from what happened to them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Row, select

from crmcore.api import Calendar, PluginReader, Reader, tables
from crmcore_service.levels.promised import CUSTOMER, Promised, calendar_of, default_level, promised
from crmcore_service.levels.reckoning import Pause
from crmcore_service.levels.running import RESOLVED, Running, of_order, of_ticket
from crmcore_service.tables import contract, escalation, pause, queue, ticket, work_order

AnyReader = Reader | PluginReader


@frozen(kw_only=True)
class Standing:
    """A ticket, or a work order, as its row, with its level and clocks."""

    row: Row[Any]
    level: Promised | None
    calendar: Calendar | None
    named: str = ""
    pauses: tuple[Pause, ...] = ()
    clocks: tuple[Running, ...] = ()

    @property
    def next_step(self) -> datetime | None:
        """When the next step is due, None where none is in sight."""
        return min((at for one in self.clocks for _step, at in one.steps), default=None)


def of_tickets(reader: AnyReader, *conditions: ColumnElement[bool]) -> list[Standing]:
    """Return how the clocks of tickets stand: nine statements at most, however many there are."""
    of_queue = select(queue.c.level_id).where(queue.c.id == ticket.c.queue_id).scalar_subquery()
    rows = reader.rows(select(ticket, of_queue.label("queue_level_id")).where(*conditions).order_by(ticket.c.id))
    levels = promised(reader) if rows else {}
    if not levels:
        return [Standing(row=row, level=None, calendar=None) for row in rows]
    ids = [row.id for row in rows]
    otherwise = _otherwise(reader, rows, ("level_id", "queue_level_id"))
    zones = _zones(reader, rows, levels.values())
    pauses, fired = _pauses(reader, ids), _fired(reader, escalation.c.ticket_id, ids)
    calendars: dict[str, Calendar] = {}
    found = []
    for row in rows:
        level = levels.get(row.level_id or row.queue_level_id or otherwise or 0)
        if level is None:
            found.append(Standing(row=row, level=None, calendar=None, pauses=pauses[row.id]))
            continue
        named = _named(level, zones.get(row.id, ""))
        calendar = calendars.get(named) or calendars.setdefault(named, calendar_of(reader, named))
        still = tuple(one for one in pauses[row.id] if one.state in level.pauses or one.state == RESOLVED)
        clocks = tuple(of_ticket(row, level, calendar, still, fired[row.id], reader.now))
        found.append(
            Standing(row=row, level=level, calendar=calendar, named=named, pauses=pauses[row.id], clocks=clocks)
        )
    return found


def of_orders(reader: AnyReader, *conditions: ColumnElement[bool]) -> list[Standing]:
    """Return how the clocks of work orders stand: six statements at most."""
    o = work_order.c
    its_ticket = [
        select(ticket.c[name]).where(ticket.c.id == o.ticket_id).scalar_subquery().label(name)
        for name in ("level_id", "priority")
    ]
    of_contract = select(contract.c.level_id).where(contract.c.id == o.contract_id).scalar_subquery()
    statement = select(work_order, *its_ticket, of_contract.label("contract_level_id"))
    rows = reader.rows(statement.where(*conditions).order_by(o.id))
    levels = promised(reader) if rows else {}
    otherwise = _otherwise(reader, rows, ("level_id", "contract_level_id")) if levels else None
    fired = _fired(reader, escalation.c.work_order_id, [row.id for row in rows]) if levels else {}
    zones = _zones(reader, rows, levels.values())
    found = []
    for row in rows:
        level = levels.get(row.level_id or row.contract_level_id or otherwise or 0)
        if level is None:
            found.append(Standing(row=row, level=None, calendar=None))
            continue
        named = _named(level, zones.get(row.id, ""))
        calendar = calendar_of(reader, named)
        clock = of_order(row, level, calendar, fired[row.id], reader.now)
        found.append(Standing(row=row, level=level, calendar=calendar, named=named, clocks=(clock,)))
    return found


def _named(level: Promised, zone: str) -> str:
    if not level.calendar.endswith(CUSTOMER):
        return level.calendar
    name = level.calendar.removesuffix(CUSTOMER)
    return f"{name}@{zone}" if zone else name


def _otherwise(reader: AnyReader, rows: Sequence[Row[Any]], names: tuple[str, ...]) -> int | None:
    if all(any(getattr(row, name) for name in names) for row in rows):
        return None
    return default_level(reader)


def _zones(reader: AnyReader, rows: Sequence[Row[Any]], levels: Collection[Promised]) -> dict[int, str]:
    """Return where each customer is, or else the contact, where a level asks: two statements."""
    if not any(one.calendar.endswith(CUSTOMER) for one in levels):
        return {}
    known: dict[tuple[str, int], str] = {}
    for name, table in (("customer_id", tables.customer), ("contact_id", tables.contact)):
        ids = {getattr(row, name) for row in rows}
        known |= {
            (name, each.id): each.zone
            for each in reader.rows(select(table.c.id, table.c.zone).where(table.c.id.in_(ids)))
        }
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


def _fired(
    reader: AnyReader, about: ColumnElement[int], ids: Collection[int]
) -> Mapping[int, frozenset[tuple[int, int]]]:
    c = escalation.c
    found: dict[int, frozenset[tuple[int, int]]] = defaultdict(frozenset)
    taken = select(about.label("about"), c.step_id, c.round).where(about.in_(ids), c.step_id.is_not(None))
    for row in reader.rows(taken.order_by(c.id)):
        found[row.about] |= {(row.step_id, row.round)}
    return found
