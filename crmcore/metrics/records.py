"""From a figure to the records it is made of."""

from typing import Any

from attrs import frozen
from sqlalchemy import Table, select

from crmcore.engine.reader import Reader
from crmcore.errors import InvalidInput
from crmcore.hooks.metrics import Metric
from crmcore.i18n import _
from crmcore.metrics.catalogue import Known
from crmcore.metrics.compute import Question, asked, conditions
from crmcore.metrics.dimensions import dimensions


@frozen(kw_only=True)
class Record:
    """A record that a figure counts: what it is, when it counts, what is shown of it, and its dimensions."""

    entity: str
    id: int
    at: Any
    text: str
    dimensions: dict[str, Any]


def records(reader: Reader, known: Known, question: Question, *, limit: int, after: int | None = None) -> list[Record]:
    """Return the records a figure is made of, in the order of their ids, from the one after `after`: one statement.

    Raises `InvalidInput` for a figure that does not say which records it counts.
    """
    metric = known.metric
    key, entity = _key(metric)
    columns = [key.label("record"), *([metric.at.label("at_")] if metric.at is not None else [])]
    if metric.text is not None:
        columns.append(metric.text.label("text_"))
    of = dimensions(metric)
    for place, one in enumerate(of.values()):
        columns.append((one.column if one.label is None else one.label).label(f"by_{place}"))
    statement = select(*columns).select_from(metric.source).where(*conditions(metric, question))
    if after is not None:
        statement = statement.where(key > after)
    rows = asked(reader, known, statement.order_by(key).limit(limit), question)
    return [_record(row, entity, list(of)) for row in rows]


def _key(metric: Metric) -> tuple[Any, str]:
    if metric.record is not None:
        return metric.record, metric.entity
    if isinstance(metric.source, Table) and "id" in metric.source.c:
        return metric.source.c.id, metric.entity or metric.source.name
    raise InvalidInput(_("The figure {metric} does not say which records it counts.").format(metric=metric.name))


def _record(row: Any, entity: str, names: list[str]) -> Record:
    found = row._mapping
    return Record(
        entity=entity,
        id=row.record,
        at=found.get("at_"),
        text=str(found.get("text_") or ""),
        dimensions={name: found[f"by_{place}"] for place, name in enumerate(names)},
    )
