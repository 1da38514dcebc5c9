"""The data-entry meter: how many fields people type for a record, how long that takes them, how much is filled in.

Computed in the database from what the journal tells of every step (row S2-02). Where the time of an entry was measured
it counts as measured; else each typed field counts the seconds that the setting `entry.seconds` says.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen
from sqlalchemy import ColumnElement, Float, Integer, Select, case, cast, distinct, func, literal, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import journal
from crmcore.engine.workspace import settings
from crmcore.workflow.effort import seconds_per_field

_STEPS = ("process.moved", "process.edited")


@frozen(kw_only=True)
class Figure:
    """Figures of all records, of those in a stage of a process, or of a rep.

    `items` counts records that were entered or moved, `typed` and `filled` the fields that got a value by hand and by
    themselves, `seconds` what typing took, `days` the days on which somebody typed (for all: of each rep).
    """

    process: str = ""
    state: str = ""
    rep: str = ""
    items: int
    typed: int
    filled: int
    seconds: float
    days: int = 0

    @property
    def per_item(self) -> float:
        """Manual fields per record."""
        return self.typed / self.items if self.items else 0.0

    @property
    def automatic(self) -> float:
        """The share of fields, 0 to 1, that nobody typed."""
        entered = self.typed + self.filled
        return self.filled / entered if entered else 0.0

    @property
    def minutes_per_day(self) -> float:
        """Minutes of typing for each day on which somebody did."""
        return self.seconds / 60 / self.days if self.days else 0.0


@frozen(kw_only=True)
class Meter:
    """The data-entry meter of a period, both days included: all in one figure, by stage and by rep."""

    since: date
    until: date
    seconds_per_field: float
    measured: float
    total: Figure
    stages: tuple[Figure, ...]
    reps: tuple[Figure, ...]


def meter(reader: Reader, *, since: date, until: date, process: str = "") -> Meter:
    """Measure a period, of one process or of all: three statements, however many records."""
    known = settings(reader.connection)
    zone, each = ZoneInfo(str(known.get("zone") or "UTC")), seconds_per_field(known)
    steps = _Steps(reader, zone, since, until, process, each)
    of_all = steps.rows()
    reps = [_figure(row, rep=row.actor) for row in steps.rows(journal.c.actor.label("actor"), people=True)]
    stages = [
        _figure(row, process=row.process, state=row.state)
        for row in steps.rows(_text("process").label("process"), _state().label("state"))
    ]
    total = of_all[0]
    days = sum(one.days for one in reps)
    return Meter(
        since=since,
        until=until,
        seconds_per_field=each,
        measured=float(total.measured or 0),
        total=Figure(
            items=total.items, typed=total.typed or 0, filled=total.filled or 0, seconds=total.seconds or 0.0, days=days
        ),
        stages=tuple(sorted(stages, key=lambda one: (one.process, -one.items, one.state))),
        reps=tuple(sorted(reps, key=lambda one: -one.seconds)),
    )


def _figure(row: Any, **said: str) -> Figure:
    return Figure(
        items=row.items, typed=row.typed or 0, filled=row.filled or 0, seconds=row.seconds or 0.0, days=row.days, **said
    )


def _text(name: str) -> ColumnElement[str]:
    found: ColumnElement[str] = journal.c.data[name].as_string()
    return found


def _state() -> ColumnElement[str]:
    """Return the state that a step led to, or in which the record was edited."""
    return func.coalesce(_text("to"), _text("state"))


class _Steps:
    """The journal's steps of a period, summed up in the database."""

    def __init__(
        self, reader: Reader, zone: ZoneInfo, since: date, until: date, process: str, seconds_each: float
    ) -> None:
        self._reader = reader
        self._postgresql = reader.connection.dialect.name == "postgresql"
        self._zone = zone
        self._from = datetime.combine(since, time(), zone)
        self._to = datetime.combine(until + timedelta(days=1), time(), zone)
        self._process = process
        self._each = seconds_each

    def rows(self, *by: ColumnElement[str], people: bool = False) -> Sequence[Any]:
        """Return the sums by some columns; `people` leaves out what nobody typed anything for."""
        return self._reader.rows(self._statement(by, people=people))

    def _statement(self, by: tuple[Any, ...], *, people: bool) -> Select[Any]:
        c = journal.c
        typed, filled = self._count("typed"), self._count("filled")
        measured = cast(c.data["seconds"].as_string(), Float)
        took = func.coalesce(measured, cast(typed, Float) * self._each)
        typing = case((typed > 0, self._day()), else_=None)
        statement: Select[Any] = select(
            *by,
            func.count(distinct(c.subject_id)).label("items"),
            func.sum(typed).label("typed"),
            func.sum(filled).label("filled"),
            func.sum(took).label("seconds"),
            func.sum(measured).label("measured"),
            func.count(distinct(typing)).label("days"),
        ).where(c.type.in_(_STEPS), c.at >= self._from, c.at < self._to)
        if self._process:
            statement = statement.where(_text("process") == self._process)
        if by:
            statement = statement.group_by(*by)
        return statement.having(func.sum(typed) > 0) if people else statement

    def _count(self, name: str) -> ColumnElement[int]:
        data = journal.c.data
        length = func.jsonb_array_length(data[name]) if self._postgresql else func.json_array_length(data, f"$.{name}")
        return func.coalesce(cast(length, Integer), 0)

    def _day(self) -> ColumnElement[str]:
        """Return the day of a step in the workspace's zone; on SQLite by the zone's offset at the period's end."""
        if self._postgresql:
            return func.to_char(func.timezone(literal(self._zone.key), journal.c.at), "YYYY-MM-DD")
        offset = self._to.utcoffset() or timedelta()
        return func.date(journal.c.at, f"{int(offset.total_seconds())} seconds")
