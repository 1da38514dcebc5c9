"""What is wanting in the data of campaigns, for the data-quality meter."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from crmcore.api import PluginReader, Quality, here
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import campaign, member, spend

_SHOWN = 20


def quality(reader: PluginReader) -> Iterator[Quality]:
    """Yield the campaigns that are over but not ended here, and those with members that cost nothing, it seems."""
    c = campaign.c
    open_ = c.closed_at.is_(None)
    over = open_ & (func.coalesce(c.ends_on, c.starts_on) < here(reader).today)
    yield _figure(reader, _("Campaigns that are over, and not ended here"), open_, over, _("ended, and still open"))
    free = ~exists().where(spend.c.campaign_id == c.id)
    held = exists().where(member.c.campaign_id == c.id)
    yield _figure(reader, _("Campaigns without a cost"), held, held & free, _("nothing was spent on it, it seems"))


def _figure(
    reader: PluginReader, title: str, among: ColumnElement[bool], bad: ColumnElement[bool], wrong: str
) -> Quality:
    c = campaign.c
    counts: list[Any] = [func.count().filter(among).label("n"), func.count().filter(bad).label("bad")]
    counted = reader.first(select(*counts))
    rows: Sequence[Any] = reader.rows(select(c.id, c.name).where(bad).order_by(c.id).limit(_SHOWN))
    return Quality(
        title=title,
        total=counted.n if counted is not None else 0,
        bad=counted.bad if counted is not None else 0,
        fixes=tuple((campaign.name, row.id, f"{row.name}: {wrong}") for row in rows),
    )
