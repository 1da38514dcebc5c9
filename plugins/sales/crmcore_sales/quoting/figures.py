"""How many discounts were asked for, and how many of them nobody had to decide on."""

from datetime import datetime

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import PluginReader, Reader
from crmcore_sales.model.discount import AUTOMATIC, GRANTED, PENDING, REFUSED
from crmcore_sales.tables import approval


@frozen(kw_only=True)
class ApprovalFigures:
    """What was asked in some time: `automatic` passed inside the limits, the rest somebody decides or decided on."""

    asked: int
    automatic: int
    granted: int
    refused: int
    pending: int


def approval_figures(
    reader: Reader | PluginReader, since: datetime, until: datetime, asked_id: int | None = None
) -> ApprovalFigures:
    """Return how what was asked from an instant to another ended, of one rep or of all. One statement.

    A grant that holds for a later version of the quote counts as granted.
    """
    c = approval.c
    statement = select(c.status, func.count().label("n")).where(c.asked_at >= since, c.asked_at < until)
    if asked_id is not None:
        statement = statement.where(c.asked_id == asked_id)
    found = {row.status: row.n for row in reader.rows(statement.group_by(c.status).limit(10))}
    return ApprovalFigures(
        asked=sum(found.values()),
        automatic=found.get(AUTOMATIC, 0),
        granted=found.get(GRANTED, 0),
        refused=found.get(REFUSED, 0),
        pending=found.get(PENDING, 0),
    )
