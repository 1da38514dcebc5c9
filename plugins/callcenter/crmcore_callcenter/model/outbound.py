"""Scripts, calling lists, and what people answered."""

from datetime import datetime
from typing import Any

from attrs import field

from crmcore.api import entity, one_of, required

STATES = ("waiting", "calling", "done", "skipped", "exhausted")


@entity
class CallScript:
    """What to say and ask on the telephone; the answers fill in the `form` of whoever keeps them.

    `questions` have the script's own words for what the form asks, and questions of its own.
    """

    name: str = field(validator=required)
    code: str = ""
    opening: str = ""
    closing: str = ""
    form: str = ""
    questions: list[dict[str, Any]] = field(factory=list)
    active: bool = True
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class CallingList:
    """Whom to call for a purpose, by a script. `about` names what it is for, such as a campaign."""

    name: str = field(validator=required)
    code: str = ""
    purpose: str = field(default="sales", validator=one_of("sales", "marketing", "service", "transactional"))
    about: str = ""
    condition: str = ""
    status: str = field(default="open", validator=one_of("open", "paused", "closed"))
    script_id: int | None = None
    most_attempts: int = 3
    retry_minutes: int = 120
    owner_id: int | None = None
    team: str = ""
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class ListEntry:
    """Somebody on a calling list, and how far that is; `why` says why they are not called, `next_at` until when."""

    list_id: int
    contact_id: int | None = None
    customer_id: int | None = None
    number: str = ""
    normal: str = ""
    status: str = field(default="waiting", validator=one_of(*STATES))
    result: str = ""
    why: str = ""
    owner_id: int | None = None
    taken_at: datetime | None = None
    next_at: datetime | None = None
    attempts: int = 0
    call_id: int | None = None
    details: dict[str, Any] = field(factory=dict)
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class ScriptRun:
    """What somebody answered to a script; `entity` and `record_id` are what its form made of it."""

    at: datetime
    script_id: int | None = None
    list_id: int | None = None
    call_id: int | None = None
    contact_id: int | None = None
    customer_id: int | None = None
    owner_id: int | None = None
    answers: dict[str, Any] = field(factory=dict)
    result: str = ""
    entity: str = ""
    record_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
