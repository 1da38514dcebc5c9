"""What an offer is asked for: a customer and a product, or an opportunity and one of its products."""

from decimal import Decimal

from attrs import frozen
from sqlalchemy import select

from crmcore.api import InvalidInput, NotFound, Reader, names, party_id, tables
from crmcore_sales.catalogue.products import found
from crmcore_sales.i18n import _
from crmcore_sales.pipeline.finding import opportunity_id
from crmcore_sales.quoting.history import last_paid
from crmcore_sales.tables import line, opportunity


@frozen(kw_only=True)
class Asked:
    """For whom, what, how many, in which currency (empty: whatever is usual), and of which opportunity."""

    customer_id: int
    customer: str
    product_id: int
    quantity: Decimal
    currency: str = ""
    opportunity_id: int | None = None


def asked(reader: Reader, who: str, what: str) -> Asked:
    """Return what was asked. Raises `NotFound`, and `InvalidInput` for an opportunity without one product."""
    product_id = found(reader, [what])[what] if what else None
    try:
        key = opportunity_id(reader, who)
    except NotFound:
        return _of_customer(reader, party_id(reader, tables.customer, who), product_id)
    o, c = opportunity.c, line.c
    deal = reader.rows(select(o.customer_id, o.currency).where(o.id == key))[0]
    lines = reader.rows(
        select(c.product_id, c.quantity).where(c.opportunity_id == key, c.product_id.is_not(None)).limit(50)
    )
    if product_id is None and len({row.product_id for row in lines}) == 1:
        product_id = lines[0].product_id
    if deal.customer_id is None or product_id is None:
        raise InvalidInput(_("Say for which product; the opportunity has none, or several."))
    quantity = next((row.quantity for row in lines if row.product_id == product_id), Decimal(1))
    return Asked(
        customer_id=deal.customer_id,
        customer=names(reader, tables.customer, [deal.customer_id]).get(deal.customer_id, ""),
        product_id=product_id,
        quantity=quantity,
        currency=deal.currency,
        opportunity_id=key,
    )


def _of_customer(reader: Reader, customer_id: int, product_id: int | None) -> Asked:
    if product_id is None:
        raise InvalidInput(_("Say for which product."))
    last = last_paid(reader, customer_id, product_id, limit=1)
    return Asked(
        customer_id=customer_id,
        customer=names(reader, tables.customer, [customer_id]).get(customer_id, ""),
        product_id=product_id,
        quantity=last[0].quantity if last else Decimal(1),
    )
