"""The ledger of spending: each sum that went into a campaign, on its day, at the rate of that day."""

from datetime import date
from decimal import Decimal
from operator import eq, ge, gt, le

from attrs import frozen
from sqlalchemy import select

from crmcore.api import InvalidInput, Reader, Transaction, currency, rate_on
from crmcore_marketing.campaigns.finding import campaign_titles, subtree
from crmcore_marketing.i18n import _
from crmcore_marketing.model.campaign import Campaign, Spend
from crmcore_marketing.tables import spend

_CENT = Decimal("0.01")


@frozen(kw_only=True)
class SpendView:
    """An entry of the ledger; `worth` is the sum in the workspace's currency, at the rate of its day."""

    id: int
    campaign_id: int
    campaign: str
    day: date
    what: str
    supplier: str
    amount: Decimal
    currency: str
    rate: Decimal
    worth: Decimal
    source: str


def add(
    tx: Transaction,
    campaign_id: int,
    amount: Decimal,
    day: date,
    *,
    code: str = "",
    rate: Decimal | None = None,
    what: str = "",
    supplier: str = "",
) -> Spend:
    """Write a sum into the ledger, in the currency `code` (the workspace's own) at `rate`.

    Without a rate it is that of the last entry in the currency until that day; raises `InvalidInput` where there is
    none, for a rate of the workspace's own currency, and for a sum of nothing.
    """
    base = currency(tx)
    code = code or base
    tx.get(Campaign, campaign_id)
    if not amount:
        raise InvalidInput(_("A sum of nothing is not spent."))
    return tx.add(
        Spend(
            campaign_id=campaign_id,
            amount=amount,
            day=day,
            currency=code,
            rate=rate_on(tx, spend, code, base, day, rate),
            what=what,
            supplier=supplier,
        )
    )


def ledger(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    campaign_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    key: int | None = None,
) -> list[SpendView]:
    """Return entries of the ledger in the order they were written, those of a campaign with all below it.

    From the one that follows the entry `after`. Two statements.
    """
    c = spend.c
    bounds = ((c.id, gt, after), (c.day, ge, since), (c.day, le, until), (c.id, eq, key))
    held = [compare(column, value) for column, compare, value in bounds if value is not None]
    if campaign_id is not None:
        held.append(c.campaign_id.in_(subtree(campaign_id)))
    statement = select(spend).where(*held).order_by(c.id).limit(limit)
    rows = reader.rows(statement)
    titles = campaign_titles(reader, (row.campaign_id for row in rows))
    return [
        SpendView(
            id=row.id, campaign_id=row.campaign_id, campaign=titles.get(row.campaign_id, ""), day=row.day,
            what=row.what, supplier=row.supplier, amount=row.amount, currency=row.currency, rate=row.rate,
            worth=(row.amount * row.rate).quantize(_CENT), source=row.source,
        )
        for row in rows
    ]  # fmt: skip
