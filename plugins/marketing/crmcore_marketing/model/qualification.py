"""Qualification: what somebody needs, when and for how much, and what follows from it."""

from datetime import date, datetime
from decimal import Decimal

from attrs import field

from crmcore.api import currency_code, entity, not_negative, one_of

RESULTS = ("now", "later", "none")
"""A need now: to whoever follows leads. A need later: asked again on a date. None."""


@entity
class Qualification:
    """What a contact said of a need: product, quantity, the day it is needed, the budget (row S4-03).

    `result` follows from the answers; `again_on` is the day to ask again; `agent_id` is who asked.
    """

    contact_id: int | None = None
    customer_id: int | None = None
    campaign_id: int | None = None
    member_id: int | None = None
    agent_id: int | None = None
    at: datetime | None = None
    need: str = ""
    product: str = ""
    quantity: Decimal | None = field(default=None, validator=not_negative)
    need_by: date | None = None
    budget: Decimal | None = field(default=None, validator=not_negative)
    currency: str = field(default="CNY", validator=currency_code)
    result: str = field(default="none", validator=one_of(*RESULTS))
    again_on: date | None = None
    task_id: int | None = None
    note: str = ""
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class ScoreModel:
    """A scorecard: points for each factor, learned from who bought and who did not, and how good it was.

    `target` says who counts as one of those looked for, `asked` by what people were told apart, and since when.
    `factors` hold each factor's bins and points; `measured` what it reached on the half it had not seen.
    """

    name: str
    target: str
    asked: dict[str, object] = field(factory=dict)
    factors: list[dict[str, object]] = field(factory=list)
    base: float = 0.0
    people: int = 0
    positives: int = 0
    measured: dict[str, object] = field(factory=dict)
    trained_at: datetime | None = None
    active: bool = True
    id: int = 0
    version: int = 0
