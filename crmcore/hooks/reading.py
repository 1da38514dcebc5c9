"""Reading: contributing to what users look at."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from attrs import field, frozen
from attrs.validators import in_

from crmcore.hooks.kinds import COLLECT, hook


@frozen(kw_only=True)
class Block:
    """A block of the brief: a title, column headings (may be empty) and rows of text; `weight` orders blocks.

    `data` is the same for programs, as `--json` prints it.
    """

    title: str
    weight: int
    rows: tuple[tuple[str, ...], ...]
    headings: tuple[str, ...] = ()
    data: Any = field(factory=list)


@frozen(kw_only=True)
class Subject:
    """Whom a brief is about: a customer and its contacts, or a contact and the customers it stands for."""

    entity: str
    id: int
    name: str
    customer_ids: tuple[int, ...] = ()
    contact_ids: tuple[int, ...] = ()


@frozen(kw_only=True)
class Entry:
    """Something that happened with a party, for its timeline: when, what kind of thing, with whom, one line of text.

    `at` has its zone; where only a date is known, `day` is shown in its place. `entity` and `id` name the record to
    look at for more; a record has one entry for an instant. `data` is the same for programs.
    """

    at: datetime = field()
    kind: str
    text: str
    entity: str
    id: int
    who: str = ""
    day: date | None = None
    data: Any = field(factory=dict)

    @at.validator
    def _check_at(self, _attribute: object, value: datetime) -> None:
        if value.tzinfo is None:
            raise ValueError(f"the entry's time needs its zone: {value}")


@frozen(kw_only=True)
class Quality:
    """A figure of the data-quality meter: of `total` records `bad` need mending.

    `fixes` lists the first of them as (entity, id, what is wrong).
    """

    title: str
    total: int
    bad: int
    fixes: tuple[tuple[str, int, str], ...] = ()


@frozen(kw_only=True)
class Trouble:
    """Something about a plugin's own work that a person has to see to: `what` is wrong, a word, and a sentence on it.

    `severity` is error where nothing goes on, else warning; `since` is when it was noticed first.
    """

    what: str
    message: str
    severity: str = field(default="warning", validator=in_(("error", "warning")))
    since: datetime | None = None


@hook(COLLECT)
def crm_brief(subject: Subject, now: datetime, reader: Any) -> Iterable[Block]:  # type: ignore[empty-body] # a specification
    """Contribute blocks to a brief. `reader` runs statements that see only what the user may see."""


@hook(COLLECT)
def crm_quality(reader: Any) -> Iterable[Quality]:  # type: ignore[empty-body] # a specification
    """Contribute figures to the data-quality meter."""


@hook(COLLECT)
def crm_health(reader: Any) -> Iterable[Trouble]:  # type: ignore[empty-body] # a specification
    """Tell `crm doctor` what is wrong with the plugin's own work at present: a mailbox that cannot be read, lost mail.

    What goes well is not told. Read with a few statements, each bounded; what failed in a hook or a job is known.
    """


@hook(COLLECT)
def crm_timeline(subject: Subject, before: datetime | None, limit: int, reader: Any) -> Iterable[Entry]:  # type: ignore[empty-body] # a specification
    """Contribute to what passed between us and a party: the newest `limit` entries at or before an instant.

    None means no instant: the newest of all. Entries of that very instant belong to it; those that an earlier page
    showed are left out by the host. Shown in one order with the core's interactions, by `crm brief`. Read with one
    statement, bounded by `limit`.
    """
