"""Handing over: what one part of a business found goes on in another, such as from marketing to sales."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import field, frozen
from attrs.validators import matches_re

from crmcore.hooks.kinds import DECLARE, hook


@frozen(kw_only=True)
class Prospect:
    """Somebody who may want something, with all that is known of it, so that nobody types it again.

    `origin` is the record it comes from, as (entity, id): whatever is made of it is linked to that. `need_by` is when
    they need it, `amount` what it may be worth in `currency`, `product` a product's code, name or other words.
    Whatever is empty is not known; without `owner_id` nobody has it yet.
    """

    title: str
    contact_id: int | None = None
    customer_id: int | None = None
    owner_id: int | None = None
    amount: Decimal | None = None
    currency: str = ""
    product: str = ""
    quantity: Decimal | None = None
    need_by: date | None = None
    region: str = ""
    lead_source: str = ""
    campaign: str = ""
    note: str = ""
    origin: tuple[str, int] | None = None


@frozen(kw_only=True)
class Taker:
    """Who goes on with prospects: `take(tx, prospects)` makes a record of `entity` of each.

    It answers their ids, in the order of the prospects. It is asked once for all of them, in the transaction of who
    hands over, with what a `notify` hook is lent; what it raises refuses the whole.
    """

    name: str = field(validator=matches_re(r"[a-z][a-z0-9_.]*"))
    title: str
    entity: str
    take: Callable[[Any, Sequence[Prospect]], Sequence[int]] = field(eq=False)


@hook(DECLARE)
def crm_takers() -> Iterable[Taker]:  # type: ignore[empty-body] # a specification
    """Declare who takes over what others hand over (`tx.hand_over`); the first that is declared gets it (row S4-01)."""
