"""Must-win projects: what a weekly review found, and the steps of the close plan."""

from datetime import date, datetime

from attrs import field

from crmcore.api import entity
from crmcore_sales.model.opportunity import odds


@entity
class Review:
    """A review of a must-win: what was found, and the day of need and the odds as they stood."""

    opportunity_id: int
    held_on: date
    by_id: int | None = None
    need_by: date | None = None
    probability: int | None = field(default=None, validator=odds)
    note: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class PlanStep:
    """A step of a must-win's close plan; `task_id` is the task that says what, who and by when."""

    opportunity_id: int
    task_id: int | None = None
    id: int = 0
    version: int = 0


@entity
class Slip:
    """A slip of a must-win by `days` days that was told to its owner and its sponsor.

    The next one is counted from the day it `became`.
    """

    opportunity_id: int
    told_at: datetime
    was: date
    became: date
    days: int
    id: int = 0
    version: int = 0
