"""Results that nobody need note: a customer bought while it was to be won, or developed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import select

from crmcore.api import NotifyTransaction, Outcome, PluginReader, Reader, Transaction, bought, here
from crmcore_marketing.model.programme import Placement
from crmcore_marketing.programmes.placing import DEVELOPED, note_result
from crmcore_marketing.tables import placement, programme_play

_BY_GOAL = {"win": "won", "develop": DEVELOPED}
_AT_ONCE = 1_000


def notice(tx: Transaction | NotifyTransaction, programme_id: int | None = None) -> int:
    """Note the results of stays that have none: the first thing bought in them. Return how many were noted.

    What was bought is told by who keeps orders or won deals (`crmcore.api.bought`); where nobody does, nothing is
    noted. Two statements for each 1,000 stays, and their journal.
    """
    sold = bought(tx)
    count, last = 0, 0
    p, play = placement.c, programme_play.c
    wanted = (
        select(p.id, p.customer_id, p.since, p.until, play.goal)
        .join(programme_play, play.id == p.play_id)
        .where(p.result == "", play.goal.in_(_BY_GOAL), p.customer_id.is_not(None))
        .order_by(p.id)
        .limit(_AT_ONCE)
    )
    if programme_id is not None:
        wanted = wanted.where(p.programme_id == programme_id)
    while sold and (rows := tx.rows(wanted.where(p.id > last))):
        last = rows[-1].id
        days = _bought_on(tx, sold, {row.customer_id for row in rows})
        results: dict[tuple[str, date], list[int]] = defaultdict(list)
        for row in rows:
            within = (day for day in days.get(row.customer_id, ()) if row.since <= day and _before(day, row.until))
            first = min(within, default=None)
            if first is not None:
                results[_BY_GOAL[row.goal], first].append(row.id)
        stays = {one.id: one for one in tx.load(Placement, p.id.in_([id_ for ids in results.values() for id_ in ids]))}
        for (result, day), ids in sorted(results.items()):
            note_result(tx, [stays[one] for one in ids], result, day)
            count += len(ids)
        tx.flush()
    return count


def _before(day: date, until: date | None) -> bool:
    return until is None or day < until


def _bought_on(
    reader: Reader | PluginReader, sold: Iterable[Outcome], customers: Iterable[int]
) -> Mapping[int, set[date]]:
    """Return the days, in the workspace's zone, on which customers bought: one statement for each that tells of it."""
    zone = here(reader).zone
    found: dict[int, set[date]] = defaultdict(set)
    asked = sorted(customers)
    for one in sold:
        columns = [one.customer.label("customer"), one.closed.label("closed")]
        columns += [] if one.day is None else [one.day.label("day")]
        statement = select(*columns).select_from(one.source).where(one.state == "won", one.customer.in_(asked))
        for row in reader.rows(statement):
            closed: datetime | None = row.closed
            day = getattr(row, "day", None) or (closed.astimezone(zone).date() if closed else None)
            if day is not None:
                found[row.customer].add(day)
    return found
