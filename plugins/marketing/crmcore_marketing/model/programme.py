"""Programmes: keeping, developing and winning the customers of an industry."""

from datetime import date, datetime

from attrs import field

from crmcore.api import entity, one_of, required

GOALS = ("keep", "develop", "win")


@entity
class Programme:
    """A plan for the customers of an industry, with its campaigns and plays (row S2-17)."""

    name: str = field(validator=required)
    industry: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    owner_id: int | None = None
    note: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class ProgrammePlay:
    """A way to keep, develop or win customers of a programme; `steps` is what is done, a line each."""

    programme_id: int
    name: str = field(validator=required)
    goal: str = field(validator=one_of(*GOALS))
    steps: str = ""
    id: int = 0
    version: int = 0


@entity
class Placement:
    """A customer in a programme's play from a day on; `result` is what came of it until it ended.

    A customer is in one play of a programme at a time: the one whose `until` is empty.
    """

    programme_id: int
    play_id: int
    customer_id: int | None = None
    since: date
    until: date | None = None
    result: str = field(default="", validator=one_of("", "kept", "lost", "developed", "won", "moved"))
    result_on: date | None = None
    note: str = ""
    id: int = 0
    version: int = 0
