"""Materials, such as brochures, and to whom anyone of us gave them."""

from datetime import datetime
from decimal import Decimal

from attrs import field

from crmcore.api import entity, not_negative, required


@entity
class Material:
    """A brochure, sample or white paper; `days` is how long nobody gets it again from anyone (row S1-V09).

    Empty `days` means the workspace's. `file` is a path or URL.
    """

    code: str = field(validator=required)
    name: str = ""
    kind: str = "brochure"
    product: str = ""
    edition: str = ""
    file: str = ""
    days: int | None = field(default=None, validator=not_negative)
    unit_cost: Decimal | None = field(default=None, validator=not_negative)
    active: bool = True
    note: str = ""
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class Handout:
    """A material that a contact got from somebody of us: who (`user_id`), when, by which channel, in what."""

    material_id: int
    contact_id: int | None = None
    customer_id: int | None = None
    at: datetime | None = None
    user_id: int | None = None
    department: str = ""
    channel: str = ""
    campaign_id: int | None = None
    interaction_id: int | None = None
    message_id: int | None = None
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
