"""What became of recommendations: who was recommended, who got the deal, why it was another, and how it ended."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import Reader, logins
from crmcore_sales.tables import opportunity, recommendation


@frozen(kw_only=True)
class DecisionView:
    """A decision on a recommendation; `result` is that of the deal: open, won or lost."""

    id: int
    deal_id: int
    deal: str
    recommended: str
    chosen: str
    override: bool
    reason: str
    decided_by: str
    decided_at: datetime | None
    result: str
    candidates: list[dict[str, Any]]


@frozen(kw_only=True)
class Outcome:
    """How many decisions followed the recommendation (or did not), how many deals are closed since, and won."""

    override: bool
    decided: int
    closed: int
    won: int


def decisions(
    reader: Reader, *, deal_id: int | None = None, limit: int, after: int | None = None
) -> list[DecisionView]:
    """Return decisions in their order, of one deal or of all."""
    c = recommendation.c
    statement = (
        select(recommendation, opportunity.c.title, opportunity.c.status)
        .join_from(recommendation, opportunity, opportunity.c.id == c.opportunity_id)
        .order_by(c.id)
        .limit(limit)
    )
    if deal_id is not None:
        statement = statement.where(c.opportunity_id == deal_id)
    if after is not None:
        statement = statement.where(c.id > after)
    rows = reader.rows(statement)
    users = logins(reader, [each for row in rows for each in (row.recommended_id, row.chosen_id, row.decided_id)])
    return [
        DecisionView(
            id=row.id,
            deal_id=row.opportunity_id,
            deal=row.title,
            recommended=users.get(row.recommended_id, ""),
            chosen=users.get(row.chosen_id, ""),
            override=row.chosen_id != row.recommended_id,
            reason=row.reason,
            decided_by=users.get(row.decided_id, ""),
            decided_at=row.decided_at,
            result=row.status,
            candidates=row.candidates,
        )
        for row in rows
    ]


def outcomes(found: Iterable[DecisionView]) -> list[Outcome]:
    """Return how those fared that followed the recommendation, and those that did not."""
    listed = list(found)
    return [
        Outcome(
            override=override,
            decided=len(of),
            closed=sum(one.result != "open" for one in of),
            won=sum(one.result == "won" for one in of),
        )
        for override in (False, True)
        for of in [[one for one in listed if one.override is override]]
    ]
