"""Feeds: the last imports, what they rejected, and those that did not come to their end."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection, select

from crmcore.engine import clock
from crmcore.engine.tables import import_batch
from crmcore.health.diagnosis import Diagnosis, odd, well, wrong
from crmcore.i18n import _
from crmcore.importing.batches import RUNNING, UNDONE

_LAST = 5
_STUCK = timedelta(hours=1)
"""After how long an import that has not ended is taken to have been interrupted."""


def feeds(connection: Connection) -> Iterator[Diagnosis]:
    """Yield the last imports, newest first, and how long ago the newest was."""
    c = import_batch.c
    statement = select(c.id, c.at, c.command, c.state, c.counts).order_by(c.id.desc()).limit(_LAST)
    rows = connection.execute(statement).all()
    now = clock.now()
    if not rows:
        yield well("feed", _("nothing was imported yet"))
        return
    days = (now - rows[0].at).days
    yield well("feed", _("the last import was {days} days ago").format(days=days), since=rows[0].at)
    for row in rows:
        rejected = int(row.counts.get("rejected", 0))
        said = _("import {id} of {at}: {read} read, {rejected} rejected ({what})").format(
            id=row.id, at=row.at.strftime("%Y-%m-%d %H:%M"), read=row.counts.get("read", 0), rejected=rejected,
            what=row.command,
        )  # fmt: skip
        if row.state == RUNNING and now - row.at > _STUCK:
            stuck = _("{said}; it did not end: `crm import` of the same files goes on").format(said=said)
            yield wrong("feed", stuck, since=row.at)
        elif rejected and row.state != UNDONE:
            where = _("{said}; `crm import --rejections {id}` lists them").format(said=said, id=row.id)
            yield odd("feed", where, since=row.at)
        else:
            yield well("feed", said, since=row.at)
