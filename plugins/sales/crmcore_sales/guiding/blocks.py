"""What the brief of a customer shows of planned visits."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from crmcore.api import Block, PluginReader, Subject, tables
from crmcore_sales.i18n import _
from crmcore_sales.tables import programme, visit

_SHOWN = 10


def visit_block(subject: Subject, _now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Yield the programmes in which the customer is still to be visited: one statement."""
    v, p, u = visit.c, programme.c, tables.user_account.c
    owner = select(u.login).where(u.id == v.owner_id).scalar_subquery()
    rows = reader.rows(
        select(p.id, p.title, p.until, v.returned, owner.label("owner"))
        .join_from(visit, programme, p.id == v.programme_id)
        .where(v.customer_id.in_(subject.customer_ids), v.closed_at.is_(None), p.closed_at.is_(None))
        .order_by(p.until, v.id)
        .limit(_SHOWN)
    )
    if rows:
        yield Block(
            title=_("To be visited"),
            weight=39,
            headings=(_("until"), _("programme"), _("by")),
            rows=tuple((row.until.isoformat(), row.title, row.owner or _("in the pool")) for row in rows),
            data=[dict(row._mapping) for row in rows],
        )
