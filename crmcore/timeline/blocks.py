"""The core's blocks of the brief: who it is, what they like, who works there, what is open, what passed between us."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from crmcore.hooks.kinds import impl
from crmcore.hooks.reading import Block, Subject
from crmcore.timeline.identity import identity
from crmcore.timeline.people import people
from crmcore.timeline.recent import interactions, open_tasks
from crmcore.timeline.wishes import wishes


@impl
def crm_brief(subject: Subject, now: datetime, reader: Any) -> Iterable[Block]:
    """Show the core's blocks: six statements, and one for the name of a parent."""
    yield from identity(subject, reader)
    yield from wishes(subject, now, reader)
    yield from people(subject, reader)
    yield from open_tasks(subject, now, reader)
    yield from interactions(subject, now, reader)
