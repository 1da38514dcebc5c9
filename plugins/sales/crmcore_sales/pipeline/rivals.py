"""Competitors as they are met in an opportunity."""

from decimal import Decimal

from sqlalchemy import func

from crmcore.api import Transaction
from crmcore_sales.model.competitor import Competitor, Rivalry
from crmcore_sales.model.opportunity import Opportunity
from crmcore_sales.tables import competitor, rivalry


def competitor_called(tx: Transaction, name: str) -> Competitor:
    """Return the competitor of that name, in any case; one that is not known yet is added."""
    found = tx.load(Competitor, func.lower(competitor.c.name) == name.strip().lower())
    return found[0] if found else tx.add(Competitor(name=name.strip()))


def meet(tx: Transaction, record: Opportunity, name: str, price: Decimal | None = None) -> Rivalry:
    """Note that a competitor is in an opportunity, once, and what they ask for it in its currency."""
    other = competitor_called(tx, name)
    found = tx.load(Rivalry, rivalry.c.opportunity_id == record.id, rivalry.c.competitor_id == other.id)
    if not found:
        made = tx.add(Rivalry(opportunity_id=record.id, competitor_id=other.id, price=price, seen_at=tx.now))
        tx.filled["sales_rivalry", made.id].update({"won", "seen_at"})
        return made
    if price is not None:
        found[0].price = price
    return found[0]


def won_by(tx: Transaction, record: Opportunity, winner: Rivalry | None) -> None:
    """Note which competitor won an opportunity; None: none did."""
    for one in tx.load(Rivalry, rivalry.c.opportunity_id == record.id):
        one.won = winner is not None and one.id == winner.id
        tx.filled["sales_rivalry", one.id].add("won")
    if winner is not None:
        winner.won = True
