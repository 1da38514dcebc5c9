"""Forms that people fill in on our pages, and what they said."""

from datetime import datetime
from typing import Any

from attrs import field

from crmcore.api import entity, one_of, required


@entity
class Form:
    """A form of our pages: which fields it has, and to which campaign and product what comes in belongs.

    `fields` name the inputs, each with what it is (name, email, phone, company, product, quantity, consent, text …).
    `key` is its public name in addresses.
    """

    name: str = field(validator=required)
    key: str = field(validator=required)
    campaign_id: int | None = None
    product: str = ""
    fields: list[dict[str, Any]] = field(factory=list)
    active: bool = True
    note: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Submission:
    """A form that was filled in, as it came, with the UTM tags of the address it came from."""

    form_id: int
    at: datetime
    contact_id: int | None = None
    customer_id: int | None = None
    campaign_id: int | None = None
    status: str = field(default="taken", validator=one_of("taken", "rejected"))
    reason: str = ""
    data: dict[str, Any] = field(factory=dict)
    utm: dict[str, str] = field(factory=dict)
    external_id: str | None = None
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
