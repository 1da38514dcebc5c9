"""Queues, categories, and the mailboxes that fill them."""

from datetime import date, datetime

from attrs import field

from crmcore.api import entity, one_of, required


@entity
class TicketQueue:
    """A line in which tickets wait for the people of `team` (Salesforce: Queue); replies come from its `address`.

    Tickets get the queue's `level`; who is given one has the `skill`, where one is named. `assign` says whether they
    are given to somebody at once; where it is empty the workspace's setting does. `manager_id` is told of what waits
    too long.
    """

    name: str = field(validator=required)
    code: str = ""
    level_id: int | None = None
    manager_id: int | None = None
    team: str = ""
    skill: str = ""
    address: str = ""
    assign: str = field(default="", validator=one_of("", "automatic", "by_hand"))
    active: bool = True
    note: str = ""
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Category:
    """What tickets are about; `minutes` is how long one of the kind takes an engineer.

    A ticket of it gets its queue and priority where nothing is said; `skill` is what it takes to solve one, and
    `skill_level` how well that must be mastered, 1 to 5.
    """

    name: str = field(validator=required)
    parent_id: int | None = None
    queue_id: int | None = None
    priority: str = field(default="", validator=one_of("", "P1", "P2", "P3", "P4"))
    skill: str = ""
    skill_level: int | None = None
    minutes: int | None = None
    note: str = ""
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Absence:
    """Days on which one of our people is away, from the first to the last: nothing new is given to them."""

    starts_on: date
    ends_on: date
    user_id: int | None = None
    note: str = ""
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0


@entity
class ServiceMailbox:
    """A mailbox whose mails become tickets of a queue; those written before `since` become none.

    `password` says where the password is (env:NAME, file:/PATH).
    """

    name: str = field(validator=required)
    address: str = ""
    password: str = ""
    queue_id: int | None = None
    since: date | None = None
    active: bool = True
    note: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
