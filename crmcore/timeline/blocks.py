"""The core's part of the brief and of timelines: who it is, their likes, who works there, what is open and passed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from crmcore.hooks.kinds import impl
from crmcore.hooks.reading import Block, Entry, Subject
from crmcore.timeline.identity import identity
from crmcore.timeline.open import open_tasks
from crmcore.timeline.people import people
from crmcore.timeline.talks import interactions
from crmcore.timeline.wishes import wishes


@impl
def crm_brief(subject: Subject, now: datetime, reader: Any) -> Iterable[Block]:
    """Show the core's blocks: five statements, and one for the name of a parent."""
    yield from identity(subject, reader)
    yield from wishes(subject, now, reader)
    yield from people(subject, reader)
    yield from open_tasks(subject, now, reader)


@impl
def crm_timeline(subject: Subject, before: datetime | None, limit: int, reader: Any) -> Iterable[Entry]:
    """Contribute interactions: one statement."""
    return interactions(subject, before, limit, reader)
