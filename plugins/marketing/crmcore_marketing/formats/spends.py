"""What was spent on campaigns, from a row of a table: our own, or an accountant's."""

from collections.abc import Iterator

from crmcore.api import Incoming, IncomingRecord, IncomingReference, InvalidInput, TableRow
from crmcore_marketing.formats import headings as h
from crmcore_marketing.formats.campaigns import ENTITY, SPEND, rate
from crmcore_marketing.i18n import _


def spend(row: TableRow, currency: str) -> Iterator[Incoming]:
    """Yield an entry of the ledger; one that said the same before is the same. `currency` is the workspace's own."""
    amount, day = row.amount(*h.SPEND_AMOUNT), row.day(*h.SPEND_DAY)
    if amount is None or not amount.value:
        raise InvalidInput(_("it needs an amount"))
    if day is None:
        raise InvalidInput(_("it needs the day on which it was spent"))
    code = row.text(*h.CURRENCY).upper() or amount.currency or currency
    yield IncomingRecord(
        line=row.line,
        entity=SPEND,
        external_id=row.text("Id", "Record ID", "编号"),
        values={
            "amount": amount.value,
            "day": day,
            "what": row.text(*h.SPEND_WHAT),
            "supplier": row.text(*h.SUPPLIER),
            "currency": code,
            "rate": rate(row, code, currency),
        },
        references={
            "campaign_id": IncomingReference(
                entity=ENTITY, external_id=row.text(*h.CAMPAIGN_ID), text=row.text(*h.CAMPAIGN_NAME),
                by=("code", "name"),
            )
        },
    )  # fmt: skip
