"""The way each opportunity takes through the stages, written as it moves: what the funnel and conformity rest on."""

from collections.abc import Sequence

from sqlalchemy import insert, update

from crmcore.api import ApplyTransaction, Change
from crmcore_sales.pipeline.facts import portions
from crmcore_sales.tables import opportunity, passage


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Write the stays that begin and end with a change set: two statements, none where nothing moved."""
    moved = [one for one in changes if one.entity == opportunity.name and "stage" in one.after]
    if not moved:
        return
    at = {one.id: one.after.get("entered_at") or tx.now for one in moved}
    gone = [one.id for one in moved if one.action == "changed"]
    for some in portions(gone):
        left = update(passage).where(passage.c.opportunity_id.in_(some), passage.c.left_at.is_(None))
        tx.execute(left.values(left_at=tx.now))
    rows = [
        {
            "id": tx.new_id(),
            "opportunity_id": one.id,
            "origin": one.before.get("stage") or "",
            "stage": one.after["stage"],
            "entered_at": at[one.id],
            "left_at": None,
            "by_id": tx.actor.user_id or None,
        }
        for one in moved
    ]
    tx.execute(insert(passage), rows)
