"""What was done in a stage of an opportunity."""

from datetime import datetime

from attrs import field

from crmcore.api import entity, required


@entity
class Step:
    """A step of a stage's check list that was done for an opportunity, when and by whom."""

    opportunity_id: int
    stage: str
    text: str = field(validator=required)
    done_at: datetime | None = None
    by_id: int | None = None
    note: str = ""
    id: int = 0
    version: int = 0
