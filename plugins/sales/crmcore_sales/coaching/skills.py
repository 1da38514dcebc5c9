"""Where a rep falls behind the others: the stage in which most of their deals end, or go back, that others bring on."""

from datetime import timedelta

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import Reader
from crmcore_sales.guiding.stuck import is_forward
from crmcore_sales.i18n import _
from crmcore_sales.pipeline.guidance import pipeline
from crmcore_sales.tables import opportunity, passage

BACK = timedelta(days=365)
FEWEST = 5
"""How many deals must have left a stage, of the rep and of the others, before it says anything."""

_MOST = 10_000


@frozen(kw_only=True)
class Gap:
    """A stage, how many deals left it in a year and how many of them forward: the rep's, and everybody else's."""

    stage: str
    left: int
    forward: int
    others_left: int
    others_forward: int

    @property
    def short(self) -> float:
        """How many more deals would have gone forward at the rate of the others."""
        return self.left * self.others_forward / self.others_left - self.forward

    def said(self) -> str:
        """Return it in words."""
        return _(
            "{stage}: {forward} of {left} deals went on ({rate:.0%}), others' {others:.0%}: {short:.0f} deals a year"
        ).format(
            stage=self.stage,
            forward=self.forward,
            left=self.left,
            rate=self.forward / self.left,
            others=self.others_forward / self.others_left,
            short=self.short,
        )


def skill_gap(reader: Reader, rep_id: int) -> Gap | None:
    """Return the stage in which most deals are lost against the rate of the others; None where there is none.

    One statement, over the ways of a year.
    """
    c, p = opportunity.c, passage.c
    process = pipeline(reader.definitions)
    own = (c.owner_id == rep_id).label("own")
    ways = reader.rows(
        select(own, p.origin, p.stage, func.count().label("n"))
        .join_from(passage, opportunity, c.id == p.opportunity_id)
        .where(p.origin != "", p.entered_at >= reader.now - BACK, c.owner_id.is_not(None))
        .group_by(own, p.origin, p.stage)
        .limit(_MOST)
    )
    left: dict[tuple[bool, str], int] = {}
    forward: dict[tuple[bool, str], int] = {}
    for row in ways:
        key = bool(row.own), row.origin
        left[key] = left.get(key, 0) + row.n
        if is_forward(process, row.origin, row.stage):
            forward[key] = forward.get(key, 0) + row.n
    gaps = [
        Gap(
            stage=one.name,
            left=left[True, one.name],
            forward=forward.get((True, one.name), 0),
            others_left=left[False, one.name],
            others_forward=forward.get((False, one.name), 0),
        )
        for one in process.states
        if left.get((True, one.name), 0) >= FEWEST and left.get((False, one.name), 0) >= FEWEST and one.kind == "open"
    ]
    worst = max(gaps, key=lambda one: one.short, default=None)
    return worst if worst is not None and worst.short > 0 else None
