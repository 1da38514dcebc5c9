"""Working with reps: who was recommended for a deal, and what was agreed in one-to-ones."""

from datetime import date, datetime
from typing import Any

from attrs import field

from crmcore.api import entity, required


@entity
class Recommendation:
    """Who was recommended for an opportunity, who was chosen, and on what evidence; `reason` is why it was another.

    `candidates` are the ranked reps with their figures as they were then.
    """

    opportunity_id: int
    recommended_id: int | None = None
    chosen_id: int | None = None
    decided_id: int | None = None
    decided_at: datetime | None = None
    candidates: list[dict[str, Any]] = field(factory=list)
    reason: str = ""
    id: int = 0
    version: int = 0


@entity
class Coaching:
    """A one-to-one that a manager held with a rep: the sheet as it was on the day, and when they meet again."""

    rep_id: int | None
    manager_id: int | None = None
    held_on: date | None = None
    next_on: date | None = None
    sheet: dict[str, Any] = field(factory=dict)
    note: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class CoachingAction:
    """Something agreed in a one-to-one; `task_id` is the task it became."""

    coaching_id: int
    text: str = field(validator=required)
    task_id: int | None = None
    id: int = 0
    version: int = 0
