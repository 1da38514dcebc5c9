"""Visits: programmes by which customers are to be visited until a day, and suggestions that a rep skipped."""

from datetime import date, datetime

from attrs import field

from crmcore.api import entity, one_of, required

SKIPS = ("too-far", "no-value", "in-touch", "not-due", "not-now", "other")
"""Why a suggested visit is skipped; all but the last two say which of its reasons did not convince."""


@entity
class VisitProgramme:
    """Customers to be visited from the instant `begins_at` to the day `until`, which is included (row S4-04).

    `owner_id` runs it; `closed_at` is when it was over, and what had not been visited went to the pool.
    """

    title: str = field(validator=required)
    begins_at: datetime
    until: date
    owner_id: int | None = None
    closed_at: datetime | None = None
    note: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class PlannedVisit:
    """A customer to be visited in a programme, and by whom; without an owner it lies in the pool.

    `closed_at` is when it was visited, seen from `interaction_id`. `returned` counts how often it went to the pool.
    """

    programme_id: int
    customer_id: int | None
    owner_id: int | None = None
    assigned_at: datetime | None = None
    closed_at: datetime | None = None
    interaction_id: int | None = None
    returned: int = 0
    id: int = 0
    version: int = 0


@entity
class Skip:
    """A suggested visit that a rep skipped, and why: what the next suggestions learn from (row S2-Q1).

    Until the day `until` the customer is not suggested to that rep at all.
    """

    user_id: int | None
    customer_id: int | None
    reason: str = field(validator=one_of(*SKIPS))
    skipped_on: date
    until: date | None = None
    note: str = ""
    id: int = 0
    version: int = 0
