"""What service costs, and what it brings."""

from datetime import date, datetime
from decimal import Decimal

from attrs import field

from crmcore.api import currency_code, entity, not_negative, one_of


@entity
class HourRate:
    """What an hour of somebody's work costs from a day on, in the workspace's currency; of everybody without a user."""

    since: date
    amount: Decimal = field(validator=not_negative)
    user_id: int | None = None
    id: int = 0
    version: int = 0


@entity
class Cost:
    """Money or time spent; `rate` is what a unit of the currency was worth in the workspace's, and stays so.

    `entity` and `record_id` are the visit or the part that it follows from; such a cost changes with that alone.
    """

    day: date
    what: str = field(validator=one_of("labour", "parts", "travel", "other"))
    amount: Decimal
    currency: str = field(default="CNY", validator=currency_code)
    rate: Decimal = Decimal(1)
    minutes: int | None = field(default=None, validator=not_negative)
    user_id: int | None = None
    ticket_id: int | None = None
    work_order_id: int | None = None
    contract_id: int | None = None
    contact_id: int | None = None
    customer_id: int | None = None
    entity: str = ""
    record_id: int | None = None
    note: str = ""
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Gain:
    """What came of a ticket: a renewal, a customer saved, a sale. `status`: claimed, confirmed, rejected (row S1-V13).

    `entity` and `record_id` name the deal, order or contract that shows it; no record shows two gains.
    """

    kind: str = field(validator=one_of("renewal", "save", "sale"))
    amount: Decimal
    day: date
    status: str = field(default="claimed", validator=one_of("claimed", "confirmed", "rejected"))
    ticket_id: int | None = None
    contract_id: int | None = None
    contact_id: int | None = None
    customer_id: int | None = None
    entity: str = ""
    record_id: int | None = None
    currency: str = field(default="CNY", validator=currency_code)
    rate: Decimal = Decimal(1)
    reason: str = ""
    claimed_by_id: int | None = None
    confirmed_by_id: int | None = None
    confirmed_at: datetime | None = None
    note: str = ""
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
