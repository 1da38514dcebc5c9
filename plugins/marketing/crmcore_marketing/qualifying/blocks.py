"""What people said they need, in the briefs of them and their customers."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from crmcore.api import Block, PluginReader, Subject, here, logins, names, tables
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import qualification

_MOST = 5


def needs(subject: Subject, now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Show the last answers, the latest first: four statements."""
    c = qualification.c
    whose: ColumnElement[bool] = c.contact_id.in_(subject.contact_ids)
    if subject.entity == "customer":
        whose = or_(whose, c.customer_id.in_(subject.customer_ids))
    rows = reader.rows(
        select(c.id, c.contact_id, c.at, c.result, c.need, c.product, c.quantity, c.need_by, c.again_on, c.agent_id)
        .where(whose)
        .order_by(c.at.desc(), c.id.desc())
        .limit(_MOST)
    )
    if not rows:
        return
    people = names(reader, tables.contact, (row.contact_id for row in rows))
    zone = here(reader).zone
    agents = logins(reader, (row.agent_id for row in rows))
    yield Block(
        title=_("Needs"),
        weight=47,
        headings=(_("asked"), _("contact"), _("result"), _("need"), _("by"), _("again on"), _("agent")),
        rows=tuple(
            (
                row.at.astimezone(zone).date().isoformat(), people.get(row.contact_id, ""), _(row.result), _what(row),
                "" if row.need_by is None else row.need_by.isoformat(),
                "" if row.again_on is None else row.again_on.isoformat(), agents.get(row.agent_id, ""),
            )
            for row in rows
        ),
        data=[{**row._mapping, "agent": agents.get(row.agent_id, "")} for row in rows],
    )  # fmt: skip


def _what(row: object) -> str:
    quantity = getattr(row, "quantity", None)
    many = "" if quantity is None else f"{quantity.normalize():f}"
    return " ".join(each for each in (getattr(row, "need", ""), many, getattr(row, "product", "")) if each)
