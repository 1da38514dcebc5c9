"""Guided conversion: notes, interactions and tasks that carry a tag become opportunities, each once (row S0-18)."""

from collections.abc import Collection, Iterator, Sequence

from crmcore.api import ExternalId, Reader, Tagged, Transaction, made_into, tagged, texts_of
from crmcore_sales.model.opportunity import Opportunity
from crmcore_sales.pipeline.editing import Beginning, begin
from crmcore_sales.tables import opportunity

TAGS = ("opportunity", "商机", "机会")
"""The tags that mean an opportunity, where none are said."""


def found(reader: Reader, tags: Collection[str]) -> Iterator[Tagged]:
    """Yield the texts that carry one of the tags, with the opportunity that was made of each already."""
    yield from tagged(reader, made_into(opportunity), tags)


def of_interactions(reader: Reader, ids: Sequence[int]) -> list[Tagged]:
    """Return interactions, tagged or not, as what an opportunity can be made of; raises `NotFound` for one hidden."""
    return texts_of(reader, made_into(opportunity), ids)


def make(tx: Transaction, one: Tagged, title: str = "") -> Opportunity:
    """Begin an opportunity from a text: its party, owner, title and moment come from there; nothing is typed.

    What it came from is kept with it, so that the text is not converted again.
    """
    taken = {"customer_id", "contact_id", "owner_id", "lead_source", *(() if title else ("title",))}
    record = begin(
        tx,
        Beginning(
            title=title or one.title,
            customer_id=one.customer_id,
            contact_id=one.contact_id,
            owner_id=one.owner_id,
            fields={
                "interaction_id": one.id if one.entity == "interaction" else None,
                "entered_at": one.at,
                "lead_source": "note",
            },
            filled=taken,
        ),
    )
    if one.entity != "interaction":
        tx.add(ExternalId(kind=opportunity.name, record_id=record.id, scheme=one.entity, value=str(one.id)))
    return record
