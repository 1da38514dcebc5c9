"""Work orders, and the people who do them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import field

from crmcore.api import currency_code, entity, not_negative, required


@entity
class Place:
    """A town, district or postal code and where it lies, in degrees (WGS 84); `key` is its name as it is compared."""

    name: str = field(validator=required)
    key: str
    latitude: float
    longitude: float
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0


@entity
class Technician:
    """One of our people who visits customers: from where, how far (`radius`, kilometres), by which calendar."""

    user_id: int | None = None
    base: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius: int | None = None
    calendar: str = ""
    active: bool = True
    note: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Skill:
    """What one of our people can do, such as a model, and how well: level 1 to 5; `until` is when it expires."""

    name: str = field(validator=required)
    level: int
    user_id: int | None = None
    until: date | None = None
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0


@entity
class WorkOrder:
    """Work at a customer's (Salesforce: Work Order): what, where, by when (`due_at`), and who does it.

    `promised_on` is the day that the customer was told, `starts_at` and `ends_at` the appointment.
    `skill` and `skill_level` are what it takes. `visited_at` is when somebody first came, and `fixed` whether it was
    fixed then. `uid` and `sequence` name the appointment in the customer's calendar, `task_id` our promise of the day.
    """

    subject: str = field(validator=required)
    opened_at: datetime
    kind: str = "repair"
    ticket_id: int | None = None
    contact_id: int | None = None
    customer_id: int | None = None
    asset_id: int | None = None
    contract_id: int | None = None
    status: str = "new"
    entered_at: datetime | None = None
    closed_at: datetime | None = None
    owner_id: int | None = None
    technician_id: int | None = None
    due_at: datetime | None = None
    promised_on: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    visited_at: datetime | None = None
    done_at: datetime | None = None
    next_step_at: datetime | None = None
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    skill: str = ""
    skill_level: int | None = None
    fixed: bool | None = None
    cause: str = ""
    result: str = ""
    note: str = ""
    uid: str = ""
    sequence: int = 0
    task_id: int | None = None
    custom: dict[str, Any] = field(factory=dict)
    details: dict[str, Any] = field(factory=dict)
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Visit:
    """A technician was there, from when to when, and drove so far; `fixed` says whether it was fixed then."""

    work_order_id: int
    starts_at: datetime
    technician_id: int | None = None
    ends_at: datetime | None = None
    kilometres: int | None = field(default=None, validator=not_negative)
    fixed: bool | None = None
    note: str = ""
    id: int = 0
    version: int = 0


@entity
class Part:
    """A part used in a work order; one under `warranty` is not billed."""

    work_order_id: int
    name: str = field(validator=required)
    number: str = ""
    quantity: Decimal = Decimal(1)
    unit_cost: Decimal | None = field(default=None, validator=not_negative)
    currency: str = field(default="CNY", validator=currency_code)
    warranty: bool = False
    id: int = 0
    version: int = 0
