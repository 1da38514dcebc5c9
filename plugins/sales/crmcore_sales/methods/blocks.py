"""What the brief of a customer shows of the methods in use: how far each open deal is, and its red flags."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from crmcore.api import Block, PluginReader, Subject
from crmcore_sales.i18n import _
from crmcore_sales.methods.finding import Check, checks
from crmcore_sales.methods.using import installed
from crmcore_sales.tables import opportunity

_SHOWN = 10


def method_block(subject: Subject, _now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Yield the block, where a method is used on an open deal of the customer."""
    if not installed(reader):
        return
    c = opportunity.c
    newest = (
        select(c.id)
        .where(c.customer_id.in_(subject.customer_ids), c.status == "open")
        .order_by(c.id.desc())
        .limit(_SHOWN)
    )
    ids = [row.id for row in reader.rows(newest)]
    found = checks(reader, ids)
    if found:
        yield Block(
            title=_("Sales method"),
            weight=42,
            headings=(_("deal"), _("method"), _("answered"), _("red flags")),
            rows=tuple(
                (one.deal.title, one.title, f"{one.answered}/{len(one.answers)}", "; ".join(flags_of(one)))
                for one in found
            ),
            data=found,
        )


def flags_of(one: Check) -> list[str]:
    """Return the red flags of a check in words."""
    return [f"{flag.text}: {flag.about}" if flag.about else flag.text for flag in one.flags]
