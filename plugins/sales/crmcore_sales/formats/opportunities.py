"""Opportunities, or deals, from a row of a table or a record of a JSON tree."""

from collections.abc import Iterator
from typing import Any

from crmcore.api import (
    Incoming,
    IncomingCustomer,
    IncomingRecord,
    IncomingReference,
    Rejection,
    TableRow,
    heading_key,
)
from crmcore_sales.formats import headings as h
from crmcore_sales.formats.equivalents import CATEGORIES, STAGES, states
from crmcore_sales.i18n import _

ENTITY = "sales_opportunity"
_SHARE = heading_key("Deal Probability")


def opportunity(row: TableRow, currency: str) -> Iterator[Incoming | Rejection]:
    """Yield the opportunity in a row, and its customer where the row names one; `currency` is the workspace's own."""
    if row.boolean(*h.DELETED):
        yield Rejection(line=row.line, reason=_("it is deleted there"), raw=row.text(*h.TITLE))
        return
    customer = IncomingReference(entity="customer", external_id=first(row.text(*h.ACCOUNT_ID)), optional=True)
    if name := row.text(*h.ACCOUNT):
        yield IncomingCustomer(line=row.line, name=name, external_id=customer.external_id)
        customer = IncomingReference(entity="customer", external_id=customer.external_id, text=name)
    stage = row.text(*h.STAGE)
    yield IncomingRecord(
        line=row.line,
        entity=ENTITY,
        external_id=row.text(*h.ID),
        values=_values(row, currency),
        references={
            "customer_id": customer,
            "contact_id": IncomingReference(
                entity="contact", external_id=first(row.text(*h.CONTACT_ID)), text=row.text(*h.CONTACT), optional=True
            ),
            "owner_id": IncomingReference(entity="user_account", text=row.text(*h.OWNER), optional=True),
        },
        states=states(stage, STAGES),
        ending=_ending(row),
        ended=row.day(*h.CLOSE),
        extra={**row.others(h.OPPORTUNITY), **_unknown_category(row)},
    )


def _values(row: TableRow, currency: str) -> dict[str, Any]:
    amount = row.amount(*h.AMOUNT)
    return {
        "title": row.text(*h.TITLE),
        "amount": amount.value if amount else None,
        "currency": row.text(*h.CURRENCY).upper() or (amount.currency if amount else "") or currency,
        "probability": _odds(row),
        "category": CATEGORIES.get(heading_key(row.text(*h.CATEGORY)), ""),
        "need_by": row.day(*h.CLOSE),
        "next_step": row.text(*h.NEXT_STEP),
        "lead_source": row.text(*h.LEAD_SOURCE),
        "campaign": row.text(*h.CAMPAIGN),
        "reason": row.text(*h.REASON),
        "note": row.text(*h.NOTE),
        "created_at": row.instant(*h.CREATED),
    }


def _odds(row: TableRow) -> int | None:
    """Return the odds in whole per cent; those of what is over say nothing that its stage does not."""
    share = row.share(*h.PROBABILITY)
    if share is None:
        return None
    if heading_key(_SHARE) in map(heading_key, row.headings) and share <= 1:
        share *= 100  # HubSpot writes a share of one
    odds = round(share)
    return odds if 0 < odds < 100 else None


def _ending(row: TableRow) -> str:
    """Return the kind of the stage, where the row says it beside the stage."""
    if row.boolean(*h.WON):
        return "won"
    closed = row.boolean(*h.CLOSED)
    return "" if closed is None else "lost" if closed else "open"


def _unknown_category(row: TableRow) -> dict[str, str]:
    text = row.text(*h.CATEGORY)
    return {h.CATEGORY[0]: text} if text and heading_key(text) not in CATEGORIES else {}


def first(text: str) -> str:
    """Return the first of several ids in a cell."""
    return text.partition(";")[0].strip()
