"""Opportunities as a table in Salesforce's layout, which its Data Loader reads, and `crm import`."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from crmcore.api import Reader, State, outside_names, tables
from crmcore_sales.tables import opportunity

COLUMNS = (
    "Id", "Name", "AccountId", "Account.Name", "StageName", "IsClosed", "IsWon", "Amount", "CurrencyIsoCode",
    "Probability", "CloseDate", "ForecastCategoryName", "NextStep", "LeadSource", "Campaign.Name", "Contact.Email",
    "Owner.Email", "Loss_Reason__c", "Description", "CreatedDate",
)  # fmt: skip
_CATEGORIES = {"commit": "Commit", "best": "Best Case", "pipeline": "Pipeline", "omitted": "Omitted"}
_AT_ONCE = 1000
_SCHEME = "table"
"""The system that ids in tables belong to, where nobody named another."""

Cells = Sequence[str | int | Decimal]


def opportunities(reader: Reader, status: str = "", scheme: str = _SCHEME) -> Iterator[Cells]:
    """Yield a row for each opportunity that the reader's actor may see, oldest first; two statements for a thousand.

    `Id` and `AccountId` are the ids in the system `scheme`, or names that `crm import` knows again.
    """
    stages = _stages(reader)
    after = 0
    while rows := _page(reader, status, after):
        after = rows[-1].id
        found = {row.id for row in rows} | {row.customer_id for row in rows}
        ids = outside_names(reader, scheme, found, opportunity.name, "customer")
        for row in rows:
            yield _cells(row, ids, stages.get(row.stage))


def _stages(reader: Reader) -> dict[str, State]:
    found = next((one for one in reader.definitions.processes if one.entity == opportunity.name), None)
    return {one.name: one for one in found.states} if found else {}


def _page(reader: Reader, status: str, after: int) -> Sequence[Any]:
    o, c, u, p = opportunity.c, tables.customer.c, tables.user_account.c, tables.contact_point.c
    email = (
        select(p.value).where(p.contact_id == o.contact_id, p.kind == "email").order_by(p.id).limit(1).scalar_subquery()
    )
    statement = (
        select(opportunity, c.name.label("customer"), u.email.label("owner_email"), u.login, email.label("email"))
        .outerjoin(tables.customer, c.id == o.customer_id)
        .outerjoin(tables.user_account, u.id == o.owner_id)
        .where(o.id > after)
        .order_by(o.id)
        .limit(_AT_ONCE)
    )
    return reader.rows(statement.where(o.status == status) if status else statement)


def _cells(row: Any, ids: Mapping[int | None, str], stage: State | None) -> Cells:
    odds = {"won": 100, "lost": 0}.get(row.status, row.probability)
    day = row.closed_on or row.need_by
    return (
        ids[row.id],
        row.title,
        ids[row.customer_id],
        row.customer or "",
        (stage.label if stage else "") or row.stage,
        str(row.status != "open").lower(),
        str(row.status == "won").lower(),
        "" if row.amount is None else row.amount,
        row.currency,
        "" if odds is None else odds,
        day.isoformat() if day else "",
        "Closed" if row.status != "open" else _CATEGORIES.get(row.category, ""),
        row.next_step,
        row.lead_source,
        row.campaign,
        row.email or "",
        row.owner_email or row.login or "",
        row.reason,
        row.note,
        row.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    )
