"""Opportunities with their neutral evidence, as methods see them: a few statements for any number of them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from crmcore.api import PluginReader, Reader, names, tables
from crmcore_sales.methods.spec import Deal, Person, Said
from crmcore_sales.tables import buying_role as role
from crmcore_sales.tables import competitor, evidence, opportunity, rivalry

_TOGETHER = 500
"""How many deals are read by the same few statements."""

_MOST = 200_000
"""How many people, pieces of evidence or competitors are read for so many deals."""


def open_deals(*, limit: int, after: int | None = None, owner_id: int | None = None) -> Select[Any]:
    """Return the statement of the ids of open opportunities, in their order."""
    c = opportunity.c
    statement = select(c.id).where(c.status == "open").order_by(c.id).limit(limit)
    if after is not None:
        statement = statement.where(c.id > after)
    return statement if owner_id is None else statement.where(c.owner_id == owner_id)


def deals(reader: Reader | PluginReader, ids: Sequence[int]) -> tuple[Deal, ...]:
    """Return these opportunities with their evidence, in the order of `ids`; what the actor may not see is left out.

    Six statements for each five hundred.
    """
    portions = (ids[start : start + _TOGETHER] for start in range(0, len(ids), _TOGETHER))
    return tuple(deal for some in portions for deal in _deals(reader, some))


def _deals(reader: Reader | PluginReader, ids: Sequence[int]) -> tuple[Deal, ...]:
    c = opportunity.c
    told = select(c.id, c.title, c.customer_id, c.stage, c.status, c.amount, c.currency, c.need_by)
    rows = {row.id: row for row in reader.rows(told.where(c.id.in_(ids)))}
    people, said, rivals = (_parts(reader, statement, list(rows)) for statement in _PARTS)
    contacts = {row.contact_id for parts in (people, said) for each in parts.values() for row in each}
    named = names(reader, tables.contact, contacts)
    customers = names(reader, tables.customer, [row.customer_id for row in rows.values()])
    return tuple(
        Deal(
            id=row.id,
            title=row.title,
            customer=customers.get(row.customer_id, ""),
            stage=row.stage,
            status=row.status,
            amount=row.amount,
            currency=row.currency,
            need_by=row.need_by,
            people=tuple(
                Person(contact_id=one.contact_id, name=named[one.contact_id], role=one.role, support=one.support)
                for one in people[row.id]
                if one.contact_id in named
            ),
            evidence=(
                *(
                    Said(
                        kind=one.kind,
                        text=one.text,
                        contact_id=one.contact_id,
                        name=named.get(one.contact_id, ""),
                        on=one.said_on,
                    )
                    for one in said[row.id]
                ),
                *(Said(kind="competitor", text=one.name) for one in rivals[row.id]),
            ),
        )
        for row in (rows[each] for each in ids if each in rows)
    )


_PARTS = (
    select(role.c.opportunity_id, role.c.contact_id, role.c.role, role.c.support).order_by(role.c.id),
    select(
        evidence.c.opportunity_id, evidence.c.kind, evidence.c.text, evidence.c.contact_id, evidence.c.said_on
    ).order_by(evidence.c.id),
    select(rivalry.c.opportunity_id, competitor.c.name)
    .join_from(rivalry, competitor, competitor.c.id == rivalry.c.competitor_id)
    .order_by(rivalry.c.id),
)  # fmt: skip


def _parts(reader: Reader | PluginReader, statement: Select[Any], ids: Sequence[int]) -> dict[int, list[Any]]:
    of = statement.selected_columns.opportunity_id
    found: dict[int, list[Any]] = defaultdict(list)
    for row in reader.rows(statement.where(of.in_(ids)).limit(_MOST)):
        found[row.opportunity_id].append(row)
    return found
