"""What a person allows us, and what a person likes."""

from datetime import datetime

from attrs import field

from crmcore.model.entity import entity, one_of, required


@entity
class Consent:
    """What a contact or customer allows: a channel and a purpose, granted or denied, when, and on what evidence.

    `channel` or `purpose` may be `*` for any. Consents are never changed: the latest that applies decides.
    """

    state: str = field(validator=one_of("granted", "denied"))
    channel: str = field(default="*", validator=required)
    purpose: str = field(default="*", validator=required)
    contact_id: int | None = None
    customer_id: int | None = None
    at: datetime | None = None
    until: datetime | None = None
    evidence: str = ""
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0


@entity
class Preference:
    """What somebody likes: quiet hours and channels are honoured by the core, the rest is shown in the brief.

    For quiet hours `starts` and `ends` are HH:MM in the person's zone and `allow` is false; `days` are ISO weekday
    digits (empty: every day). `sentence` is where it was taken from.
    """

    kind: str = field(validator=one_of("quiet_hours", "channel", "taste", "language", "other"))
    contact_id: int | None = None
    customer_id: int | None = None
    channel: str = ""
    allow: bool = True
    starts: str = ""
    ends: str = ""
    days: str = ""
    text: str = ""
    sentence: str = ""
    interaction_id: int | None = None
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
