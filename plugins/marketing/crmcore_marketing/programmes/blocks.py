"""The part of programmes in briefs and timelines: in which play a customer is, and what came of earlier ones."""

from collections.abc import Iterable
from datetime import UTC, datetime, time

from sqlalchemy import select

from crmcore.api import Block, Entry, PluginReader, Subject
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import placement, programme, programme_play

_MOST = 20


def plays_now(subject: Subject, now: datetime, reader: PluginReader) -> Iterable[Block]:
    """Show in which plays the customer is: one statement."""
    p, play, o = placement.c, programme_play.c, programme.c
    rows = reader.rows(
        select(p.id, o.name.label("programme"), play.name.label("play"), play.goal, p.since, p.result, p.result_on)
        .join(programme, o.id == p.programme_id)
        .join(programme_play, play.id == p.play_id)
        .where(p.customer_id.in_(subject.customer_ids), p.until.is_(None))
        .order_by(p.since.desc(), p.id)
        .limit(_MOST)
    )
    if rows:
        yield Block(
            title=_("Programmes"),
            weight=46,
            headings=(_("programme"), _("play"), _("goal"), _("since"), _("what came of it")),
            rows=tuple(
                (
                    row.programme, row.play, _(row.goal), row.since.isoformat(),
                    f"{_(row.result)} {row.result_on}" if row.result else "",
                )
                for row in rows
            ),
            data=[dict(row._mapping) for row in rows],
        )  # fmt: skip


def programme_entries(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterable[Entry]:
    """Contribute when the customer came into each play: one statement. Only customers have any."""
    if subject.entity != "customer":
        return
    p, play, o = placement.c, programme_play.c, programme.c
    wanted = (
        select(p.id, o.name.label("programme"), play.name.label("play"), play.goal, p.since)
        .join(programme, o.id == p.programme_id)
        .join(programme_play, play.id == p.play_id)
        .where(p.customer_id.in_(subject.customer_ids))
    )
    if before is not None:
        wanted = wanted.where(p.since <= before.astimezone(UTC).date())
    for row in reader.rows(wanted.order_by(p.since.desc(), p.id.desc()).limit(limit)):
        yield Entry(
            at=datetime.combine(row.since, time(), UTC),
            day=row.since,
            kind="programme",
            text=f"{row.programme}: {row.play}",
            entity=placement.name,
            id=row.id,
            data={"programme": row.programme, "play": row.play, "goal": row.goal},
        )
