"""Outcomes: what business came to, told as SQL by the plugins that keep it, to all who reckon with it."""

from collections.abc import Iterable
from typing import Any

from attrs import field, frozen
from attrs.validators import in_, matches_re

from crmcore.hooks.kinds import DECLARE, hook

STAGES = ("lead", "quote", "deal", "order")
"""How far business has come: somebody may want something, was offered it, is deciding on it, has bought it."""


@frozen(kw_only=True, eq=False)
class Lines:
    """What outcomes consist of: a row of `source` for each product, or thing in words, of an outcome.

    `record` is the column with the outcome's id, `product` one with the id of what was sold (see `Products`), `name`
    and `family` what it is called and belongs to; `amount` is in the outcome's currency.
    """

    source: Any
    record: Any
    product: Any
    name: Any
    quantity: Any
    amount: Any
    family: Any = None


@frozen(kw_only=True, eq=False)
class Outcome:
    """Something that business came to: a row of `source` for each lead, quote, deal or order.

    All are SQLAlchemy expressions over `source`; `TODAY`, `NOW` and `BASE` (the workspace's currency) of `crmcore.api`
    stand for what is known only when somebody asks. `record` is the id, `entity` the kind of record, `text` what is
    shown of it; `customer`, `contact` and `user` are ids, and with whom it came about. `began` and `closed` are
    instants, `day` the date of its end for where no instant is known; `state` is 'open', 'won' or 'lost', `reason` why.

    `amount` (`Fixed`) is in `currency`, of which one unit is worth `rate` in the workspace's, at the end or, while
    open, today; `margin` is what is left of the amount after its costs. Each is NULL where it is not known. `campaign`
    is a text that names where it came from. Whoever composes statements from them sees what the actor may see.
    """

    name: str = field(validator=matches_re(r"[a-z][a-z0-9_.]*"))
    title: str
    stage: str = field(validator=in_(STAGES))
    source: Any
    record: Any
    entity: str
    text: Any
    customer: Any
    contact: Any
    user: Any
    began: Any
    closed: Any
    state: Any
    day: Any = None
    reason: Any = None
    amount: Any = None
    currency: Any = None
    rate: Any = field(default=None)
    margin: Any = None
    campaign: Any = None
    lines: Lines | None = None

    @rate.validator
    def _check_rate(self, _attribute: object, value: Any) -> None:
        if self.amount is not None and (value is None or self.currency is None):
            raise ValueError(f"outcome {self.name}: an amount needs its currency and rate")


@frozen(kw_only=True, eq=False)
class Products:
    """What can be sold: a row of `source` that meets all `conditions` for each product, also for those nobody bought.

    `id` is what `Lines.product` holds; `code`, `name` and `family` are texts.
    """

    source: Any
    id: Any
    code: Any
    name: Any
    family: Any
    conditions: tuple[Any, ...] = ()


@hook(DECLARE)
def crm_outcomes() -> Iterable[Outcome]:  # type: ignore[empty-body] # a specification
    """Declare what business comes to in the plugin's keeping: leads, quotes, deals, orders.

    Others read them through `crmcore.api.outcomes`, without knowing whose they are.
    """


@hook(DECLARE)
def crm_products() -> Iterable[Products]:  # type: ignore[empty-body] # a specification
    """Declare what can be sold, for who must see that nobody bought it; read through `crmcore.api.products`."""
