"""Agents, queues, wrap-up codes, and callbacks."""

from datetime import datetime

from attrs import field

from crmcore.api import entity, one_of, required

MEANS = ("", "resolved", "reached", "not_reached", "refused", "wrong_number", "callback")


@entity
class CallQueue:
    """A line in which callers wait for agents; `numbers` are those one dials to get there.

    A call counts as answered in time within `answer_seconds`; who gave up is called back within `callback_minutes`.
    """

    name: str = field(validator=required)
    code: str = ""
    purpose: str = field(default="service", validator=one_of("sales", "marketing", "service", "transactional"))
    calendar: str = ""
    numbers: list[str] = field(factory=list)
    answer_seconds: int = 20
    callback_minutes: int = 60
    manager_id: int | None = None
    active: bool = True
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class CallAgent:
    """One of us who takes calls: by which extension, and by which devices (PJSIP/201) or names telephone systems know.

    `line_id` is the telephone system by which they call.
    """

    name: str = field(validator=required)
    user_id: int | None = None
    extension: str = ""
    devices: list[str] = field(factory=list)
    line_id: int | None = None
    active: bool = True
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class QueueMember:
    """An agent who answers a queue; one with a lower `penalty` is rung first."""

    queue_id: int
    agent_id: int
    penalty: int = 0
    id: int = 0
    version: int = 0


@entity
class WrapCode:
    """How an agent sums up a call: what it `means`, which `form` is filled in, after how many days to follow up."""

    name: str = field(validator=required)
    code: str = ""
    means: str = field(default="", validator=one_of(*MEANS))
    form: str = ""
    follow_days: int | None = None
    active: bool = True
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Callback:
    """Somebody to be called back: who gave up waiting, or asked for it. `why` says what ended it.

    `attempts` are the calls in which they gave up, `tries` ours in which they were not reached; after one of these it
    is not tried again before `next_at`. Who takes it, at `taken_at`, is its owner.
    """

    asked_at: datetime
    due_at: datetime
    call_id: int | None = None
    queue_id: int | None = None
    contact_id: int | None = None
    customer_id: int | None = None
    number: str = ""
    normal: str = ""
    status: str = field(default="open", validator=one_of("open", "done", "given_up"))
    why: str = ""
    note: str = ""
    owner_id: int | None = None
    attempts: int = 0
    tries: int = 0
    taken_at: datetime | None = None
    next_at: datetime | None = None
    done_at: datetime | None = None
    done_call_id: int | None = None
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
