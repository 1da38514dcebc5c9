"""Competitors, and meeting them in opportunities: entering, editing, removing."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from crmcore.api import InvalidInput, NotFound, Reader, Transaction
from crmcore_sales.i18n import _
from crmcore_sales.model.competitor import Competitor, Rivalry
from crmcore_sales.model.opportunity import Opportunity
from crmcore_sales.pipeline.rivals import meet, won_by
from crmcore_sales.tables import competitor, rivalry

_SHOWN = 10


def competitor_id(reader: Reader, text: str) -> int:
    """Return the id of the competitor that `text` names: its id, its name, or a part of the name that only one has.

    Raises `NotFound` for none, and `InvalidInput` with the candidates for several.
    """
    c, said = competitor.c, text.strip()
    columns = select(c.id, c.name).order_by(c.id).limit(_SHOWN)
    tried = [func.lower(c.name) == said.lower(), c.name.icontains(said, autoescape=True)]
    if said.isascii() and said.isdigit() and len(said) < 19:
        tried.insert(0, c.id == int(said))
    for condition in tried if said else ():
        rows = reader.rows(columns.where(condition))
        if len(rows) == 1:
            return int(rows[0].id)
        if rows:
            listed = ", ".join(f"{row.id} {row.name}" for row in rows)
            raise InvalidInput(
                _("“{text}” may be one of several: {listed}. Give the id.").format(text=text, listed=listed)
            )
    raise NotFound(_("There is no competitor “{text}”.").format(text=text))


def add(tx: Transaction, name: str, fields: Mapping[str, Any]) -> Competitor:
    """Add a competitor; raises `InvalidInput` when one is called so, in any case."""
    name = name.strip()
    known = tx.first(select(competitor.c.id, competitor.c.name).where(func.lower(competitor.c.name) == name.lower()))
    if known is not None:
        raise InvalidInput(_("There is a competitor {name} already (id {id}).").format(name=known.name, id=known.id))
    return tx.add(Competitor(name=name, **fields))


def edit(tx: Transaction, key: int, fields: Mapping[str, Any]) -> Competitor:
    """Change what is known of a competitor; raises `InvalidInput` when nothing is said."""
    if not fields:
        raise InvalidInput(_("Say what to change."))
    record = tx.get(Competitor, key)
    for field, value in fields.items():
        setattr(record, field, value)
    return record


def remove(tx: Transaction, key: int) -> Competitor:
    """Remove a competitor that was met nowhere; raises `InvalidInput` with the number of opportunities otherwise."""
    record = tx.get(Competitor, key)
    met = tx.value(select(func.count()).select_from(rivalry).where(rivalry.c.competitor_id == key))
    if met:
        raise InvalidInput(_("{name} was met in {n} opportunities and stays.").format(name=record.name, n=met))
    tx.remove(record)
    return record


def met(
    tx: Transaction, opportunity_id: int, name: str, *, price: Decimal | None = None, won: bool = False, note: str = ""
) -> Rivalry:
    """Say that a competitor (by id or name, an unknown one is added) was met in an opportunity.

    What is known of it there is completed: `price` is what they ask, in the currency of the opportunity; `won` says
    that they got the order, of which there is one at most. Raises `NotFound` for an opportunity the actor may not see,
    and `InvalidInput` for one that we won.
    """
    deal = tx.get(Opportunity, opportunity_id)
    if name.strip().isdigit():
        name = tx.get(Competitor, competitor_id(tx, name)).name
    mine = meet(tx, deal, name, price)
    if note:
        mine.note = note
    if won:
        if deal.status == "won":
            raise InvalidInput(_("We won {title}; nobody else did.").format(title=deal.title))
        won_by(tx, deal, mine)
    return mine


def part(tx: Transaction, opportunity_id: int, key: int) -> None:
    """Say that a competitor was not met in an opportunity after all; raises `NotFound`."""
    met = tx.load(Rivalry, rivalry.c.opportunity_id == opportunity_id, rivalry.c.competitor_id == key)
    if not met:
        raise NotFound(_("That competitor was not met in opportunity {id}.").format(id=opportunity_id))
    tx.remove(met[0])
