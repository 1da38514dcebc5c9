"""What a search finds."""

from datetime import datetime

from attrs import frozen


@frozen(kw_only=True)
class Hit:
    """A record found. `matched` names the field in which, `snippet` shows the place.

    `entity` is contact, customer, interaction, task, process_item or a plugin's; `context` says whom it belongs to or
    is about.
    """

    entity: str
    id: int
    title: str
    matched: str
    snippet: str
    context: str = ""
    at: datetime | None = None
