"""Quotes in the brief of a customer, and in its timeline."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, union_all
from sqlalchemy.sql.expression import literal

from crmcore.api import Block, Entry, PluginReader, Subject, here, logins
from crmcore.reports.report import money
from crmcore_sales.i18n import _
from crmcore_sales.model.quote import ACCEPTED, DECLINED, DRAFT, HELD, OPEN, WITHDRAWN
from crmcore_sales.tables import quote

_SHOWN = 10
_SENT = "sent"


def _theirs(subject: Subject) -> ColumnElement[bool]:
    c = quote.c
    if subject.entity == "customer":
        return c.customer_id.in_(subject.customer_ids) if subject.customer_ids else false()
    return c.contact_id.in_(subject.contact_ids) if subject.contact_ids else false()


def quotes(subject: Subject, _now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Yield the quotes that are under way, where there are any."""
    c = quote.c
    today = here(reader).today
    rows = reader.rows(
        select(c.id, c.number, c.revision, c.status, c.amount, c.currency, c.valid_until, c.owner_id)
        .where(
            _theirs(subject), c.status.in_((DRAFT, HELD, OPEN)), or_(c.valid_until.is_(None), c.valid_until >= today)
        )
        .order_by(c.id.desc())
        .limit(_SHOWN)
    )  # fmt: skip
    if not rows:
        return
    users = logins(reader, (row.owner_id for row in rows))
    yield Block(
        title=_("Quotes"),
        weight=44,
        headings=(_("number"), _("status"), _("amount"), _("valid until"), _("owner")),
        rows=tuple(
            (
                _number(row), _(row.status), money(row.amount, row.currency),
                row.valid_until.isoformat() if row.valid_until else "", users.get(row.owner_id, ""),
            )
            for row in rows
        ),
        data=[{**row._mapping, "owner": users.get(row.owner_id, "")} for row in rows],
    )  # fmt: skip


def _number(row: Any) -> str:
    return f"{row.number}/{row.revision}" if row.revision > 1 else str(row.number)


def entries(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterable[Entry]:
    """Return the quotes that were sent to them, and how each ended: one statement."""
    c = quote.c
    columns = (c.id, c.number, c.revision, c.amount, c.currency, c.valid_until)
    sent = select(*columns, c.sent_at.label("at"), literal(_SENT).label("what")).where(
        _theirs(subject), c.sent_at.is_not(None)
    )
    ended = select(*columns, c.closed_at.label("at"), c.status.label("what")).where(
        _theirs(subject), c.closed_at.is_not(None), c.status.in_((ACCEPTED, DECLINED, WITHDRAWN))
    )
    both = union_all(sent, ended).subquery()
    statement = select(both).order_by(both.c.at.desc(), both.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(both.c.at <= before)
    return [
        Entry(
            at=row.at,
            kind="quote",
            text=_("Quote {number} {what}: {amount}").format(
                number=_number(row), what=_(row.what), amount=money(row.amount, row.currency)
            ),
            entity="sales_quote",
            id=row.id,
            data={"number": row.number, "what": row.what, "amount": row.amount, "currency": row.currency},
        )
        for row in reader.rows(statement)
    ]
