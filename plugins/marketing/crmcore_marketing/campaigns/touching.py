"""Touches: the one place where campaigns and people meet. Whoever makes something happen writes them here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import field, frozen
from sqlalchemy import insert

from crmcore.api import ApplyTransaction, Transaction, one_of
from crmcore_marketing.tables import touch as touches

KINDS = (
    "sent", "click", "reply", "visit", "form", "registered", "attended", "material", "answer", "member", "qualified"
)  # fmt: skip
ENGAGING = frozenset({"click", "reply", "visit", "form", "registered", "attended", "answer", "qualified"})
"""The kinds in which the person did something, unless a touch says otherwise."""
_AT_ONCE = 5_000


@frozen(kw_only=True)
class Touch:
    """A campaign and a person met at an instant, in one of `KINDS` of ways.

    `engaging` says that the person did something: attribution counts such. Unless it is said, it follows from the kind.
    `customer_id` is whom the person stood for then. `entity` and `record_id` are what it is told of.
    """

    campaign_id: int | None
    kind: str = field(validator=one_of(*KINDS))
    at: datetime
    contact_id: int | None = None
    customer_id: int | None = None
    channel: str = ""
    product: str = ""
    engaging: bool = field()
    entity: str = ""
    record_id: int | None = None

    @engaging.default
    def _default_engaging(self) -> bool:
        return self.kind in ENGAGING


def touch(tx: Transaction | ApplyTransaction, happened: Sequence[Touch]) -> None:
    """Write touches, in the transaction of what they tell of: one statement for each 5,000."""
    for start in range(0, len(happened), _AT_ONCE):
        tx.execute(insert(touches), [_row(tx, one) for one in happened[start : start + _AT_ONCE]])


def _row(tx: Transaction | ApplyTransaction, one: Touch) -> dict[str, Any]:
    return {
        "id": tx.new_id(), "contact_id": one.contact_id, "customer_id": one.customer_id,
        "campaign_id": one.campaign_id, "at": one.at, "kind": one.kind, "channel": one.channel,
        "product": one.product, "engaging": one.engaging, "entity": one.entity, "record_id": one.record_id,
    }  # fmt: skip
