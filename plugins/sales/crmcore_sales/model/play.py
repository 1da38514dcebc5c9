"""Plays: what can be done about a deal that does not move."""

from datetime import datetime

from attrs import field

from crmcore.api import entity, required


@entity
class Play:
    """Something a rep can do, and how it is known that somebody did it: from interactions, so that nobody types it.

    An interaction is this play when it has the `channel` (empty: any), one of the `words` in its subject or text
    (separated by commas; empty: any) and is with a person of the buying `role` (empty: anybody). `text` says how to
    do it.
    """

    name: str = field(validator=required)
    text: str = ""
    channel: str = ""
    words: str = ""
    role: str = ""
    active: bool = True
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
