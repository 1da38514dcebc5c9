"""What selections may ask about programmes: where a customer is in one, `marketing.programme("Telecom") == "win"`."""

from collections.abc import Iterator

from sqlalchemy import func, select

from crmcore.api import PluginReader, Trait
from crmcore_marketing.i18n import _
from crmcore_marketing.programmes.finding import programme_named
from crmcore_marketing.tables import placement, programme_play


def programme_traits() -> Iterator[Trait]:
    """Declare them, of customers."""
    yield Trait(
        name="programme", title=_("Goal of the play of a programme, by its name or industry: keep, develop, win"),
        of="customer", kind="text", by=_goal,
    )  # fmt: skip


def _goal(reader: PluginReader, named: str) -> Trait:
    """Return the goal of the play in which each customer is now; raises `NotFound` for a programme there is not."""
    p, play = placement.c, programme_play.c
    source = (
        select(p.customer_id, func.max(play.goal).label("goal"))
        .join(programme_play, play.id == p.play_id)
        .where(p.programme_id == programme_named(reader, named), p.until.is_(None), p.customer_id.is_not(None))
        .group_by(p.customer_id)
        .subquery()
    )
    return Trait(
        name="programme", title=_("Goal in programme {name}").format(name=named), of="customer", kind="text",
        source=source, key=source.c.customer_id, value=source.c.goal, empty="",
    )  # fmt: skip
