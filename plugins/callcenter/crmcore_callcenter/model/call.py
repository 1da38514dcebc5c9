"""Calls."""

from datetime import datetime
from typing import Any

from attrs import field

from crmcore.api import entity, one_of

STATUSES = ("ringing", "queued", "talking", "held", "ended")


@entity
class Call:
    """A telephone call, whatever channels, transfers and sources it had; what passed in it is its interaction.

    `system` and `external_id` are where it was heard of first. `owner_id` is the agent's user. `from_number` and
    `to_number` are as the telephone system writes them, `from_normal` and `to_normal` in E.164. Seconds are whole, None
    where they are not known, as of a call that goes on.
    """

    started_at: datetime
    system: str = ""
    external_id: str = ""
    contact_id: int | None = None
    customer_id: int | None = None
    owner_id: int | None = None
    direction: str = field(default="", validator=one_of("", "in", "out", "internal"))
    from_number: str = ""
    from_normal: str = ""
    from_name: str = ""
    to_number: str = ""
    to_normal: str = ""
    queue_id: int | None = None
    status: str = field(default="ringing", validator=one_of(*STATUSES))
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: int | None = None
    talk_seconds: int | None = None
    hold_seconds: int = 0
    transfers: int = 0
    answered: bool = False
    abandoned: bool = False
    reason: str = ""
    recording: str = ""
    wrap_code_id: int | None = None
    wrapped_at: datetime | None = None
    interaction_id: int | None = None
    custom: dict[str, Any] = field(factory=dict)
    details: dict[str, Any] = field(factory=dict)
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
