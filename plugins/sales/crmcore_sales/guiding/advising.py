"""What worked before, when a similar deal did not move: plays with how often they were tried, and how often it moved.

A play counts for a deal once: its first time while the deal was stuck. It worked when the deal moved forward, or was
won, within `PATIENCE` of it; tries that young are left out unless it moved already. `base` is how often deals moved in
that time where the play was not tried: a play that does not beat it does nothing (row S2-Q5). This is what went
together, not what caused what.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from attrs import frozen
from sqlalchemy import select

from crmcore.api import InvalidInput, PluginReader, Reader, tables
from crmcore_sales.guiding.playbook import is_play, plays
from crmcore_sales.guiding.stuck import DAYS, Episode, episodes
from crmcore_sales.i18n import _
from crmcore_sales.model.play import Play
from crmcore_sales.pipeline.similar import Likeness, similar
from crmcore_sales.tables import opportunity

PATIENCE = timedelta(days=30)
LEAST = 5
"""In how many similar deals a play must have worked before it is advised."""

_MOST = 50_000


@frozen(kw_only=True)
class Advice:
    """A play: in how many similar deals it was `tried`, in how many it `worked`; the same of those without it."""

    play_id: int
    name: str
    text: str
    tried: int
    worked: int
    others: int
    others_moved: int

    @property
    def rate(self) -> float:
        """In which share of the deals it worked."""
        return self.worked / self.tried if self.tried else 0.0

    @property
    def base(self) -> float | None:
        """In which share of the deals without it they moved all the same; None where there are none."""
        return self.others_moved / self.others if self.others else None


@frozen(kw_only=True)
class Advised:
    """The advice for a deal: the plays that worked often enough, the best first, and what it rests on."""

    deal_id: int
    title: str
    stage: str
    days: int
    likeness: Likeness
    stuck: int
    plays: Sequence[Advice]


def advise(
    reader: Reader | PluginReader, deal_id: int, *, days: int = DAYS, least: int = LEAST, most: int = 2
) -> Advised:
    """Return the plays that worked in at least `least` similar deals: `most` of them, by their rate.

    Reads a few statements, and one for each play. Raises `InvalidInput` for a deal that is not stuck.
    """
    likeness, alike = similar(reader, deal_id)
    c = opportunity.c
    deal = reader.first(select(c.id, c.title, c.stage, c.status, c.entered_at).where(c.id == deal_id))
    assert deal is not None  # noqa: S101 # `similar` found it
    stood = (reader.now - deal.entered_at).days if deal.entered_at else 0
    if deal.status != "open" or stood < days:
        raise InvalidInput(
            _("{deal} is not stuck: {stage} for {days} days.").format(deal=deal.title, stage=deal.stage, days=stood)
        )
    past = episodes(reader, alike, deal.stage, days)
    told = [_advice(one, past, _times(reader, one, past), reader.now) for one in plays(reader)] if past else []
    good = sorted((one for one in told if one.worked >= least), key=lambda one: (-one.rate, -one.tried, one.name))
    return Advised(
        deal_id=deal_id,
        title=deal.title,
        stage=deal.stage,
        days=stood,
        likeness=likeness,
        stuck=len({one.deal_id for one in past}),
        plays=good[:most],
    )


def _times(reader: Reader | PluginReader, one: Play, past: Sequence[Episode]) -> Mapping[int, list[datetime]]:
    """Return when a play was made with each customer of the episodes, in order: one statement for a thousand."""
    c = tables.interaction.c
    customers = sorted({each.customer_id for each in past if each.customer_id is not None})
    begin = min(each.since for each in past)
    found: dict[int, list[datetime]] = defaultdict(list)
    for start in range(0, len(customers), 1000):
        statement = (
            select(c.customer_id, c.moment)
            .where(c.customer_id.in_(customers[start : start + 1000]), c.moment >= begin, is_play(one))
            .order_by(c.moment)
            .limit(_MOST)
        )
        for row in reader.rows(statement):
            found[row.customer_id].append(row.moment)
    return found


def _advice(one: Play, past: Sequence[Episode], times: Mapping[int, list[datetime]], now: datetime) -> Advice:
    tried: dict[int, bool] = {}
    others: dict[int, bool] = {}
    for episode in past:
        until = episode.until or now
        made = next((at for at in times.get(episode.customer_id or 0, ()) if episode.since <= at <= until), None)
        begun = episode.since if made is None else made
        moved = episode.forward and until - begun <= PATIENCE
        if moved or now - begun > PATIENCE:
            counted = others if made is None else tried
            counted[episode.deal_id] = counted.get(episode.deal_id, False) or moved
    return Advice(
        play_id=one.id,
        name=one.name,
        text=one.text,
        tried=len(tried),
        worked=sum(tried.values()),
        others=len(others),
        others_moved=sum(others.values()),
    )
