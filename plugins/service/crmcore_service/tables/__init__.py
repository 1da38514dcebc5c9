"""The plugin's tables, by subject; all in one set of metadata."""

from crmcore_service.tables.answers import deflection, posting, public_answer, rating
from crmcore_service.tables.assets import asset, contract, cover
from crmcore_service.tables.base import metadata
from crmcore_service.tables.levels import escalation, level, pause, step, target
from crmcore_service.tables.orders import part, place, skill, technician, visit, work_order
from crmcore_service.tables.queues import absence, category, mailbox, queue, reading, received
from crmcore_service.tables.returns import cost, gain, hour_rate
from crmcore_service.tables.tickets import link, outgoing, post, ticket

__all__ = [
    "absence",
    "asset",
    "category",
    "contract",
    "cost",
    "cover",
    "deflection",
    "escalation",
    "gain",
    "hour_rate",
    "level",
    "link",
    "mailbox",
    "metadata",
    "outgoing",
    "part",
    "pause",
    "place",
    "post",
    "posting",
    "public_answer",
    "queue",
    "rating",
    "reading",
    "received",
    "skill",
    "step",
    "target",
    "technician",
    "ticket",
    "visit",
    "work_order",
]
