"""Guided conversion: notes that carry a tag become items of a process, each once (row S0-18)."""

from collections.abc import Mapping
from typing import Any

from crmcore.engine.transaction import Transaction
from crmcore.model.party import ExternalId
from crmcore.model.process_item import ProcessItem
from crmcore.workflow.moving import start
from crmcore.workflow.tagged import Tagged


def convert(
    tx: Transaction, process: str, found: Tagged, values: Mapping[str, Any] | None = None, *, title: str = ""
) -> ProcessItem:
    """Begin an item of a process from a tagged text: its party, owner, title and moment come from there.

    `values` are given to every item alike; `title` is what a person says instead. What it
    came from is kept with the item, so that the text is not converted again. Raises as `start` does.
    """
    taken = {"customer_id", "contact_id", "owner_id", *(values or ()), *(() if title else ("title",))}
    item = start(
        tx,
        process,
        title=title or found.title,
        customer_id=found.customer_id,
        contact_id=found.contact_id,
        owner_id=found.owner_id,
        interaction_id=found.id if found.entity == "interaction" else None,
        entered_at=found.at,
        values=values,
        filled=taken,
    )
    if found.entity != "interaction":
        tx.add(ExternalId(kind="process_item", record_id=item.id, scheme=found.entity, value=str(found.id)))
    return item
