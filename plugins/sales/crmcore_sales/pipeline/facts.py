"""What guards and automations may ask of an opportunity beside its fields: who is in it, for what, against whom."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from crmcore.api import Fact, PluginReader
from crmcore_sales.pipeline.guidance import pipeline, steps_of
from crmcore_sales.tables import (
    buying_role,
    competitor,
    line,
    opportunity,
    product,
    quote,
    rivalry,
    step,
)

_AT_ONCE = 1_000


def portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield ids in portions that one statement can take."""
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _several(reader: PluginReader, ids: Sequence[int], column: Any, statement: Select[Any]) -> dict[int, list[Any]]:
    """Return by id the values of a statement's second column, each once, in their order; an empty list for none."""
    found: dict[int, list[Any]] = {each: [] for each in ids}
    for some in portions(ids):
        for key, value in map(tuple, reader.rows(statement.where(column.in_(some)))):
            if value not in found[key]:
                found[key].append(value)
    return found


def _roles(reader: PluginReader, ids: Sequence[int]) -> Mapping[int, list[str]]:
    c = buying_role.c
    return _several(reader, ids, c.opportunity_id, select(c.opportunity_id, c.role).order_by(c.id))


def _supporters(reader: PluginReader, ids: Sequence[int]) -> Mapping[int, list[str]]:
    c = buying_role.c
    statement = select(c.opportunity_id, c.role).where(c.support == "for").order_by(c.id)
    return _several(reader, ids, c.opportunity_id, statement)


def _people(reader: PluginReader, ids: Sequence[int]) -> Mapping[int, int]:
    c = buying_role.c
    found = _several(reader, ids, c.opportunity_id, select(c.opportunity_id, c.contact_id))
    return {key: len(people) for key, people in found.items()}


def _products(reader: PluginReader, ids: Sequence[int]) -> Mapping[int, list[str]]:
    c = line.c
    statement = select(c.opportunity_id, func.coalesce(product.c.code, c.text)).order_by(c.id)
    return _several(reader, ids, c.opportunity_id, statement.join_from(line, product, isouter=True))


def _quantity(reader: PluginReader, ids: Sequence[int]) -> Mapping[int, Decimal]:
    c = line.c
    found: dict[int, Decimal] = dict.fromkeys(ids, Decimal(0))
    for some in portions(ids):
        summed = select(c.opportunity_id, func.sum(c.quantity)).where(c.opportunity_id.in_(some))
        found.update(map(tuple, reader.rows(summed.group_by(c.opportunity_id))))
    return found


def _competitors(reader: PluginReader, ids: Sequence[int]) -> Mapping[int, list[str]]:
    c = rivalry.c
    statement = select(c.opportunity_id, competitor.c.name).join_from(rivalry, competitor).order_by(c.id)
    return _several(reader, ids, c.opportunity_id, statement)


def _quotes(reader: PluginReader, ids: Sequence[int]) -> Mapping[int, list[str]]:
    c = quote.c
    return _several(reader, ids, c.opportunity_id, select(c.opportunity_id, c.status).order_by(c.id))


def _days(reader: PluginReader, ids: Sequence[int]) -> Mapping[int, float]:
    c, found = opportunity.c, {}
    for some in portions(ids):
        for row in reader.rows(select(c.id, c.entered_at).where(c.id.in_(some), c.entered_at.is_not(None))):
            found[row.id] = (reader.now - row.entered_at) / timedelta(days=1)
    return found


def _open_steps(reader: PluginReader, ids: Sequence[int]) -> Mapping[int, list[str]]:
    process, found = pipeline(reader.definitions), {}
    for some in portions(ids):
        done: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for row in reader.rows(select(step).where(step.c.opportunity_id.in_(some))):
            done[row.opportunity_id].add((row.stage, row.text))
        stages = reader.rows(select(opportunity.c.id, opportunity.c.stage).where(opportunity.c.id.in_(some)))
        for row in stages:
            wanted = steps_of(process, row.stage)
            found[row.id] = [text for text in wanted if (row.stage, text) not in done[row.id]]
    return found


FACTS = {
    "roles": Fact(of=_roles, sample=["budget"], title="Buying roles of the people in it"),
    "supporters": Fact(of=_supporters, sample=["coach"], title="Buying roles of those who are for us"),
    "people": Fact(of=_people, sample=3, title="How many people are in it"),
    "products": Fact(of=_products, sample=["R-100"], title="Codes of its products"),
    "quantity": Fact(of=_quantity, sample=200, title="How many of all products together"),
    "competitors": Fact(of=_competitors, sample=["X"], title="Names of the competitors met in it"),
    "quotes": Fact(of=_quotes, sample=["open"], title="How its quotes stand"),
    "days": Fact(of=_days, sample=12.5, title="Days in its stage"),
    "open_steps": Fact(of=_open_steps, sample=["Ask"], title="Steps of its stage that are not done"),
}
"""By the name that a condition uses: `"budget" in roles`, `size(open_steps) == 0`, `quantity >= 100`."""
