"""Records as a format reader found them, before they are matched with what is stored.

Every reader, ours or a plugin's, turns a file into a stream of these frozen values. Each carries `line`, the place
in its file where it begins (counted from 1), so that every stored value and every rejection can name its source.
Text a reader does not understand goes to `extra`, never away.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from attrs import field, frozen

Text = Mapping[str, str]
NO_TEXT: Text = {}


@frozen(kw_only=True)
class Address:
    """A postal address in the parts of vCard's ADR (RFC 6350, 6.3.1)."""

    po_box: str = ""
    extended: str = ""
    street: str = ""
    locality: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


@frozen(kw_only=True)
class Point:
    """A way to reach somebody.

    `kind` is one of email, phone, fax, messenger, address, url; `value` is as typed (an address as one line of text);
    `label` holds lower-case words such as `home`, `work`, `mobile`, separated by spaces.
    """

    kind: str
    value: str
    label: str = ""
    preferred: bool = False
    address: Address | None = None


@frozen(kw_only=True)
class Attachment:
    """A file that came with a record: named, with its size in bytes and SHA-256, or only a URL. Not its content."""

    name: str = ""
    media_type: str = ""
    size: int | None = None
    sha256: str = ""
    url: str = ""


@frozen(kw_only=True)
class IncomingContact:
    """A person, as on a vCard or in a row of an address export. `name` is the name as displayed."""

    line: int
    name: str
    given: str = ""
    family: str = ""
    additional: str = ""
    prefix: str = ""
    suffix: str = ""
    nickname: str = ""
    organisation: str = ""
    organisation_key: str = ""  # external id of the organisation, where the file has one
    department: str = ""
    title: str = ""
    role: str = ""
    birthday: str = ""  # ISO 8601, may be partial as in vCard 4 (--0412)
    note: str = ""
    categories: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    photos: tuple[Attachment, ...] = ()
    external_id: str = ""  # vCard UID, record id of the exporting system
    identifiers: Text = NO_TEXT  # numbers that identify the person beyond this file: tax, insurance, membership
    language: str = ""
    owner: str = ""  # login or e-mail of the user who looks after the contact
    extra: Text = NO_TEXT


@frozen(kw_only=True)
class IncomingCustomer:
    """An organisation or individual we deal with, as in a row of an account export or a vCard of an organisation."""

    line: int
    name: str
    kind: str = "organisation"  # or: individual
    parent: str = ""  # by name or external id
    roles: tuple[str, ...] = ()  # customer, supplier, partner, ...; empty: not said
    note: str = ""
    categories: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    external_id: str = ""
    identifiers: Text = NO_TEXT
    owner: str = ""
    extra: Text = NO_TEXT


@frozen(kw_only=True)
class IncomingParticipant:
    """Somebody in an interaction. `address` is an e-mail address or a phone number, as written.

    `role` is from, to, cc, bcc, reply-to, organizer, attendee, caller, callee or present.
    """

    role: str
    name: str = ""
    address: str = ""
    status: str = ""  # iCalendar PARTSTAT in lower case, where there is one


@frozen(kw_only=True)
class IncomingInteraction:
    """Something that passed between us and others.

    `external_id` makes capture idempotent: a Message-ID, or UID and recurrence id. `at` is aware and in UTC, `zone` the
    zone of origin (an IANA name, or an offset such as +02:00); both empty when the source does not say.
    """

    line: int
    channel: str  # email, meeting, call, visit, note, chat, letter, ...
    external_id: str = ""
    thread: tuple[str, ...] = ()  # ids of the messages this one answers, oldest first
    direction: str = ""  # in, out, or empty: the importer decides by who of us took part
    at: datetime | None = None
    all_day: date | None = None  # a date-only event: never shifted by a zone
    zone: str = ""
    seconds: int | None = None
    subject: str = ""
    body: str = ""  # what was newly written
    quoted: str = ""  # what was quoted below it, with its introduction; signature included when cut
    location: str = ""
    status: str = ""  # confirmed, tentative, cancelled
    participants: tuple[IncomingParticipant, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    owner: str = ""
    extra: Text = NO_TEXT


@frozen(kw_only=True)
class IncomingTask:
    """Something to do, such as an iCalendar VTODO or a row of a task export."""

    line: int
    subject: str
    external_id: str = ""
    due: date | None = None
    done: bool = False
    note: str = ""
    about: str = ""  # name, e-mail or external id of the contact or customer
    owner: str = ""
    extra: Text = NO_TEXT


@frozen(kw_only=True)
class IncomingReference:
    """What a field of an `IncomingRecord` points at, as the file says it.

    `entity` is customer, contact, user_account, or a kind of record of a plugin. It is found by `external_id` in the
    system the file comes from; else by `text`: the same id, the name of a customer or contact, the e-mail address of a
    contact, the login, address or name of one of our people, or the value of one of the fields `by` of another record.
    What is not found, or found more than once, rejects the record, unless `optional` leaves the field empty: then it is
    filled in when what has the `external_id` comes.
    """

    entity: str
    external_id: str = ""
    text: str = ""
    by: tuple[str, ...] = ()
    optional: bool = False


@frozen(kw_only=True)
class IncomingRecord:
    """A record of a kind that a plugin keeps, such as a deal; `entity` is the name of its table.

    `values` are those of its fields, of the types the fields have; an empty one says nothing. `references` give fields
    that hold the id of another record. A record is found again by `external_id` in the system the file comes from,
    else by the fields `key` names, among `values` and `references`; without either it is the same as one that said the
    same. `states` are words for the state it is in, the most exact first: names or labels of states of its process;
    `ending` is what kind of state that is (open, won, lost, done), for a process with one of that kind; `ended` is the
    day it came there, if that state is an end. A field `probability` that the file says nothing of gets the state's
    odds. `extra` goes to fields of the workspace's own, and to `details` where
    the entity has them.
    """

    line: int
    entity: str
    external_id: str = ""
    values: Mapping[str, Any] = field(factory=dict)
    references: Mapping[str, IncomingReference] = field(factory=dict)
    key: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    ending: str = ""
    ended: date | None = None
    extra: Text = NO_TEXT

    @property
    def name(self) -> str:
        """What it is called, for people."""
        return next((str(v) for n in ("name", "title", "subject", *self.key) if (v := self.values.get(n))), "")


@frozen(kw_only=True)
class IncomingOwn:
    """Something that only the plugin whose format read it understands, and writes: see `Format.take`.

    `name` is what it is called, for people; `value` is a frozen value of the plugin's own.
    """

    line: int
    name: str
    value: Any


def _beginning(text: str) -> str:
    return text[:500]


@frozen(kw_only=True)
class Rejection:
    """A record that cannot be taken, and why; `raw` is its beginning, for the person who mends the file."""

    line: int
    reason: str
    raw: str = field(default="", converter=_beginning)


Incoming = IncomingContact | IncomingCustomer | IncomingInteraction | IncomingTask | IncomingRecord | IncomingOwn
"""Any record a reader may yield."""

__all__ = [
    "Address",
    "Attachment",
    "Incoming",
    "IncomingContact",
    "IncomingCustomer",
    "IncomingInteraction",
    "IncomingOwn",
    "IncomingParticipant",
    "IncomingRecord",
    "IncomingReference",
    "IncomingTask",
    "Point",
    "Rejection",
]
