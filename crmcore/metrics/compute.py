"""A figure computed: one SQL statement, in the database, over what the actor may see."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attrs import field, frozen
from sqlalchemy import ColumnElement, Date, Float, Select, and_, cast, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from crmcore.engine.reader import Reader
from crmcore.engine.visibility import SUMS_UP
from crmcore.errors import InvalidInput, PluginError
from crmcore.hooks.metrics import TIMES, Metric
from crmcore.i18n import _
from crmcore.metrics.buckets import bucket, local_day
from crmcore.metrics.catalogue import Known
from crmcore.metrics.dimensions import Dimension, dimensions
from crmcore.metrics.periods import Period, bucket_label


@frozen(kw_only=True)
class Question:
    """What is asked of a figure: the period, the dimensions to group by, and values that others must have.

    `where` has them as they are stored, an id for a party or user; `told` as they were said. `today`, `now` and `zone`
    are the workspace's.
    """

    period: Period
    by: tuple[str, ...] = ()
    where: Mapping[str, Any] = field(factory=dict)
    told: Mapping[str, str] = field(factory=dict)
    today: date
    now: datetime
    zone: ZoneInfo


@frozen(kw_only=True)
class Group:
    """What a figure is for one group: the dimensions' values (and names of ids), the figure, and of how many rows.

    The value is None where there is no data.
    """

    keys: Mapping[str, Any]
    names: Mapping[str, str | None]
    value: Any
    records: int


def compute(reader: Reader, known: Known, question: Question, *, limit: int) -> list[Group]:
    """Return the figure for each group, in the order of time, then the highest value first: one statement.

    Raises `InvalidInput` for what the figure cannot be asked, and `PluginError` that names the plugin when its
    expressions do not work.
    """
    metric = known.metric
    of = dimensions(metric)
    columns: list[Any] = []
    order: list[str] = []
    keys: list[Any] = []
    for place, name in enumerate(question.by):
        one = _by(metric, name, of, question, reader)
        key = one.column.label(f"by_{place}")
        columns.append(key)
        keys.append(key)
        if one.label is not None:
            columns.append(one.label.label(f"name_{place}"))
        if name in TIMES:
            order.append(key.name)
    grouped = (
        select(*columns, metric.value.label("value"), func.count().label("records"))
        .select_from(metric.source)
        .where(*conditions(metric, question))
        .group_by(*keys)
        .execution_options(**{SUMS_UP: True} if keys else {})
        .subquery("grouped")  # else PostgreSQL computes a figure that looks something up twice, to order by it
    )
    c = grouped.c
    statement = (
        select(grouped)
        .order_by(
            *(c[name] for name in order),
            cast(c.value, Float).desc().nulls_last(),
            *(c[key.name].nulls_last() for key in keys),
        )
        .limit(limit)
    )
    return [_group(row, question.by) for row in asked(reader, known, statement, question)]


def asked(reader: Reader, known: Known, statement: Select[Any], question: Question) -> Sequence[Any]:
    """Return a statement's rows; raises `PluginError` that names the plugin when the database refuses it."""
    try:
        return reader.rows(statement.params(today=question.today, now=question.now))
    except (SQLAlchemyError, ArithmeticError, ValueError, TypeError) as error:
        why = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise PluginError(
            _("Plugin {plugin}: the figure {name} cannot be computed: {why}").format(
                plugin=known.plugin, name=known.metric.name, why=why
            )
        ) from error


def conditions(metric: Metric, question: Question) -> list[ColumnElement[bool]]:
    """Return what rows must meet to count: the figure's own conditions, the values asked for, the period."""
    of = dimensions(metric)
    found: list[ColumnElement[bool]] = list(metric.conditions)
    for name, value in question.where.items():
        column = of[name].column
        found.append(column.is_(None) if value is None else column == value)
    return [*found, *_within(metric, question.period, question.zone)]


def _within(metric: Metric, period: Period, zone: ZoneInfo) -> Iterable[ColumnElement[bool]]:
    if period.start is None and period.end is None:
        return []
    if metric.at is None:
        raise InvalidInput(_("The figure {metric} is of the present; it has no periods.").format(metric=metric.name))
    if isinstance(metric.at.type, Date):
        return _between(metric.at, period.start, period.end)
    instants = and_(*_between(metric.at, *period.instants(zone)))
    if metric.day is None:
        return [instants]
    days = and_(*_between(metric.day, period.start, period.end))
    return [or_(metric.day.is_(None) & instants, days)]


def _between(column: Any, start: Any, end: Any) -> list[ColumnElement[bool]]:
    return [*([column >= start] if start is not None else []), *([column < end] if end is not None else [])]


def _by(metric: Metric, name: str, of: Mapping[str, Dimension], question: Question, reader: Reader) -> Dimension:
    if name not in TIMES:
        return of[name]
    dialect = reader.connection.dialect.name
    if isinstance(metric.at.type, Date):
        day = metric.at
    else:
        day = local_day(metric.at, question.zone, dialect, *question.period.instants(question.zone))
        if metric.day is not None:
            day = func.coalesce(metric.day, day, type_=Date)
    return Dimension(name=name, column=bucket(name, day, dialect))


def _group(row: Any, by: Sequence[str]) -> Group:
    found = row._mapping
    keys: dict[str, Any] = {}
    for place, name in enumerate(by):
        key = found[f"by_{place}"]
        keys[name] = bucket_label(name, key) if name in TIMES and key is not None else key
    return Group(
        keys=keys,
        names={name: found[f"name_{place}"] for place, name in enumerate(by) if f"name_{place}" in found},
        value=row.value,
        records=row.records,
    )
