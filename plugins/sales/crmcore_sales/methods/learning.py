"""Keeping what was learned about opportunities, and listing it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import Interaction, Reader, Transaction, here, names, tables
from crmcore_sales.model.evidence import Evidence
from crmcore_sales.model.opportunity import Opportunity
from crmcore_sales.tables import evidence


@frozen(kw_only=True)
class EvidenceView:
    """A piece of evidence as listed."""

    id: int
    opportunity_id: int
    kind: str
    text: str
    contact_id: int | None
    contact: str
    said_on: date | None
    interaction_id: int | None
    version: int


def add(
    tx: Transaction,
    opportunity_id: int,
    kind: str,
    text: str,
    *,
    contact_id: int | None = None,
    said_on: date | None = None,
    interaction_id: int | None = None,
) -> Evidence:
    """Keep something learned about an opportunity; who said it and when come from the interaction if not given.

    Without any of them it was today. Raises `NotFound` for an opportunity or interaction the actor may not see.
    """
    tx.get(Opportunity, opportunity_id)
    if interaction_id is not None:
        source = tx.get(Interaction, interaction_id)
        contact_id = contact_id or source.contact_id
        said_on = said_on or source.day or (source.at.astimezone(here(tx).zone).date() if source.at else None)
    return tx.add(
        Evidence(
            opportunity_id=opportunity_id,
            kind=kind,
            text=text.strip(),
            contact_id=contact_id,
            interaction_id=interaction_id,
            said_on=said_on or here(tx).today,
        )
    )


def edit(tx: Transaction, evidence_id: int, wanted: Mapping[str, Any]) -> Evidence:
    """Change what is wanted of a piece of evidence."""
    found = tx.get(Evidence, evidence_id)
    for name, value in wanted.items():
        setattr(found, name, value)
    return found


def page(
    reader: Reader, *, opportunity_id: int | None = None, kind: str = "", limit: int, after: int | None = None
) -> list[EvidenceView]:
    """Return evidence in the order in which it was kept, of one opportunity or of all."""
    c = evidence.c
    statement = select(evidence).order_by(c.id).limit(limit)
    if opportunity_id is not None:
        statement = statement.where(c.opportunity_id == opportunity_id)
    if kind:
        statement = statement.where(c.kind == kind)
    if after is not None:
        statement = statement.where(c.id > after)
    rows = reader.rows(statement)
    people = names(reader, tables.contact, [row.contact_id for row in rows])
    return [
        EvidenceView(
            id=row.id,
            opportunity_id=row.opportunity_id,
            kind=row.kind,
            text=row.text,
            contact_id=row.contact_id,
            contact=people.get(row.contact_id, ""),
            said_on=row.said_on,
            interaction_id=row.interaction_id,
            version=row.version,
        )
        for row in rows
    ]
