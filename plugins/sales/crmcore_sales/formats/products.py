"""Products and prices from a row of a table."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from crmcore.api import Incoming, IncomingRecord, IncomingReference, TableRow
from crmcore_sales.formats import headings as h

ENTITY = "sales_product"
KNOWN = (*h.PRODUCT_ID, *h.DELETED, *h.PRODUCT_CODE, *h.PRODUCT_NAME, *h.FAMILY, *h.UNIT, *h.ACTIVE, *h.COST, *h.PRICE,
         *h.PRICE_LIST, *h.FROM, *h.CURRENCY, *h.NOTE, *h.REPEATED)  # fmt: skip
ALWAYS = date(1970, 1, 1)
"""From when a price holds of which no table says it."""


def product(row: TableRow, currency: str) -> Iterator[Incoming]:
    """Yield a product, and its price where the row has one: Salesforce's Product2, HubSpot's product."""
    code = row.text(*h.PRODUCT_CODE) or row.text(*h.PRODUCT_NAME)
    cost = row.amount(*h.COST)
    yield IncomingRecord(
        line=row.line,
        entity=ENTITY,
        external_id=row.text(*h.PRODUCT_ID),
        key=("code",),
        values={
            "code": code,
            "name": row.text(*h.PRODUCT_NAME) or code,
            "family": row.text(*h.FAMILY),
            "unit": row.text(*h.UNIT),
            "cost": cost.value if cost else None,
            "currency": _currency(row, currency),
            "active": _active(row),
            "note": row.text(*h.NOTE),
        },
        extra=row.others(KNOWN),
    )
    if row.text(*h.PRICE):
        yield _price(row, currency, IncomingReference(entity=ENTITY, text=code, by=("code",)), "")


def price(row: TableRow, currency: str) -> Iterator[Incoming]:
    """Yield a price of a product that is known: Salesforce's PricebookEntry."""
    product2 = IncomingReference(
        entity=ENTITY,
        external_id=row.text(*h.PRODUCT2_ID),
        text=row.text(*h.PRODUCT_CODE) or row.text("Product2.Name", "Product Name", "Name"),
        by=("code", "name"),
    )
    yield _price(row, currency, product2, row.text(*h.PRODUCT_ID))


def _price(row: TableRow, currency: str, reference: IncomingReference, external_id: str) -> IncomingRecord:
    amount = row.amount(*h.PRICE)
    day = row.day(*h.FROM) or ALWAYS
    return IncomingRecord(
        line=row.line,
        entity="sales_price",
        external_id=external_id,
        key=("product_id", "price_list", "currency", "valid_from", "tier", "minimum"),
        values={
            "unit_price": amount.value if amount else None,
            "currency": _currency(row, currency),
            "price_list": row.text(*h.PRICE_LIST) or "standard",
            "valid_from": day,
            "minimum": Decimal(0),
            "tier": "",
        },
        references={"product_id": reference},
    )


def _currency(row: TableRow, own: str) -> str:
    amount = row.amount(*h.PRICE)
    return row.text(*h.CURRENCY).upper() or (amount.currency if amount else "") or own


def _active(row: TableRow) -> bool:
    said = row.text(*h.ACTIVE).casefold()
    return said not in {"false", "no", "0", "inactive", "否", "停用"}
