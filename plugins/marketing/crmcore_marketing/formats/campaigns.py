"""Campaigns, and what they cost, from a row of a table: Salesforce's Campaign, HubSpot's campaign."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from crmcore.api import Incoming, IncomingRecord, IncomingReference, InvalidInput, Rejection, Sum, TableRow
from crmcore_marketing.formats import headings as h
from crmcore_marketing.formats.equivalents import states
from crmcore_marketing.i18n import _

ENTITY = "marketing_campaign"
SPEND = "marketing_spend"
_BY = ("code", "name")
_LIST_MARK = ";"
IMPORTED = "ActualCost"
"""For what the cost is that a campaign's row tells as one sum."""


def campaign(row: TableRow, currency: str) -> Iterator[Incoming | Rejection]:
    """Yield the campaign in a row, and what it cost; `currency` is the workspace's own."""
    if row.boolean(*h.DELETED):
        yield Rejection(line=row.line, reason=_("it is deleted there"), raw=row.text(*h.NAME))
        return
    key = row.text(*h.ID)
    yield IncomingRecord(
        line=row.line,
        entity=ENTITY,
        external_id=key,
        key=() if key else ("name",),
        values=_values(row, currency),
        references={
            "parent_id": IncomingReference(
                entity=ENTITY, external_id=row.text(*h.PARENT_ID), text=row.text(*h.PARENT), by=_BY, optional=True
            ),
            "owner_id": IncomingReference(entity="user_account", text=row.text(*h.OWNER), optional=True),
        },
        states=states(row.text(*h.STATUS)) or (("active",) if row.boolean(*h.ACTIVE) else ()),
        ended=row.day(*h.END),
        extra=row.others(h.CAMPAIGN),
    )
    cost = row.amount(*h.COST)
    if cost is not None and cost.value:
        yield _cost(row, cost, currency)


def _values(row: TableRow, currency: str) -> dict[str, Any]:
    budget, revenue, sent = row.amount(*h.BUDGET), row.amount(*h.REVENUE), row.number(*h.SENT)
    said = next((one.currency for one in (budget, revenue) if one and one.currency), "")
    return {
        "name": row.text(*h.NAME),
        "code": row.text(*h.CODE),
        "type": row.text(*h.TYPE).strip().lower(),
        "starts_on": row.day(*h.START),
        "ends_on": row.day(*h.END),
        "place": row.text(*h.PLACE),
        "channel": row.text(*h.CHANNEL),
        "industry": row.text(*h.INDUSTRY),
        "products": [each.strip() for each in row.text(*h.PRODUCTS).split(_LIST_MARK) if each.strip()],
        "currency": row.text(*h.CURRENCY).upper() or said or currency,
        "planned_cost": budget.value if budget else None,
        "planned_revenue": revenue.value if revenue else None,
        "planned_reached": int(sent) if sent else None,
        "note": row.text(*h.NOTE),
        "created_at": row.instant(*h.CREATED),
    }


def _cost(row: TableRow, cost: Sum, currency: str) -> Incoming:
    """Return what a campaign cost, as one entry of the ledger, on its last day; found again by what it is for.

    Raises `InvalidInput` where the row says no day, or no rate of a foreign currency: the row is refused as a whole.
    """
    day = row.day(*h.END) or row.day(*h.START) or row.day(*h.CREATED)
    if day is None:
        raise InvalidInput(_("its cost has no day: StartDate or EndDate says when"))
    code = row.text(*h.CURRENCY).upper() or cost.currency or currency
    name = row.text(*h.NAME)
    return IncomingRecord(
        line=row.line,
        entity=SPEND,
        key=("campaign_id", "what"),
        values={
            "amount": cost.value,
            "day": day,
            "what": IMPORTED,
            "currency": code,
            "rate": rate(row, code, currency),
        },
        references={
            "campaign_id": IncomingReference(entity=ENTITY, external_id=row.text(*h.ID), text=name, by=("name",))
        },
    )


def rate(row: TableRow, code: str, currency: str) -> Decimal:
    """Return what a unit of a currency was worth in the workspace's; raises `InvalidInput` where the row says not."""
    if code == currency or not currency:
        return Decimal(1)
    said = row.number(*h.RATE)
    if said is None or said <= 0:
        raise InvalidInput(
            _("its cost is in {currency}; a column Rate says what one was worth in {base}").format(
                currency=code, base=currency
            )
        )
    return said
