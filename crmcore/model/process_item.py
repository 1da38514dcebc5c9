"""What goes through a process: a record that is in one of its states."""

from datetime import datetime
from typing import Any

from attrs import field

from crmcore.model.entity import entity, required


@entity
class ProcessItem:
    """A case of a process that a workspace or plugin defines: a sample being shipped, an application being checked.

    `process` names the definition, `state` one of its states, entered at `entered_at`; `closed_at` is when it reached
    a state that is an end. `interaction_id` is the conversation it came from, if it came from one. The fields that the
    process defines are in `custom`.
    """

    process: str = field(validator=required)
    title: str = field(validator=required)
    state: str = ""
    customer_id: int | None = None
    contact_id: int | None = None
    owner_id: int | None = None
    interaction_id: int | None = None
    entered_at: datetime | None = None
    closed_at: datetime | None = None
    note: str = ""
    custom: dict[str, Any] = field(factory=dict)
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
