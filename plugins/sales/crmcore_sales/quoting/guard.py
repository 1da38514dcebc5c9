"""The guard: whoever opens a quote, and however, no customer then has two valid prices for a product.

It runs within every transaction that writes quotes. The customer's record is locked first, so that of two who quote at
the same moment the second sees what the first has written.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.sql.dml import ReturningInsert

from crmcore.api import ApplyTransaction, Change, Customer, Refused, here, names, tables
from crmcore_sales.catalogue.products import titles
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.i18n import _
from crmcore_sales.model.quote import OPEN
from crmcore_sales.quoting.coherence import Conflict, conflicts, standing
from crmcore_sales.tables import offered, quote, quote_line

_QUOTE, _LINE = quote.name, quote_line.name
_COLUMNS = [column.name for column in offered.columns]


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Let the offers follow the quotes; raises `Refused` where a customer would have two prices for a product."""
    touched = {change.id for change in changes if change.entity == _QUOTE} | {
        int((change.before if change.action == "removed" else change.after)["quote_id"])
        for change in changes
        if change.entity == _LINE and change.action != "changed"
    }
    changed_lines = {change.id for change in changes if change.entity == _LINE and change.action == "changed"}
    if changed_lines:
        touched.update(
            row.quote_id for row in tx.rows(select(quote_line.c.quote_id).where(quote_line.c.id.in_(changed_lines)))
        )
    if not touched:
        return
    tx.execute(delete(offered).where(offered.c.quote_id.in_(touched)))
    made = tx.execute(_follow(touched)).rows
    if made:
        refuse_two_prices(tx, {row.customer_id for row in made}, touched)


def _follow(touched: Iterable[int]) -> ReturningInsert[tuple[int]]:
    q, line = quote.c, quote_line.c
    values = {
        "id": line.id, "quote_id": q.id, "number": q.number, "owner_id": q.owner_id, "customer_id": q.customer_id,
        "product_id": line.product_id, "currency": q.currency, "quantity": line.quantity,
        "list_price": line.list_price, "unit_price": line.unit_price, "sent_at": q.sent_at,
        "valid_until": q.valid_until,
    }  # fmt: skip
    lines = (
        select(*(values[name] for name in _COLUMNS))
        .join_from(quote, quote_line, line.quote_id == q.id)
        .where(q.id.in_(touched), q.status == OPEN, q.customer_id.is_not(None), line.product_id.is_not(None))
    )
    return insert(offered).from_select(_COLUMNS, lines).returning(offered.c.customer_id)


def refuse_two_prices(tx: ApplyTransaction, customers: set[int], touched: set[int]) -> None:
    """Raise `Refused` when one of the quotes that were touched contradicts another, with every pair."""
    tx.lock(Customer, *customers)
    today = here(tx).today
    found = [
        one
        for one in conflicts(standing(tx, customers, today), rates(tx, today), today)
        if touched & {one.earlier.quote_id, one.later.quote_id}
    ]
    if found:
        raise Refused(told(tx, found))
    gone = tx.rows(
        select(tables.customer.c.name).where(
            tables.customer.c.id.in_(customers), tables.customer.c.merged_into_id.is_not(None)
        )
    )
    if gone:
        raise Refused(
            [_("{name} was merged into another customer; quote that one.").format(name=row.name) for row in gone]
        )


def told(tx: ApplyTransaction, found: Sequence[Conflict]) -> list[str]:
    """Return a sentence for each conflict."""
    products = titles(tx, (one.later.product_id for one in found))
    customers = names(tx, tables.customer, (one.later.customer_id for one in found))
    return [
        _("{customer} has two prices for {product}: {a} in quote {one}, {b} in quote {other}.").format(
            customer=customers.get(each.later.customer_id, str(each.later.customer_id)),
            product=products.get(each.later.product_id, ("", ""))[0],
            a=f"{each.earlier.unit_price} {each.earlier.currency}",
            one=each.earlier.number,
            b=f"{each.later.unit_price} {each.later.currency}",
            other=each.later.number,
        )
        for each in found
    ]
