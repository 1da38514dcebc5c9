"""Telling the owner and the manager when a competitor enters an account of the first tier (row S3-05)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from crmcore.api import Event, NotifyTransaction, Task, here, tables
from crmcore_sales.i18n import _
from crmcore_sales.tables import account, competitor, opportunity, rivalry, tier

HEARS = (f"{opportunity.name}.created", f"{rivalry.name}.created")
"""A competitor comes with a new opportunity, or into one that is there."""
FIRST_TIERS = ("key", "A")
"""What the first tier is called, where the workspace has not defined its tiers."""
_MOST = 100


def entered(event: Event, tx: NotifyTransaction) -> None:
    """Give the owner of the opportunity, and their manager, a task for each competitor that is new in such an account.

    New is one that was met in no other opportunity of the customer. One statement where nobody is.
    """
    if event.type not in HEARS:
        return
    found = _newcomers(tx, event)
    if not found or not _is_first(tx, found[0].tier):
        return
    user = tables.user_account.c
    owner_id = found[0].owner_id or found[0].keeper
    owner = tx.first(select(user.id, user.manager_id).where(user.id == owner_id))
    told = {owner.id, owner.manager_id} - {None} if owner else set()
    today = here(tx).today
    for one in found:
        for each in sorted(told):
            tx.add(
                Task(
                    subject=_("{competitor} is in {customer} now: {title}").format(
                        competitor=one.name, customer=one.customer, title=one.title
                    ),
                    due=today,
                    owner_id=each,
                    customer_id=one.customer_id,
                    note=_("Tier {tier}; opportunity {id}.").format(tier=one.tier, id=one.id),
                    source="sales",
                )
            )


def _newcomers(tx: NotifyTransaction, event: Event) -> Sequence[Any]:
    """Return the competitors in the event's opportunity that its customer, which is in a tier, did not know."""
    o, r, a, c = opportunity.c, rivalry.c, account.c, tables.customer.c
    other, theirs = opportunity.alias("other"), rivalry.alias("theirs")
    before = (
        select(theirs.c.id)
        .join_from(theirs, other, other.c.id == theirs.c.opportunity_id)
        .where(other.c.customer_id == o.customer_id, other.c.id != o.id, theirs.c.competitor_id == r.competitor_id)
    )
    statement = (
        select(o.id, o.title, o.customer_id, o.owner_id, competitor.c.name)
        .add_columns(c.name.label("customer"), c.owner_id.label("keeper"), a.tier)
        .join_from(rivalry, opportunity, o.id == r.opportunity_id)
        .join(competitor, competitor.c.id == r.competitor_id)
        .join(tables.customer, c.id == o.customer_id)
        .join(account, a.customer_id == o.customer_id)
        .where(
            o.id == event.subject_id, o.status == "open", a.tier != "", ~before.correlate(opportunity, rivalry).exists()
        )
        .order_by(r.id)
        .limit(_MOST)
    )
    if event.entity == rivalry.name:
        statement = statement.where(r.competitor_id == event.data["competitor_id"])
    return tx.rows(statement)


def _is_first(tx: NotifyTransaction, name: str) -> bool:
    """Return whether a tier is the first, by rank, of those the workspace has."""
    ranks = {row.name: row.rank for row in tx.rows(select(tier.c.name, tier.c.rank).limit(_MOST))}
    if not ranks:
        return name in FIRST_TIERS
    return name in ranks and ranks[name] == min(ranks.values())
