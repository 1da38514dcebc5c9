"""Deals from a table: product, customer, price, stage; a number of the deal, where there is one."""

from crmcore.api import IncomingCustomer, IncomingRecord, IncomingReference, heading_key, table_records

CUSTOMER, PRODUCT, PRICE, STAGE = ("Customer", "客户"), ("Product", "产品"), ("Price", "价格"), ("Stage", "阶段")
NUMBER, REGION, NEW = "Deal number", "Region", "New customer"
KNOWN = (*CUSTOMER, *PRODUCT, *PRICE, *STAGE, NUMBER, REGION, NEW)


def known(headings):
    """Certain of tables with a customer, a product and a price."""
    there = set(map(heading_key, headings))
    return 90 if all(there & set(map(heading_key, names)) for names in (CUSTOMER, PRODUCT, PRICE)) else 0


def records(source):
    """Yield the deals of a table."""
    return table_records(source, _deal)


def _deal(row):
    price = row.amount(*PRICE)
    if row.text(NEW):
        yield IncomingCustomer(line=row.line, name=row.text(NEW))
    yield IncomingRecord(
        line=row.line,
        entity="bargains_deal",
        external_id=row.text(NUMBER),
        values={"product": row.text(*PRODUCT), "price": price.value if price else None, "region": row.text(REGION)},
        references={"customer_id": IncomingReference(entity="customer", text=row.text(NEW) or row.text(*CUSTOMER))},
        states=(row.text(*STAGE),) if row.text(*STAGE) else (),
        extra=row.others(KNOWN),
    )
