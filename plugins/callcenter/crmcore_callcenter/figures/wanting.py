"""What is wanting in what is kept of calls: whose number it was, what came of it, who an agent is."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select

from crmcore.api import NOW, PluginReader, Quality, Trouble
from crmcore_callcenter.figures.instants import days_after
from crmcore_callcenter.figures.measures import ENDED, INBOUND, INTERNAL
from crmcore_callcenter.i18n import _
from crmcore_callcenter.tables import agent, call, wrap_code

DAYS, HOURS = 30, 6
"""Of how many days the calls are looked at, and for how many hours a call may go on."""
_SHOWN = 20
_c, _a = call.c, agent.c


def quality(reader: PluginReader) -> Iterator[Quality]:
    """Yield how many calls of 30 days are nobody's or not wrapped up, and agents without a user: six statements."""
    number = case((INBOUND, _c.from_normal), else_=_c.to_normal)
    lately = and_(_c.started_at >= days_after(NOW, literal(-DAYS)), ~INTERNAL)
    summed_up = select(wrap_code.c.id).where(wrap_code.c.active).exists()
    talked = and_(lately, _c.answered, _c.status == ENDED, summed_up)
    outside = number.startswith("+")  # neither withheld, nor of somebody who was erased
    yield from _told(reader, _("Calls with somebody unknown"), _("nobody's number"), call, and_(lately, outside),
                     and_(_c.contact_id.is_(None), _c.customer_id.is_(None)))  # fmt: skip
    yield from _told(reader, _("Calls not wrapped up"), _("no wrap-up code"), call, talked, _c.wrap_code_id.is_(None))
    yield from _told(reader, _("Agents who are no users"), _("no user"), agent, _a.active, _a.user_id.is_(None))


def _told(reader: PluginReader, title: str, wrong: str, table: Any, all_of_them: Any, is_bad: Any) -> Iterator[Quality]:
    counts: list[ColumnElement[Any]] = [func.count().label("n"), func.count().filter(is_bad).label("bad")]
    sums = reader.first(select(*counts).select_from(table).where(all_of_them).params(now=reader.now))
    first = select(table.c.id).where(all_of_them, is_bad).order_by(table.c.id.desc()).limit(_SHOWN)
    rows = reader.rows(first.params(now=reader.now))
    if sums is not None and sums.n:
        fixes = tuple((table.name, row.id, wrong) for row in rows)
        yield Quality(title=title, total=sums.n, bad=sums.bad, fixes=fixes)


def troubles(reader: PluginReader) -> Iterator[Trouble]:
    """Yield the calls that have been going on for hours, of which the end was mostly not heard: one statement."""
    since = reader.now - timedelta(hours=HOURS)
    columns: list[ColumnElement[Any]] = [func.count().label("n"), func.min(_c.started_at).label("since")]
    going_on = (_c.ended_at.is_(None), _c.status != ENDED, _c.started_at < since)
    row = reader.first(select(*columns).where(*going_on))
    if row is not None and row.n:
        said = _("{n} calls have been going on for more than {hours} hours: their end was not heard").format(
            n=row.n, hours=HOURS
        )
        yield Trouble(what="calls", message=said, since=row.since)
