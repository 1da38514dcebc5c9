"""Service levels: targets, escalation steps, and what was escalated."""

from datetime import datetime

from attrs import field

from crmcore.api import entity, one_of, required


@entity
class Level:
    """What we promise: by which calendar the clocks run, and in which states they stand still (`pauses`).

    An empty `calendar` is the workspace's own.
    """

    name: str = field(validator=required)
    code: str = ""
    calendar: str = ""
    pauses: list[str] = field(factory=lambda: ["waiting", "on_hold"])
    note: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class LevelTarget:
    """How long a clock may run for a priority, every one where it is empty: `minutes`, or `days` of the calendar."""

    level_id: int
    clock: str = field(validator=one_of("owner", "response", "resolution", "visit"))
    priority: str = field(default="", validator=one_of("", "P1", "P2", "P3", "P4"))
    minutes: int | None = None
    days: int | None = None
    id: int = 0
    version: int = 0


@entity
class EscalationStep:
    """Who is told when a clock ran for some minutes: `counted` from its `start` or its `due` (negative: before).

    `tells` is owner, manager (of the queue), user or team; `priority_then` raises the ticket's priority, and whoever is
    told becomes its owner if the step `assigns` it.
    """

    level_id: int
    clock: str = field(validator=one_of("owner", "response", "resolution", "visit"))
    minutes: int
    priority: str = field(default="", validator=one_of("", "P1", "P2", "P3", "P4"))
    counted: str = field(default="start", validator=one_of("start", "due"))
    tells: str = field(default="manager", validator=one_of("owner", "manager", "user", "team"))
    user_id: int | None = None
    team: str = ""
    priority_then: str = field(default="", validator=one_of("", "P1", "P2", "P3", "P4"))
    assigns: bool = False
    id: int = 0
    version: int = 0


@entity
class Escalation:
    """A step that was taken: when it was due, when it was, who was told, by which task; `round` counts reopenings."""

    due_at: datetime
    at: datetime
    ticket_id: int | None = None
    work_order_id: int | None = None
    step_id: int | None = None
    clock: str = ""
    round: int = 0
    told_id: int | None = None
    task_id: int | None = None
    what: str = ""
    id: int = 0
    version: int = 0
