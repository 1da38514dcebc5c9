"""What was learned about an opportunity, whichever sales method asks for it; and which methods are in use."""

from datetime import date, datetime

from attrs import field

from crmcore.api import entity, one_of, required

KINDS = ("need", "commitment", "result", "win", "metric", "criterion", "step")
"""What the customer needs; what somebody promised; what the company gets out of it (result) and what a person does
(win); by what figure; by which criteria they choose; and a step of how they decide."""


@entity
class Evidence:
    """Something learned about an opportunity: what, who of them said it, on which day, in which interaction."""

    opportunity_id: int
    kind: str = field(validator=one_of(*KINDS))
    text: str = field(validator=required)
    contact_id: int | None = None
    interaction_id: int | None = None
    said_on: date | None = None
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@entity
class MethodUse:
    """The sales methods used on an opportunity; without one, on all that have no choice of their own."""

    opportunity_id: int | None = None
    methods: list[str] = field(factory=list)
    id: int = 0
    version: int = 0
