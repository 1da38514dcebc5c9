"""Audiences: whom a campaign is for, as a saved condition."""

from datetime import datetime

from attrs import field

from crmcore.api import entity, required


@entity
class Audience:
    """People chosen by a condition (CEL), asked anew each time it is used; never a frozen list.

    `purpose` and `channel` say what consent is asked for when it is shown who would be left out.
    """

    name: str = field(validator=required)
    expression: str = field(validator=required)
    purpose: str = "marketing"
    channel: str = "email"
    owner_id: int | None = None
    note: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
