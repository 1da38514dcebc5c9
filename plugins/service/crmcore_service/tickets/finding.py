"""Finding a ticket, and what it refers to, by what a person types."""

from crmcore.api import record_named
from crmcore_service import tables
from crmcore_service.assets.parties import AnyReader
from crmcore_service.i18n import _


def ticket_named(reader: AnyReader, text: str) -> int:
    """Return the id of the ticket that a text names: T12, 12, or its subject; raises `NotFound` or `InvalidInput`."""
    return record_named(reader, tables.ticket, text, called=_("ticket"), prefix="T")


def queue_named(reader: AnyReader, text: str) -> int:
    """Return the id of a queue by its id, code or name."""
    return record_named(reader, tables.queue, text, called=_("queue"))


def category_named(reader: AnyReader, text: str) -> int:
    """Return the id of a category by its id or name."""
    return record_named(reader, tables.category, text, called=_("category"))


def level_named(reader: AnyReader, text: str) -> int:
    """Return the id of a service level by its id, code or name."""
    return record_named(reader, tables.level, text, called=_("service level"))
