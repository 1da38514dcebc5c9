"""What follows from changes of members: those that an import brings are touches too; who is removed was none."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select, update

from crmcore.api import ApplyTransaction, Change, tables
from crmcore_marketing.campaigns.members import RESPONDING, TOUCHES
from crmcore_marketing.campaigns.touching import Touch, touch
from crmcore_marketing.tables import member
from crmcore_marketing.tables import touch as touches

_AT_ONCE = 5_000
_IMPORT = "import"


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Write the touches of imported members, with the customers they stand for; three statements for each 5,000."""
    ours = [one for one in changes if one.entity == member.name]
    gone = [one.id for one in ours if one.action == "removed"]
    for start in range(0, len(gone), _AT_ONCE):
        some = gone[start : start + _AT_ONCE]
        tx.execute(delete(touches).where(touches.c.entity == member.name, touches.c.record_id.in_(some)))
    if tx.cause.partition(" ")[0] != _IMPORT:
        return
    brought = [one for one in ours if one.action != "removed"]
    for start in range(0, len(brought), _AT_ONCE):
        _keep(brought[start : start + _AT_ONCE], tx)


def _keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    rows = {one.id: {**(tx.as_read(one.entity, one.id) or {}), **one.after, "id": one.id} for one in changes}
    m, p = member.c, tables.position.c
    employer = (
        select(p.customer_id)
        .where(p.contact_id == m.contact_id, p.ended.is_(None))
        .order_by(p.id)
        .limit(1)
        .scalar_subquery()
    )
    unsaid = [key for key, row in rows.items() if row["customer_id"] is None and row["contact_id"] is not None]
    if unsaid:
        tx.execute(update(member).where(m.id.in_(unsaid)).values(customer_id=employer))
    joined = func.coalesce(m.joined_at, m.created_at)
    stored = tx.rows(select(m.id, m.customer_id, joined.label("joined_at")).where(m.id.in_(list(rows))))
    known = {row.id: row for row in stored}
    touch(tx, [each for one in changes for each in _touches(one, rows[one.id], known[one.id])])


def _touches(change: Change, row: Mapping[str, Any], stored: Any) -> Iterator[Touch]:
    """Yield that a member came in, and that it answered, where the change says so."""
    party = {"campaign_id": row["campaign_id"], "contact_id": row["contact_id"], "customer_id": stored.customer_id}
    told = {**party, "entity": member.name, "record_id": row["id"]}
    status, answered = row["status"], change.after.get("responded_at")
    if change.action == "created" and answered is None:
        yield Touch(kind=TOUCHES.get(status, "member"), at=stored.joined_at, **told)
    elif change.action == "created" and answered > stored.joined_at:
        yield Touch(kind="sent", at=stored.joined_at, **told)
    if answered is not None:
        yield Touch(kind=TOUCHES[status] if status in RESPONDING else "reply", at=answered, **told)
