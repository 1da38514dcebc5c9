"""A frozen forecast."""

from datetime import date, datetime
from typing import Any

from attrs import field

from crmcore.api import entity, required


@entity
class Freeze:
    """The forecast of a quarter (2026Q4) as it was in one of its weeks, frozen: added once, never changed or removed.

    `rates` are those of its `day`, as text by currency, to the workspace's `currency`.
    """

    quarter: str = field(validator=required)
    week: int
    day: date
    taken_at: datetime
    currency: str
    rates: dict[str, Any] = field(factory=dict)
    id: int = 0
    version: int = 0
