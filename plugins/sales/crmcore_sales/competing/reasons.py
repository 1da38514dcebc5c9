"""Reasons as people wrote them, brought together: by the workspace's terms, and by who won."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from crmcore.api import Reader, meant_by
from crmcore_sales.competing.counts import Counts, added, less, sums, worth_in
from crmcore_sales.tables import competitor, opportunity, rivalry

TO_A_COMPETITOR = frozenset({"competitor", "competition", "竞争对手", "竞争"})
"""Codes and words that say only that somebody else got the order: who did is said in their place."""
_MOST = 1_000


def reasons(
    reader: Reader, rows: Sequence[Any], decided: Sequence[ColumnElement[bool]], currency: str
) -> list[tuple[str, str, Counts]]:
    """Return reasons as (code, label, counts): `rows` are counts by the reason as it stands in the opportunity.

    What means the same term of the workspace, in any language, is one reason. Where the reason is that a competitor
    won, and it is known which, that competitor is the reason: two statements more.
    """
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        term = meant_by(reader.definitions, row.key)
        code, label = (term.code, term.label or term.code) if term else (row.key, row.key)
        if row.lost and {code.casefold(), row.key.casefold()} & TO_A_COMPETITOR:
            winners = _winners(reader, row.key, decided, currency)
            for one in winners:
                found[one.name, one.name].append(one)
            found[code, label].append(less(row, added(winners)))
        else:
            found[code, label].append(row)
    joined = [(code, label, added(some)) for (code, label), some in found.items()]
    return [one for one in joined if one[2].won + one[2].lost]


def _winners(reader: Reader, reason: str, decided: Sequence[ColumnElement[bool]], currency: str) -> Sequence[Any]:
    """Return the counts of the deals lost for a reason, by who won them."""
    o, r = opportunity.c, rivalry.c
    statement = (
        select(competitor.c.name, *sums(worth_in(o.amount, currency), None, currency))
        .join_from(rivalry, opportunity, o.id == r.opportunity_id)
        .join(competitor, competitor.c.id == r.competitor_id)
        .where(r.won.is_(True), o.reason == reason, *decided)
        .group_by(competitor.c.name)
        .order_by(func.count().desc(), competitor.c.name)
        .limit(_MOST)
    )
    return reader.rows(statement)
