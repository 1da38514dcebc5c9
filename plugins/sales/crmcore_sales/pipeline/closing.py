"""What the currency of an opportunity was worth on the day it was closed: changed rates never move what was."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select, update

from crmcore.api import ApplyTransaction, Change, InvalidInput
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.pipeline.facts import portions
from crmcore_sales.tables import opportunity


def keep_rate(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Write the rate of each opportunity that was closed, and empty it for one begun again: set-wise.

    One that comes with its rate keeps it. Where none is known for the day, it stays empty.
    """
    ended = [one for one in changes if one.entity == opportunity.name and "closed_on" in one.after]
    ids = [
        one.id for one in ended if one.after.get("rate") is None and (one.action == "changed" or one.after["closed_on"])
    ]
    for some in portions(ids):
        _keep(tx, some)


def _keep(tx: ApplyTransaction, ids: Sequence[int]) -> None:
    c = opportunity.c
    rows = tx.rows(select(c.id, c.currency, c.closed_on).where(c.id.in_(ids)))
    alike: dict[tuple[str, date | None], list[int]] = defaultdict(list)
    for row in rows:
        alike[row.currency, row.closed_on].append(row.id)
    days = [day for _currency, day in alike if day is not None]
    known = rates(tx, max(days), min(days)) if days else None
    for (currency, day), several in alike.items():
        worth = None
        if day is not None and known is not None:
            try:
                worth = known.on(currency, day)
            except InvalidInput:
                worth = None
        tx.execute(update(opportunity).where(c.id.in_(several)).values(rate=worth))
