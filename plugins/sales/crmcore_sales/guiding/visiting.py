"""Which planned visits have taken place: seen from interactions, never ticked off."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, Update, select, update

from crmcore.api import ApplyTransaction, Change, NotifyTransaction, tables
from crmcore_sales.accounts.contacting import talked
from crmcore_sales.pipeline.facts import portions
from crmcore_sales.tables import programme, visit

CHANNELS = ("visit", "meeting")
_OF_TALK = frozenset({"customer_id", "at", "day", "channel", "status"})


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Note which planned visits took place: two statements at most, none where nobody was visited.

    Concerned are the customers who were visited in this change set, and visits that are planned in it.
    """
    customers, planned = set(), []
    for change in changes:
        if change.action == "removed":
            continue
        if change.entity == "interaction" and not _OF_TALK.isdisjoint(change.after):
            row = {**(tx.as_read(change.entity, change.id) or {}), **change.after}
            if row["channel"] in CHANNELS and row["customer_id"]:
                customers.add(row["customer_id"])
        elif change.entity == visit.name and change.action == "created":
            planned.append(change.id)
    for column, ids in ((visit.c.customer_id, sorted(customers)), (visit.c.id, planned)):
        for some in portions(ids):
            tx.execute(_visited(tx).where(column.in_(some)))


def catch_up(tx: NotifyTransaction) -> None:
    """Note the visits that were in the calendar before and have taken place since: one statement."""
    tx.execute(_visited(tx))


def _visited(tx: ApplyTransaction) -> Update:
    i, c = tables.interaction.c, visit.c

    def first(column: ColumnElement[object]) -> Select[object]:
        return (
            select(column)
            .join_from(tables.interaction, programme, programme.c.id == c.programme_id)
            .where(
                i.customer_id == c.customer_id,
                i.channel.in_(CHANNELS),
                i.moment >= programme.c.begins_at,
                talked(i, tx.now),
                programme.c.closed_at.is_(None),
            )
            .correlate(visit)
            .order_by(i.moment, i.id)
            .limit(1)
        )

    return (
        update(visit)
        .where(c.closed_at.is_(None))
        .values(closed_at=first(i.moment).scalar_subquery(), interaction_id=first(i.id).scalar_subquery())
    )
