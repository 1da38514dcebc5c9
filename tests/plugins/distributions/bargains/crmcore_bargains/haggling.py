"""What was bid for products, from a log with a line for each bid: the format writes by itself what follows from it."""

from decimal import Decimal, InvalidOperation
from itertools import groupby

from attrs import frozen
from sqlalchemy import select

from crmcore.api import IncomingOwn, Rejection, tables


@frozen(kw_only=True)
class Bids:
    """All bids for a product, in their order."""

    customer: str
    product: str
    prices: tuple[Decimal, ...]


def is_log(head, _name):
    return 100 if head.startswith(b"#bids\n") else 0


def bids(source):
    """Yield the bids for each product that stand below each other, and lines that are none."""
    lines = enumerate(source.path.read_text(encoding="utf-8").splitlines()[1:], 2)
    for (customer, product), some in groupby(((n, *line.split("|")) for n, line in lines), key=lambda one: one[1:3]):
        rows = list(some)
        try:
            prices = tuple(Decimal(row[3]) for row in rows)
        except InvalidOperation:
            yield Rejection(line=rows[0][0], reason="a bid is no amount", raw=product)
            continue
        yield IncomingOwn(line=rows[0][0], name=product, value=Bids(customer=customer, product=product, prices=prices))


def take(tx, records, ledger):
    """Keep the last bid for each product; of a customer that nobody knows none."""
    from crmcore_bargains.plugin import Deal, deal

    names = {one.value.customer for one in records}
    c = tables.customer.c
    customers = {row.name: row.id for row in tx.rows(select(c.name, c.id).where(c.name.in_(names)))}
    held = {(one.customer_id, one.product): one for one in tx.load(Deal, deal.c.customer_id.in_(customers.values()))}
    for one in records:
        customer_id = customers.get(one.value.customer)
        if customer_id is None:
            ledger.refuse(one.line, f"nobody knows {one.value.customer}")
            continue
        price, record = one.value.prices[-1], held.get((customer_id, one.value.product))
        if record is None:
            made = Deal(
                customer_id=customer_id, product=one.value.product, price=price, stage="offered",
                source=ledger.source(one.line), batch_id=ledger.batch_id,
            )  # fmt: skip
            ledger.created(tx.add(made), one.line)
        elif record.price == price:
            ledger.same(one.line)
        else:
            before, record.price = record.price, price
            ledger.changed(record, one.line, {"price": before}, {"price": price})
