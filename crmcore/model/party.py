"""The parties: customers, contacts, the positions that join them, and the ways to reach them."""

from datetime import date, datetime
from typing import Any

from attrs import field

from crmcore.model.entity import entity, one_of, required

POINT_KINDS = ("email", "phone", "fax", "messenger", "address", "url")


@entity
class Customer:
    """An organisation or individual we deal with; roles (customer, supplier, partner) are kept beside it.

    `details` holds what an import brought and no field here means, by its original heading. `merged_into_id` names
    the record that took this one over; such a record is out of sight until it is unmerged.
    """

    name: str = field(validator=required)
    kind: str = field(default="organisation", validator=one_of("organisation", "individual"))
    parent_id: int | None = None
    owner_id: int | None = None
    private: bool = False
    language: str = ""
    zone: str = ""
    note: str = ""
    details: dict[str, Any] = field(factory=dict)
    custom: dict[str, Any] = field(factory=dict)
    source: str = ""
    batch_id: int | None = None
    merged_into_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Contact:
    """A person. `name` is the name as displayed; parts are kept where known, in vCard's terms (RFC 6350, 6.2.2).

    `birthday` is ISO 8601 and may be partial (--04-12). `private` keeps the contact on its owner's own list.
    """

    name: str = field(validator=required)
    given: str = ""
    family: str = ""
    additional: str = ""
    prefix: str = ""
    suffix: str = ""
    birthday: str = ""
    owner_id: int | None = None
    private: bool = False
    language: str = ""
    zone: str = ""
    note: str = ""
    details: dict[str, Any] = field(factory=dict)
    custom: dict[str, Any] = field(factory=dict)
    source: str = ""
    batch_id: int | None = None
    merged_into_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class CustomerRole:
    """What a customer is to us: customer, supplier, partner or another word; several at once, each with dates."""

    customer_id: int
    role: str = field(validator=required)
    started: date | None = None
    ended: date | None = None
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0


@entity
class Position:
    """A contact's role at a customer, with dates; a person may hold several, and move."""

    contact_id: int
    customer_id: int
    title: str = ""
    department: str = ""
    role: str = ""
    started: date | None = None
    ended: date | None = None
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0


@entity
class ContactPoint:
    """A way to reach a contact or a customer: `value` as typed, `normal` for comparison (E.164, folded address).

    `address` holds the parts of vCard's ADR for the kind address. `status` is empty, or says why the point should not
    be used: invalid, bounced, stale.
    """

    kind: str = field(validator=one_of(*POINT_KINDS))
    value: str = field(validator=required)
    contact_id: int | None = None
    customer_id: int | None = None
    label: str = ""
    normal: str = ""
    preferred: bool = False
    address: dict[str, str] | None = None
    status: str = ""
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0


@entity
class ExternalId:
    """The name a record goes by elsewhere: `scheme` is the system or file kind, `value` its id there."""

    kind: str
    record_id: int
    scheme: str
    value: str = field(validator=required)
    batch_id: int | None = None
    id: int = 0
    version: int = 0
