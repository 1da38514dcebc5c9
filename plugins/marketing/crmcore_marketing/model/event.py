"""Events that people register for: seminars, lectures, visits."""

from datetime import datetime

from attrs import field

from crmcore.api import entity, not_negative, one_of, required

REGISTRATION_STATES = ("registered", "waiting", "cancelled", "attended", "no_show")


@entity
class Event:
    """A seminar or the like (schema.org: Event). Without `capacity` everybody finds a seat.

    `zone` is where it takes place (an IANA name); `uid` is how calendars know it (RFC 5545).
    """

    name: str = field(validator=required)
    starts_at: datetime
    ends_at: datetime
    zone: str = ""
    campaign_id: int | None = None
    place: str = ""
    url: str = ""
    capacity: int | None = field(default=None, validator=not_negative)
    status: str = field(default="planned", validator=one_of("planned", "held", "cancelled"))
    uid: str = ""
    sequence: int = 0
    owner_id: int | None = None
    note: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class EventRegistration:
    """A contact's seat in an event, or place on its waiting list; `reminded` are the reminders queued (days before)."""

    event_id: int
    contact_id: int | None = None
    customer_id: int | None = None
    status: str = field(default="registered", validator=one_of(*REGISTRATION_STATES))
    registered_at: datetime | None = None
    confirmed_at: datetime | None = None
    reminded: list[int] = field(factory=list)
    attended_at: datetime | None = None
    channel: str = ""
    note: str = ""
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
