"""Mailings: a template sent to many, each message with a state of its own."""

from datetime import datetime

from attrs import field

from crmcore.api import entity, not_negative, one_of, required

MAILING_STATES = ("draft", "queued", "paused", "sent", "cancelled")


@entity
class Template:
    """What is written to people: a subject, a text part that every message has, and an HTML part if there is one.

    Texts have placeholders in the notation of Jinja. `language` is that of the text (BCP 47).
    """

    name: str = field(validator=required)
    subject: str = field(validator=required)
    text: str = field(validator=required)
    html: str = ""
    language: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Mailing:
    """A template sent to an audience, or to the members of a campaign.

    `rate` is how many messages leave in a minute at most (empty: the workspace's). `material_id` is a brochure that
    goes with it. Nothing leaves before `starts_at`.
    """

    name: str = field(validator=required)
    template_id: int
    campaign_id: int | None = None
    audience_id: int | None = None
    material_id: int | None = None
    purpose: str = "marketing"
    status: str = field(default="draft", validator=one_of(*MAILING_STATES))
    starts_at: datetime | None = None
    queued_at: datetime | None = None
    finished_at: datetime | None = None
    rate: int | None = field(default=None, validator=not_negative)
    sender: str = ""
    reply_to: str = ""
    owner_id: int | None = None
    note: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
