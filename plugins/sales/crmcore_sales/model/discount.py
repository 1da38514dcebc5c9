"""How far reps may go in their prices, what was asked beyond that, and what they earn by a deal."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
from attrs import field

from crmcore.api import InvalidInput, entity, not_negative, one_of
from crmcore_sales.i18n import _

DISCOUNT, FLOOR = "discount", "floor"
AUTOMATIC, PENDING, GRANTED, REFUSED, DROPPED = "automatic", "pending", "granted", "refused", "dropped"


def percent(_instance: object, _attribute: "attrs.Attribute[Any]", value: Any) -> None:
    """Refuse what is not between 0 and 100 per cent."""
    if not 0 <= value <= 100:
        raise InvalidInput(_("A discount is between 0 and 100 per cent, not {value}.").format(value=value))


@entity
class DiscountLimit:
    """How far below the list a user may go without asking, in per cent, from a day on; `reason` says why."""

    user_id: int
    percent: Decimal = field(validator=percent)
    since: date
    granted_id: int | None = None
    reason: str = ""
    id: int = 0
    version: int = 0


@entity
class Approval:
    """A price of a quote that is below the list, or below the lowest margin (floor): who asked, and who allowed it.

    `percent` is the discount of the line that is furthest below the list, `limit_percent` what the rep could allow,
    `margin` the lowest of a line, in per cent of its price. What is within the limit is allowed automatically. An
    approval that is not needed any more is dropped. `task_id` is the task of who decides.
    """

    quote_id: int
    kind: str = field(validator=one_of(DISCOUNT, FLOOR))
    percent: Decimal = field(validator=percent)
    limit_percent: Decimal
    asked_at: datetime
    asked_id: int | None = None
    margin: Decimal | None = None
    status: str = field(default=PENDING, validator=one_of(AUTOMATIC, PENDING, GRANTED, REFUSED, DROPPED))
    decided_id: int | None = None
    decided_at: datetime | None = None
    reason: str = ""
    task_id: int | None = None
    id: int = 0
    version: int = 0


@entity
class Commission:
    """A tier of the commission plan: from so much won in a period on, a rep earns that share of it, in per cent.

    A plan holds from a day on: the tiers of the newest `since`. Amounts are in the workspace's currency; `period` is
    month, quarter or year.
    """

    tier: int
    attained: Decimal = field(validator=not_negative)
    percent: Decimal = field(validator=percent)
    since: date
    period: str = field(default="quarter", validator=one_of("month", "quarter", "year"))
    id: int = 0
    version: int = 0
