"""What is to be mended in what was sent: messages of which nobody knows whether they arrived."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, select

from crmcore.api import PluginReader, Quality
from crmcore_marketing.i18n import _
from crmcore_marketing.sending.states import SENT, UNKNOWN
from crmcore_marketing.tables import message

_SHOWN = 20


def quality(reader: PluginReader) -> Iterator[Quality]:
    """Yield how many of the messages that were given to a server a person has to settle: two statements."""
    c = message.c
    counted: Select[Any] = select(c.status, func.count().label("n")).where(c.status.in_((SENT, UNKNOWN)))
    counts = {row.status: row.n for row in reader.rows(counted.group_by(c.status))}
    if not counts:
        return
    lost = reader.rows(select(c.id, c.address).where(c.status == UNKNOWN).order_by(c.id).limit(_SHOWN))
    said = _("it may have arrived at {address} or not; `crm marketing message settle {id}`")
    yield Quality(
        title=_("Messages of which nobody knows whether they arrived"),
        total=sum(counts.values()),
        bad=counts.get(UNKNOWN, 0),
        fixes=tuple((message.name, row.id, said.format(address=row.address, id=row.id)) for row in lost),
    )
