"""What customers have of us: installed products and contracts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import field

from crmcore.api import currency_code, entity, not_negative, required


@entity
class Asset:
    """A product installed at a customer (Salesforce: Asset), with its serial number, warranty and place."""

    product: str = field(validator=required)
    model: str = ""
    serial: str = ""
    status: str = "active"
    contact_id: int | None = None
    customer_id: int | None = None
    owner_id: int | None = None
    installed_on: date | None = None
    warranty_until: date | None = None
    retired_on: date | None = None
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    note: str = ""
    custom: dict[str, Any] = field(factory=dict)
    details: dict[str, Any] = field(factory=dict)
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Contract:
    """A service contract: what is promised (`level`), for how long, for what amount.

    `renewed_from_id` is the contract that it renews.
    """

    name: str = field(validator=required)
    number: str = ""
    kind: str = ""
    contact_id: int | None = None
    customer_id: int | None = None
    owner_id: int | None = None
    level_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    amount: Decimal | None = field(default=None, validator=not_negative)
    currency: str = field(default="CNY", validator=currency_code)
    rate: Decimal = Decimal(1)
    hours: int | None = None
    renewed_from_id: int | None = None
    closed_at: datetime | None = None
    note: str = ""
    custom: dict[str, Any] = field(factory=dict)
    details: dict[str, Any] = field(factory=dict)
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Cover:
    """An installed product that a contract is about."""

    contract_id: int
    asset_id: int
    id: int = 0
    version: int = 0
