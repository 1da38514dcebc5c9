"""The way each opportunity takes through the stages, written as it moves: what the funnel and conformity rest on."""

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, update

from crmcore.api import ApplyTransaction, Change
from crmcore_sales.tables import opportunity, passage

_LEFT = (
    update(passage)
    .where(passage.c.opportunity_id == bindparam("gone"), passage.c.left_at.is_(None))
    .values(left_at=bindparam("now"))
)
_STAY = insert(passage)


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Write the stays that begin and end with a change set: two statements, none where nothing moved."""
    moved = [one for one in changes if one.entity == opportunity.name and "stage" in one.after]
    if not moved:
        return
    at = {one.id: one.after.get("entered_at") or tx.now for one in moved}
    gone = [{"gone": one.id, "now": tx.now} for one in moved if one.action == "changed"]
    if gone:
        tx.execute(_LEFT, gone)
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
    tx.execute(_STAY, rows)
