"""What belongs to an opportunity, in tables of its own: its lines, and the people who decide on it."""

from collections.abc import Iterator
from decimal import Decimal

from crmcore.api import Incoming, IncomingRecord, IncomingReference, TableRow
from crmcore_sales.formats import headings as h
from crmcore_sales.formats.equivalents import role
from crmcore_sales.formats.opportunities import ENTITY, first


def line(row: TableRow, _currency: str) -> Iterator[Incoming]:
    """Yield a line of an opportunity: Salesforce's OpportunityLineItem, HubSpot's line item."""
    price = row.amount(*h.PRICE)
    code, product = row.text(*h.PRODUCT_CODE), row.text(*h.PRODUCT2_ID)
    yield IncomingRecord(
        line=row.line,
        entity="sales_line",
        external_id=row.text(*h.ID),
        values={
            "text": row.text(*h.LINE_TEXT),
            "quantity": row.number(*h.QUANTITY) or Decimal(1),
            "unit_price": price.value if price else None,
        },
        references={
            "opportunity_id": _opportunity(row),
            "product_id": IncomingReference(
                entity="sales_product", external_id=product, text=code or row.text(*h.LINE_TEXT), by=("code", "name"),
                optional=not (code or product),
            ),
        },
    )  # fmt: skip


def buying_role(row: TableRow, _currency: str) -> Iterator[Incoming]:
    """Yield the part somebody has in an opportunity, and that one as its contact where the part is the first one."""
    person = IncomingReference(entity="contact", external_id=row.text(*h.ROLE_CONTACT_ID), text=row.text(*h.CONTACT))
    yield IncomingRecord(
        line=row.line,
        entity="sales_buying_role",
        external_id=row.text(*h.ID),
        values={"role": role(row.text(*h.ROLE)) or "influencer"},
        references={"opportunity_id": _opportunity(row), "contact_id": person},
        key=("opportunity_id", "contact_id", "role"),
    )
    if row.boolean(*h.PRIMARY):
        yield IncomingRecord(
            line=row.line,
            entity=ENTITY,
            external_id=first(row.text(*h.OPPORTUNITY_ID)),
            references={"contact_id": person},
        )


def _opportunity(row: TableRow) -> IncomingReference:
    return IncomingReference(entity=ENTITY, external_id=first(row.text(*h.OPPORTUNITY_ID)))
