"""What follows from an import: what was said in a ticket elsewhere is in the thread of the ticket here."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, insert, literal, select, update

from crmcore.api import ApplyTransaction, Change, tables
from crmcore_service.formats.tickets import FIRST
from crmcore_service.tables import post, ticket

_IMPORT = "import"
_AT_ONCE = 5_000
_INTERACTION = tables.interaction.name


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Write the posts of imported tickets and of what was said in them, whichever came first."""
    if tx.cause.partition(" ")[0] != _IMPORT:
        return
    made = [one for one in changes if one.action == "created"]
    said = [one.id for one in made if one.entity == _INTERACTION and one.after.get("thread", "").startswith(FIRST)]
    opened = [one.id for one in made if one.entity == ticket.name]
    for column, ids in ((tables.interaction.c.id, said), (tables.external_id.c.record_id, opened)):
        for start in range(0, len(ids), _AT_ONCE):
            _join(tx, column.in_(ids[start : start + _AT_ONCE]))


def _join(tx: ApplyTransaction, about: ColumnElement[bool]) -> None:
    """Write the posts that are missing, of these tickets or interactions: three statements."""
    i, e, p, t = tables.interaction.c, tables.external_id.c, post.c, ticket.c
    found = tx.rows(
        select(e.record_id.label("ticket_id"), i.id, i.at, i.direction, i.channel)
        .join_from(
            tables.external_id,
            tables.interaction,
            (i.origin == e.scheme) & (i.thread == literal(FIRST).concat(e.value)),
        )
        .outerjoin(post, p.interaction_id == i.id)
        .where(e.kind == ticket.name, p.id.is_(None), i.at.is_not(None), about)
        .order_by(i.at, i.id)
    )
    if not found:
        return
    tx.execute(insert(post), [_post(tx, row) for row in found])
    first = (
        select(func.min(p.interaction_id)).where(p.ticket_id == t.id, p.direction == "in").correlate(ticket)
    ).scalar_subquery()
    ids = sorted({row.ticket_id for row in found})
    tx.execute(update(ticket).where(t.id.in_(ids), t.interaction_id.is_(None)).values(interaction_id=first))


def _post(tx: ApplyTransaction, row: Any) -> dict[str, Any]:
    return {
        "id": tx.new_id(),
        "ticket_id": row.ticket_id,
        "interaction_id": row.id,
        "at": row.at,
        "direction": row.direction,
        "channel": row.channel,
        "message_id": "",
        "why": "",
        "automatic": False,
    }
