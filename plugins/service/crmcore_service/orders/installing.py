"""From what was sold to what is installed: won deals and orders become installations, those become products (S4-01).

What was won is known from what other plugins declare of it; nobody types it again, and each step is linked.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from attrs import field, frozen
from sqlalchemy import Select, func, or_, select

from crmcore.api import InvalidInput, NotFound, Outcome, Reader, Transaction, bought, here, names, tables
from crmcore_service.assets.keeping import add as add_asset
from crmcore_service.assets.parties import Named, named
from crmcore_service.i18n import _
from crmcore_service.model.asset import Asset
from crmcore_service.model.order import WorkOrder
from crmcore_service.orders.keeping import INSTALLATION, number
from crmcore_service.orders.keeping import add as add_order
from crmcore_service.tables import work_order

_WON = "won"
_SOLD = "sold"
_INSTALLED = "installed"
_MOST = 1000


@frozen(kw_only=True)
class Line:
    """What was sold: a product's name, and how many."""

    product: str
    quantity: Decimal


@frozen(kw_only=True)
class Sold:
    """Something that was won, and for which nothing was installed yet."""

    entity: str
    id: int
    title: str
    customer: Named | None
    contact: Named | None
    won_at: datetime | None
    products: Sequence[Line] = field(factory=tuple)


def due(reader: Reader, *, since: date | None = None, limit: int, after: int | None = None) -> list[Sold]:
    """Return what was won and is not installed, in the order of the ids, from the one that follows `after`.

    Of the last half year, or `since` a day; three statements for each kind of outcome. Only where a plugin declares
    what it sells.
    """
    found: list[Sold] = []
    begin = datetime.combine(since or here(reader).today - timedelta(days=183), datetime.min.time(), here(reader).zone)
    for one in bought(reader):
        lately = one.closed >= begin if one.day is None else or_(one.closed >= begin, one.day >= begin.date())
        made = _installations(one.entity).where(tables.link.c.from_id == one.record)
        wanted = _won(one).where(lately, ~made.exists()).order_by(one.record).limit(limit)
        if after is not None:
            wanted = wanted.where(one.record > after)
        found += _sold(reader, one, reader.rows(wanted))
    return sorted(found, key=lambda one: one.id)[:limit]


def order_for(tx: Transaction, entity: str, record_id: int, fields: dict[str, Any]) -> WorkOrder:
    """Make the installation order of something that was won: whom it is for, and what, follow from it.

    `entity` is the kind of record, its plugin's name before it or not: `sales_opportunity` or `opportunity`.

    Raises `NotFound` for what no plugin says was won, and `InvalidInput` for what is being installed already.
    """
    meant = [one for one in bought(tx) if one.entity == entity or one.entity.endswith(f"_{entity}")]
    found = [each for one in meant for each in _sold(tx, one, tx.rows(_won(one).where(one.record == record_id)))]
    if not found:
        raise NotFound(_("No plugin says that {entity} {id} was won.").format(entity=_(entity), id=record_id))
    sold = found[0]
    there = tx.value(_installations(sold.entity).where(tables.link.c.from_id == record_id).limit(1))
    if there is not None:
        raise InvalidInput(_("{order} is the installation of that.").format(order=number(there)))
    products = [{"product": each.product, "quantity": f"{each.quantity.normalize():f}"} for each in sold.products]
    record = add_order(
        tx,
        {
            "kind": INSTALLATION,
            "subject": _("Installation: {what}").format(what=sold.title),
            "customer_id": sold.customer.id if sold.customer else None,
            "contact_id": sold.contact.id if sold.contact else None,
            "details": {_SOLD: products},
            **fields,
        },
    )
    tx.link((sold.entity, record_id), record)
    return record


def install(
    tx: Transaction, record: WorkOrder, serials: Sequence[str], *, months: int | None = None, model: str = ""
) -> list[Asset]:
    """Make the installed products of an installation that is done, linked to it, with a warranty of so many months.

    Each of `serials` is `SERIAL` or `PRODUCT=SERIAL`; the product may be left out where one kind was sold. Without any
    there is one record for each kind. Raises `InvalidInput` for a product that must be said, and more than 1,000.
    """
    sold = {str(each["product"]): str(each["quantity"]) for each in record.details.get(_SOLD, [])}
    said = [_read(text, list(sold)) for text in serials] or [(kind, "") for kind in sold]
    if len(said) > _MOST:
        raise InvalidInput(_("More than {most} at once; import them.").format(most=_MOST))
    day = (record.done_at or tx.now).astimezone(here(tx).zone).date()
    fields = {
        "customer_id": record.customer_id, "contact_id": record.contact_id, "place": record.place,
        "latitude": record.latitude, "longitude": record.longitude, "installed_on": day, "model": model,
        "warranty_until": _months_on(day, months) if months else None,
    }  # fmt: skip
    made = [
        add_asset(
            tx,
            {
                **fields,
                "product": product,
                "serial": serial,
                "note": "" if serial else _("quantity: {n}").format(n=sold[product]),
            },
        )
        for product, serial in said
    ]
    for one in made:
        tx.link(record, one, _INSTALLED)
    if len(made) == 1 and record.asset_id is None:
        record.asset_id = made[0].id
    return made


def _read(text: str, kinds: Sequence[str]) -> tuple[str, str]:
    product, sign, serial = (each.strip() for each in text.partition("="))
    if sign:
        return product, serial
    if len(kinds) != 1:
        raise InvalidInput(
            _("{serial}: say of which product, PRODUCT=SERIAL: {kinds}.").format(
                serial=text, kinds=", ".join(kinds) or _("nothing is known to be sold")
            )
        )
    return kinds[0], product


def _installations(entity: str) -> Select[Any]:
    made = tables.link.c
    return select(made.to_id).where(made.from_entity == entity, made.to_entity == work_order.name)


def _won(one: Outcome) -> Any:
    return (
        select(
            one.record.label("id"), one.text.label("title"), one.customer.label("customer_id"),
            one.contact.label("contact_id"), one.closed.label("won_at"),
        )
        .select_from(one.source)
        .where(one.state == _WON)
    )  # fmt: skip


def _sold(reader: Reader, one: Outcome, rows: Sequence[Any]) -> list[Sold]:
    customers = names(reader, tables.customer, (row.customer_id for row in rows))
    contacts = names(reader, tables.contact, (row.contact_id for row in rows))
    lines: dict[int, list[Line]] = {}
    if one.lines is not None and rows:
        each = one.lines
        wanted = (
            select(each.record.label("id"), each.name.label("name"), func.sum(each.quantity).label("quantity"))
            .select_from(each.source)
            .where(each.record.in_([row.id for row in rows]))
            .group_by(each.record, each.name)
            .order_by(each.name)
        )
        for row in reader.rows(wanted):
            lines.setdefault(row.id, []).append(Line(product=row.name or "", quantity=Decimal(row.quantity or 1)))
    return [
        Sold(
            entity=one.entity, id=row.id, title=row.title, customer=named(customers, row.customer_id),
            contact=named(contacts, row.contact_id), won_at=row.won_at, products=lines.get(row.id, []),
        )
        for row in rows
    ]  # fmt: skip


def _months_on(day: date, months: int) -> date:
    """Return the same day so many months on, the last of the month where that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
