"""What selections may ask about scores."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, select

from crmcore.api import Trait
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import score, score_model


def traits() -> Iterator[Trait]:
    """Yield the points of the active score, how likely that is, and the points of another by its name."""
    source = _scores().where(score_model.c.active.is_(True)).subquery()
    key = source.c.contact_id
    yield Trait(
        name="score", title=_("Points of the score that is used"), of="contact", kind="number", source=source, key=key,
        value=source.c.points,
    )  # fmt: skip
    yield Trait(
        name="likely", title=_("How likely that score is, from 0 to 1"), of="contact", kind="number", source=source,
        key=key, value=source.c.likely,
    )  # fmt: skip
    yield Trait(name="score_of", title=_("Points of a score by its name"), of="contact", kind="number", by=_named)


def _scores() -> Select[tuple[int, int, float]]:
    return select(score.c.contact_id, score.c.points, score.c.likely).join(
        score_model, score_model.c.id == score.c.model_id
    )


def _named(_reader: Any, name: str) -> Trait:
    source = _scores().where(func.lower(score_model.c.name) == name.strip().lower()).subquery()
    return Trait(
        name="score_of", title=name, of="contact", kind="number", source=source, key=source.c.contact_id,
        value=source.c.points,
    )  # fmt: skip
