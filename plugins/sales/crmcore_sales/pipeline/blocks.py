"""The part of opportunities in briefs and timelines: what is open and what is next, and each step they took."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, union_all

from crmcore.api import Block, Entry, PluginReader, Subject, tables
from crmcore.reports.report import money
from crmcore_sales.i18n import _
from crmcore_sales.tables import opportunity, passage

_MOST = 20


def _login(column: Any) -> Any:
    user = tables.user_account.c
    return select(user.login).where(user.id == column).scalar_subquery()


def _about(subject: Subject) -> ColumnElement[bool]:
    """Return the condition that an opportunity is a subject's: of the customer, or with one of its people."""
    c = opportunity.c
    if subject.entity == "contact":
        return c.contact_id.in_(subject.contact_ids)
    # One select for each link: with OR, a database would read every opportunity of the workspace.
    found = [select(c.id).where(c.customer_id.in_(subject.customer_ids))]
    if subject.contact_ids:
        found.append(select(c.id).where(c.contact_id.in_(subject.contact_ids), c.customer_id.is_(None)))
    return c.id.in_(union_all(*found)) if len(found) > 1 else c.customer_id.in_(subject.customer_ids)


def deals(subject: Subject, now: datetime, reader: PluginReader) -> Iterable[Block]:
    """Show the open opportunities, the soonest needed first, with what is next: one statement."""
    c = opportunity.c
    wanted = (
        select(c.id, c.title, c.stage, c.amount, c.currency, c.probability, c.need_by, c.next_step)
        .add_columns(_login(c.owner_id).label("owner"))
        .where(_about(subject), c.status == "open")
        .order_by(c.need_by.is_(None), c.need_by, c.id)
        .limit(_MOST)
    )
    rows = reader.rows(wanted)
    if not rows:
        return
    yield Block(
        title=_("Opportunities"),
        weight=25,
        headings=(_("what"), _("stage"), _("amount"), _("odds"), _("need by"), _("next"), _("owner"), _("id")),
        rows=tuple(
            (
                row.title,
                row.stage,
                money(row.amount, row.currency),
                "" if row.probability is None else f"{row.probability}%",
                "" if row.need_by is None else row.need_by.isoformat(),
                row.next_step,
                row.owner or "",
                str(row.id),
            )
            for row in rows
        ),
        data=[dict(row._mapping) for row in rows],
    )


def steps(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterable[Entry]:
    """Contribute each step of the opportunities through their stages: one statement."""
    c, p = opportunity.c, passage.c
    told = (
        p.entered_at,
        p.origin,
        p.stage,
        _login(p.by_id).label("by"),
        c.id,
        c.title,
        c.amount,
        c.currency,
        c.reason,
        c.status,
    )
    wanted = select(*told).join_from(passage, opportunity).where(_about(subject))
    if before is not None:
        wanted = wanted.where(p.entered_at <= before)
    for row in reader.rows(wanted.order_by(p.entered_at.desc(), p.id.desc()).limit(limit)):
        yield Entry(
            at=row.entered_at,
            kind="opportunity",
            who=row.by or "",
            text=_told(row),
            entity=opportunity.name,
            id=row.id,
            data={"title": row.title, "from": row.origin, "to": row.stage},
        )


def _told(row: Any) -> str:
    way = f"{row.origin} → {row.stage}" if row.origin else row.stage
    worth = money(row.amount, row.currency)
    reason = row.reason if row.stage == row.status else ""
    return ", ".join(each for each in (f"{row.title}: {way}", worth, reason) if each)
