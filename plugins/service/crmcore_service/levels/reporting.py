"""How often we kept what we promise in a month, by clock, priority and queue; each figure opens its tickets."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, func, select

from crmcore.api import InvalidInput, Reader, here, logins, names
from crmcore.reports.report import Column, Report, percent
from crmcore_service.i18n import _
from crmcore_service.levels.figures import KEPT, Kept
from crmcore_service.levels.promised import VISIT
from crmcore_service.tables import queue, ticket, work_order


@frozen(kw_only=True)
class Asked:
    """Which clocks a report counts: of what was opened in a month (`YYYY-MM`), of a clock, priority or queue."""

    month: str
    clock: str = ""
    priority: str = ""
    queue_id: int | None = None


@frozen(kw_only=True)
class Figure:
    """How many clocks were decided and met; `share` in per cent. An empty priority or queue stands for all."""

    clock: str
    priority: str
    queue: str
    decided: int
    met: int
    missed: int
    share: float | None


@frozen(kw_only=True)
class Record:
    """A ticket or work order behind a figure: by when it should have ended, and when it did."""

    id: int
    number: str
    subject: str
    priority: str
    owner: str
    opened_at: datetime
    due: datetime
    ended_at: datetime | None
    met: bool


def month_said(reader: Reader, text: str) -> tuple[datetime, datetime]:
    """Return the instants at which a month (`2026-10`) begins and ends here; raises `InvalidInput`."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise InvalidInput(_("“{text}” is no month; write 2026-10.").format(text=text)) from None
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    begin, end = (datetime.combine(day, time(), here(reader).zone) for day in (first, after))
    return begin, end


def figures(reader: Reader, asked: Asked) -> list[Figure]:
    """Return the figures of a month: of each clock over all, by priority, and by queue. A statement for each clock."""
    counted: dict[tuple[str, str, int], list[int]] = {}
    for name, one in KEPT.items():
        if asked.clock not in ("", name):
            continue
        priority, line, conditions = _about(reader, one, asked)
        statement = select(
            priority.label("priority"), line.label("queue_id"), func.count().label("n"),
            func.count().filter(one.met).label("met"),
        )  # fmt: skip
        for row in _rows(reader, statement.select_from(_source(one)).where(*conditions).group_by(priority, line)):
            counted[name, row.priority or "", row.queue_id or 0] = [row.n, row.met]
    known = names(reader, queue, {key[2] for key in counted if key[2]})
    return [
        _figure(clock, priority, known.get(line, "") if line else "", n, met)
        for (clock, priority, line), (n, met) in _summed(counted).items()
    ]


def _summed(counted: Mapping[tuple[str, str, int], Sequence[int]]) -> dict[tuple[str, str, int], list[int]]:
    """Return counts over all, by priority and by queue, clock by clock in their order."""
    found: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for part in (("", 0), ("priority", 0), ("", 1)):
        for (clock, priority, line), (n, met) in sorted(counted.items()):
            key = (clock, priority if part[0] else "", line if part[1] else 0)
            if (part[0] and not priority) or (part[1] and not line):
                continue
            found[key][0] += n
            found[key][1] += met
    order = list(KEPT)
    return dict(sorted(found.items(), key=lambda each: order.index(each[0][0])))


def _figure(clock: str, priority: str, line: str, n: int, met: int) -> Figure:
    share = round(100 * met / n, 1) if n else None
    return Figure(clock=clock, priority=priority, queue=line, decided=n, met=met, missed=n - met, share=share)


def records(reader: Reader, asked: Asked, *, met: bool, limit: int, after: int | None = None) -> list[Record]:
    """Return what a figure of a clock is made of, in the order of the ids: those met, or those missed."""
    if not asked.clock:
        raise InvalidInput(_("Say of which clock, such as --clock response."))
    one = KEPT[asked.clock]
    priority, _line, conditions = _about(reader, one, asked)
    table = work_order if one.clock == VISIT else ticket
    owner = table.c.technician_id if one.clock == VISIT else table.c.owner_id
    statement = (
        select(
            table.c.id, table.c.subject, priority.label("priority"), owner.label("owner_id"), table.c.opened_at,
            one.due.label("due"), one.end.label("ended_at"),
        )
        .select_from(_source(one))
        .where(*conditions, one.met if met else ~one.met, table.c.id > (after or 0))
        .order_by(table.c.id)
        .limit(limit)
    )  # fmt: skip
    rows = _rows(reader, statement)
    users = logins(reader, [row.owner_id for row in rows])
    mark = "W" if one.clock == VISIT else "T"
    return [
        Record(
            id=row.id, number=f"{mark}{row.id}", subject=row.subject, priority=row.priority or "",
            owner=users.get(row.owner_id or 0, ""), opened_at=row.opened_at, due=row.due,
            ended_at=row.ended_at, met=met,
        )
        for row in rows
    ]  # fmt: skip


def _source(one: Kept) -> Any:
    return work_order.outerjoin(ticket, ticket.c.id == work_order.c.ticket_id) if one.clock == VISIT else ticket


def _about(
    reader: Reader, one: Kept, asked: Asked
) -> tuple[ColumnElement[Any], ColumnElement[Any], list[ColumnElement[bool]]]:
    begin, end = month_said(reader, asked.month)
    conditions = [one.opened >= begin, one.opened < end, one.decided]
    if asked.priority:
        conditions.append(ticket.c.priority == asked.priority)
    if asked.queue_id:
        conditions.append(ticket.c.queue_id == asked.queue_id)
    return ticket.c.priority, ticket.c.queue_id, conditions


def _rows(reader: Reader, statement: Any) -> Sequence[Any]:
    return reader.rows(statement.params(now=reader.now))


def report(found: Sequence[Figure], asked: Asked) -> Report:
    """Return the figures as a table and a plot."""
    return Report(
        title=_("What we promised and kept, {month}").format(month=asked.month),
        columns=(
            Column(_("clock")), Column(_("priority")), Column(_("queue")), Column(_("counted"), number=True),
            Column(_("kept"), number=True), Column(_("missed"), number=True), Column(_("share"), number=True),
        ),
        rows=[
            (
                _(one.clock), one.priority, one.queue, one.decided, one.met, one.missed,
                "" if one.share is None else percent(one.share / 100, 1),
            )
            for one in found
        ],
        bars=[
            (" ".join(filter(None, (_(one.clock), one.priority, one.queue))), Decimal(str(one.share)))
            for one in found
            if one.share is not None
        ],
        notes=(
            _("Of tickets opened in the month: those that came to their end, or are overdue."),
            _("--clock CLOCK --show met or missed lists the tickets behind a figure."),
        ),
        data=found,
    )  # fmt: skip
