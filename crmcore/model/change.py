"""What a transaction is about to write, as frozen values that hooks see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen


@frozen(kw_only=True)
class Change:
    """One record created, changed or removed.

    `action` is created, changed or removed; `entity` the lower-case entity name; `before` and `after` map field names
    to values: for a change only the fields that differ.
    """

    action: str
    entity: str
    id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@frozen(kw_only=True)
class Event:
    """An entry of the journal: when, in whose name, why, what happened to what.

    `type` is `entity.action`, such as `contact.changed`; `cause` says what led to it (a command, an import, a rule).
    `cause_id` is the entry on whose delivery this one was written, if it was, and `depth` how many deliveries led here.
    """

    id: int = 0
    at: datetime
    actor: str
    cause: str
    type: str
    entity: str
    subject_id: int
    data: Mapping[str, Any]
    cause_id: int | None = None
    depth: int = 0
