"""What selections may ask about satisfaction: what people said last, and how content a customer's people are."""

from collections.abc import Iterator

from sqlalchemy import Float, cast, func, select

from crmcore.api import Trait
from crmcore_service.i18n import _
from crmcore_service.tables import rating


def satisfaction_traits() -> Iterator[Trait]:
    """Yield them; nothing is known of who never said a score."""
    r = rating.c
    for of, own, party in (("contact", "own_", r.contact_id), ("customer", "", r.customer_id)):
        newest = (
            select(
                party.label("party"), r.score, r.answered_at,
                func.row_number().over(partition_by=party, order_by=(r.answered_at.desc(), r.id.desc())).label("place"),
            )
            .where(r.score.is_not(None), party.is_not(None))
            .subquery()
        )  # fmt: skip
        last = select(newest.c.party, newest.c.score, newest.c.answered_at).where(newest.c.place == 1).subquery()
        mean = (
            select(party.label("party"), func.avg(cast(r.score, Float)).label("mean"))
            .where(r.score.is_not(None), party.is_not(None))
            .group_by(party)
            .subquery()
        )
        yield Trait(
            name=f"{own}last_score", title=_("Score of the last answer, 1 to 5"), of=of, kind="number", source=last,
            key=last.c.party, value=last.c.score,
        )  # fmt: skip
        yield Trait(
            name=f"{own}last_rated", title=_("When a score was given last"), of=of, kind="instant", source=last,
            key=last.c.party, value=last.c.answered_at,
        )  # fmt: skip
        yield Trait(
            name=f"{own}satisfaction", title=_("Mean score, 1 to 5"), of=of, kind="number", source=mean,
            key=mean.c.party, value=mean.c.mean,
        )  # fmt: skip
