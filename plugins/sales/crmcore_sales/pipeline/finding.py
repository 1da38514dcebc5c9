"""Finding opportunities: one by what a person types, or all that meet what is asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from attrs import field, frozen
from sqlalchemy import ColumnElement, Select, func, or_, select

from crmcore.api import InvalidInput, NotFound, Reader, party_id, tables
from crmcore_sales.i18n import _
from crmcore_sales.tables import competitor, line, opportunity, product, rivalry

_SHOWN = 10


@frozen(kw_only=True)
class Range:
    """From a value to another, both included; None where it is open."""

    low: Any = None
    high: Any = None

    def on(self, column: Any) -> list[ColumnElement[bool]]:
        """Return the conditions on a column."""
        found = []
        if self.low is not None:
            found.append(column >= self.low)
        if self.high is not None:
            found.append(column <= self.high)
        return found


NO_RANGE = Range()


@frozen(kw_only=True)
class Asked:
    """What opportunities are asked for; what is empty does not matter. `status` is open, won, lost or empty for all.

    `entered_before` has by stage the instant before which they came into it.
    """

    status: str = ""
    stages: Sequence[str] = ()
    owner_id: int | None = None
    team: str = ""
    customer_id: int | None = None
    contact_id: int | None = None
    partner_id: int | None = None
    product: str = ""
    competitor: str = ""
    region: str = ""
    campaign: str = ""
    channel: str = ""
    currency: str = ""
    reason: str = ""
    text: str = ""
    must_win: bool = False
    entered_before: Mapping[str, datetime] = field(factory=dict)
    amount: Range = NO_RANGE
    quantity: Range = NO_RANGE
    odds: Range = NO_RANGE
    need_by: Range = NO_RANGE
    closed_on: Range = NO_RANGE


def statement(asked: Asked) -> Select[Any]:
    """Return the statement for the opportunities that are asked for, in the order of their ids."""
    return select(opportunity).where(*conditions(asked)).order_by(opportunity.c.id)


def conditions(asked: Asked) -> list[ColumnElement[bool]]:
    """Return what an opportunity must meet."""
    c = opportunity.c
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (c.status, asked.status), (c.owner_id, asked.owner_id), (c.customer_id, asked.customer_id),
        (c.contact_id, asked.contact_id), (c.partner_id, asked.partner_id), (c.region, asked.region),
        (c.campaign, asked.campaign), (c.channel, asked.channel), (c.currency, asked.currency),
        (c.reason, asked.reason),
    ):  # fmt: skip
        if value:
            found.append(column == value)
    if asked.stages:
        found.append(c.stage.in_(asked.stages))
    if asked.team:
        user = tables.user_account
        found.append(c.owner_id.in_(select(user.c.id).where(user.c.team == asked.team)))
    if asked.text:
        found.append(c.title.icontains(asked.text, autoescape=True))
    if asked.must_win:
        found.append(c.must_win.is_(True))
    if asked.entered_before:
        found.append(or_(*((c.stage == one) & (c.entered_at < at) for one, at in asked.entered_before.items())))
    for column, span in (
        (c.amount, asked.amount), (c.probability, asked.odds), (c.need_by, asked.need_by),
        (c.closed_on, asked.closed_on),
    ):  # fmt: skip
        found += span.on(column)
    return [*found, *_within(asked)]


def _within(asked: Asked) -> list[ColumnElement[bool]]:
    """Return the conditions on what belongs to an opportunity: its lines and competitors."""
    c = opportunity.c
    found: list[ColumnElement[bool]] = []
    wanted = select(line.c.opportunity_id).group_by(line.c.opportunity_id).having(*asked.quantity.on(_QUANTITY))
    if asked.product:
        word = asked.product.casefold()
        wanted = wanted.join_from(line, product).where(
            (func.lower(product.c.code) == word) | (func.lower(product.c.name) == word)
        )
    if asked.product or asked.quantity != NO_RANGE:
        found.append(c.id.in_(wanted))
    if asked.competitor:
        met = select(rivalry.c.opportunity_id).join_from(rivalry, competitor)
        found.append(c.id.in_(met.where(func.lower(competitor.c.name) == asked.competitor.casefold())))
    return found


_QUANTITY = func.sum(line.c.quantity)


def opportunity_id(reader: Reader, text: str) -> int:
    """Return the id of the opportunity that `text` names: its id, or its title, of those open first.

    Raises `NotFound` for none, and `InvalidInput` with the candidates for several.
    """
    c = opportunity.c
    if text.isascii() and text.isdigit() and len(text) < 19:
        found = reader.first(select(c.id).where(c.id == int(text)))
        if found is not None:
            return int(found.id)
    titled = select(c.id, c.title, c.status).where(func.lower(c.title) == text.strip().lower()).order_by(c.id)
    rows = reader.rows(titled.limit(_SHOWN))
    rows = [row for row in rows if row.status == "open"] or list(rows)
    if not rows:
        raise NotFound(_("There is no opportunity “{text}”.").format(text=text))
    if len(rows) > 1:
        listed = ", ".join(f"{row.id} {row.title}" for row in rows)
        raise InvalidInput(_("“{text}” may be one of several: {listed}. Give the id.").format(text=text, listed=listed))
    return int(rows[0].id)


def whom(reader: Reader, text: str) -> tuple[int | None, int | None, tuple[str, ...]]:
    """Return whom an opportunity is with: the customer and contact, and which of them follows from the other.

    What names no customer names a person; the customer is then the first whom that person stands for. Raises
    `NotFound` for neither, and `InvalidInput` with the candidates for several.
    """
    try:
        return party_id(reader, tables.customer, text), None, ()
    except NotFound as none:
        try:
            person = party_id(reader, tables.contact, text)
        except NotFound:
            raise none from None
    c = tables.position.c
    firm = reader.value(select(c.customer_id).where(c.contact_id == person, c.customer_id.is_not(None)).order_by(c.id))
    return firm, person, ("customer_id",)


def number_said(field: str, text: str) -> Decimal:
    """Return a number as it was typed; raises `InvalidInput` that names the field."""
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise InvalidInput(_("{field}: “{text}” is no number.").format(field=field, text=text)) from None


def range_said(field: str, text: str, read: Any) -> Range:
    """Return the range that `text` says: `FROM..TO`, either may be missing; one value alone is that very value.

    `read` reads a value; it raises `InvalidInput` for what is none.
    """
    low, dots, high = text.partition("..")
    if not dots:
        value = read(low.strip())
        return Range(low=value, high=value)
    found = Range(low=read(low.strip()) if low.strip() else None, high=read(high.strip()) if high.strip() else None)
    if found.low is not None and found.high is not None and found.low > found.high:
        raise InvalidInput(_("{field}: {low} is after {high}.").format(field=field, low=found.low, high=found.high))
    return found
