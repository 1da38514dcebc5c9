"""What is wanting in tickets under way: whose they are, what they are about, who looks after them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, func, select

from crmcore.api import PluginReader, Quality
from crmcore_service.i18n import _
from crmcore_service.tables import ticket

_SHOWN = 20


def quality(reader: PluginReader) -> Iterator[Quality]:
    """Yield how many tickets under way lack a person, a customer, a category, a queue: two statements each at most."""
    t = ticket.c
    under_way = t.closed_at.is_(None)
    wanting = (
        (_("Tickets without a person"), _("no contact"), t.contact_id.is_(None)),
        (_("Tickets without a customer"), _("no customer"), t.customer_id.is_(None)),
        (_("Tickets without a category"), _("no category"), t.category_id.is_(None)),
        (_("Tickets in no queue"), _("no queue"), t.queue_id.is_(None)),
    )
    sums_of: list[ColumnElement[Any]] = [func.count().filter(condition) for _title, _what, condition in wanting]
    counts = select(func.count().label("n"), *sums_of).select_from(ticket).where(under_way)
    sums = reader.first(counts)
    if sums is None or not sums.n:
        return
    for at, (title, what, condition) in enumerate(wanting):
        bad = sums[at + 1]
        rows = reader.rows(select(t.id).where(under_way, condition).order_by(t.id).limit(_SHOWN)) if bad else ()
        fixes = tuple((ticket.name, row.id, what) for row in rows)
        yield Quality(title=title, total=sums.n, bad=bad, fixes=fixes)
