"""Quotes as lists and single views, found by what people type."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import field, frozen
from sqlalchemy import and_, or_, select

from crmcore.api import NotFound, Reader, here, logins, names, tables
from crmcore_sales.catalogue.products import titles
from crmcore_sales.i18n import _
from crmcore_sales.model.quote import EXPIRED, OPEN
from crmcore_sales.tables import approval, quote, quote_line

_EACH = 40


@frozen(kw_only=True)
class LineView:
    """A line of a quote; `product` is the code, `discount` what the price is below the list, in per cent."""

    product_id: int | None
    product: str
    text: str
    quantity: Decimal
    list_price: Decimal | None
    unit_price: Decimal | None
    discount: Decimal | None
    amount: Decimal | None


@frozen(kw_only=True)
class ApprovalView:
    """What was asked for a quote; who asked, who decided."""

    id: int
    quote_id: int
    quote: str
    customer: str
    kind: str
    percent: Decimal | None
    limit_percent: Decimal
    margin: Decimal | None
    asked: str
    asked_at: datetime
    status: str
    decided: str
    decided_at: datetime | None
    reason: str


@frozen(kw_only=True)
class QuoteView:
    """A quote as listed; an open one past its validity is shown as expired."""

    id: int
    number: str
    revision: int
    status: str
    customer: dict[str, Any] | None
    contact: dict[str, Any] | None
    owner: str
    opportunity_id: int | None
    channel: str
    currency: str
    amount: Decimal | None
    discount: Decimal | None
    valid_until: date | None
    sent_at: datetime | None
    closed_at: datetime | None
    reason: str
    note: str
    custom: dict[str, Any]
    lines: list[LineView] = field(factory=list)
    approvals: list[ApprovalView] = field(factory=list)
    version: int


def quote_id(reader: Reader, text: str) -> int:
    """Return the id of the quote that `text` names: an id, a number (its newest version), or a number/version.

    Raises `NotFound`.
    """
    c = quote.c
    number, _slash, revision = text.strip().partition("/")
    statement = select(c.id).where(c.number == number.upper()).order_by(c.revision.desc())
    if revision.isdigit():
        statement = statement.where(c.revision == int(revision))
    key = reader.value(statement)
    if key is None and text.isascii() and text.isdigit() and len(text) < 19:
        key = reader.value(select(c.id).where(c.id == int(text)))
    if key is None:
        raise NotFound(_("There is no quote “{text}”.").format(text=text))
    return int(key)


def page(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    status: str = "",
    customer_ids: Sequence[int] = (),
    owner_id: int | None = None,
    opportunity_id: int | None = None,
    product_id: int | None = None,
) -> list[QuoteView]:
    """Return quotes, the newest first, from the one before the quote `after`: ten statements at most."""
    c = quote.c
    today = here(reader).today
    over = and_(c.status == OPEN, c.valid_until < today)
    statement = select(quote).order_by(c.id.desc()).limit(limit)
    if status == OPEN:
        statement = statement.where(c.status == OPEN, or_(c.valid_until.is_(None), c.valid_until >= today))
    elif status == EXPIRED:
        statement = statement.where(or_(c.status == EXPIRED, over))
    elif status:
        statement = statement.where(c.status == status)
    if customer_ids:
        statement = statement.where(c.customer_id.in_(customer_ids))
    for column, value in ((c.owner_id, owner_id), (c.opportunity_id, opportunity_id)):
        if value is not None:
            statement = statement.where(column == value)
    if product_id is not None:
        with_it = select(quote_line.c.quote_id).where(quote_line.c.product_id == product_id)
        statement = statement.where(c.id.in_(with_it))
    if after is not None:
        statement = statement.where(c.id < after)
    return _views(reader, reader.rows(statement), today)


def one(reader: Reader, key: int) -> QuoteView:
    """Return a quote; raises `NotFound` for one that is absent or hidden."""
    found = _views(reader, reader.rows(select(quote).where(quote.c.id == key)), here(reader).today)
    if not found:
        raise NotFound(_("There is no quote “{text}”.").format(text=key))
    return found[0]


def _views(reader: Reader, rows: Sequence[Any], today: date) -> list[QuoteView]:
    ids = [row.id for row in rows]
    customers = names(reader, tables.customer, (row.customer_id for row in rows))
    contacts = names(reader, tables.contact, (row.contact_id for row in rows))
    users = logins(reader, (row.owner_id for row in rows))
    lines = _lines(reader, ids)
    asked: dict[int, list[ApprovalView]] = defaultdict(list)
    for one_ in approvals(reader, limit=_EACH * max(len(ids), 1), quote_ids=ids) if ids else ():
        asked[one_.quote_id].append(one_)
    return [
        QuoteView(
            id=row.id,
            number=row.number,
            revision=row.revision,
            status=EXPIRED if row.status == OPEN and row.valid_until and row.valid_until < today else row.status,
            customer=_named(row.customer_id, customers),
            contact=_named(row.contact_id, contacts),
            owner=users.get(row.owner_id, ""),
            opportunity_id=row.opportunity_id,
            channel=row.channel,
            currency=row.currency,
            amount=row.amount,
            discount=row.discount,
            valid_until=row.valid_until,
            sent_at=row.sent_at,
            closed_at=row.closed_at,
            reason=row.reason,
            note=row.note,
            custom=row.custom,
            lines=lines[row.id],
            approvals=asked[row.id],
            version=row.version,
        )
        for row in rows
    ]


def _named(key: int | None, known: dict[int, str]) -> dict[str, Any] | None:
    return None if key is None else {"id": key, "name": known.get(key, "")}


def _lines(reader: Reader, ids: Sequence[int]) -> dict[int, list[LineView]]:
    c = quote_line.c
    rows = reader.rows(
        select(quote_line).where(c.quote_id.in_(ids)).order_by(c.id).limit(_EACH * max(len(ids), 25))
    )  # fmt: skip
    products = titles(reader, (row.product_id for row in rows))
    found: dict[int, list[LineView]] = defaultdict(list)
    for row in rows:
        found[row.quote_id].append(
            LineView(
                product_id=row.product_id,
                product=products.get(row.product_id, ("", ""))[0],
                text=row.text,
                quantity=row.quantity,
                list_price=row.list_price,
                unit_price=row.unit_price,
                discount=_discount(row),
                amount=row.amount,
            )
        )
    return found


def _discount(row: Any) -> Decimal | None:
    if not row.list_price or row.unit_price is None:
        return None
    off: Decimal = (row.list_price - row.unit_price) / row.list_price * 100
    return off.quantize(Decimal("0.1"))


def approvals(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    status: str = "",
    quote_ids: Sequence[int] = (),
    asked_id: int | None = None,
    key: int | None = None,
) -> list[ApprovalView]:
    """Return what was asked, in its order: three statements."""
    c = approval.c
    statement = (
        select(approval, quote.c.number, quote.c.customer_id)
        .join_from(approval, quote, quote.c.id == c.quote_id)
        .order_by(c.id)
        .limit(limit)
    )
    for column, value in ((c.status, status), (c.asked_id, asked_id), (c.id, key)):
        if value:
            statement = statement.where(column == value)
    if quote_ids:
        statement = statement.where(c.quote_id.in_(quote_ids))
    if after is not None:
        statement = statement.where(c.id > after)
    rows = reader.rows(statement)
    users = logins(reader, (each for row in rows for each in (row.asked_id, row.decided_id)))
    customers = names(reader, tables.customer, (row.customer_id for row in rows))
    kept = [name for name in ApprovalView.__annotations__ if name in c and name not in ("asked", "decided")]
    return [
        ApprovalView(
            quote=row.number,
            customer=customers.get(row.customer_id, ""),
            asked=users.get(row.asked_id, ""),
            decided=users.get(row.decided_id, ""),
            **{name: row._mapping[name] for name in kept},
        )
        for row in rows
    ]
