"""Campaigns and members as tables in Salesforce's layout, which its Data Loader reads, and `crm import`."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Numeric, case, cast, func, select

from crmcore.api import Fixed, Reader, State, outside_names, tables
from crmcore_marketing.campaigns.finding import subtree
from crmcore_marketing.tables import campaign, member, spend

CAMPAIGNS = (
    "Id", "Name", "Code__c", "ParentId", "Parent.Name", "Type", "Status", "IsActive", "StartDate", "EndDate",
    "CurrencyIsoCode", "BudgetedCost", "ActualCost", "ActualCostBase__c", "ExpectedRevenue", "NumberSent", "Place__c",
    "Channel__c", "Industry__c", "Products__c", "Owner.Email", "Description", "CreatedDate",
)  # fmt: skip
MEMBERS = (
    "Id", "CampaignId", "Campaign.Name", "ContactId", "Contact.Name", "Email", "CompanyOrAccount", "Status",
    "HasResponded", "FirstRespondedDate", "CreatedDate", "Description",
)  # fmt: skip
_STATES = {"planned": "Planned", "active": "In Progress", "completed": "Completed", "cancelled": "Aborted"}
_MEMBER_STATES = {"no_show": "No Show"}
_AT_ONCE = 1000

Cells = Sequence[str | int | Decimal]


def campaigns(reader: Reader, key: int | None = None, scheme: str = "table") -> Iterator[Cells]:
    """Yield a row for each campaign that the reader's actor may see, or for one and those below it, oldest first.

    `Id` is that in the system `scheme`, or a name that `crm import` knows again. `ActualCost` is what was spent in
    the campaign's currency, `ActualCostBase__c` all of it in the workspace's. Three statements for a thousand.
    """
    c, u, parent = campaign.c, tables.user_account.c, campaign.alias("parent")
    wanted = (
        select(campaign, u.email.label("owner_email"), u.login, parent.c.name.label("parent"))
        .outerjoin(tables.user_account, u.id == c.owner_id)
        .outerjoin(parent, parent.c.id == c.parent_id)
        .order_by(c.id)
        .limit(_AT_ONCE)
    )
    if key is not None:
        wanted = wanted.where(c.id.in_(subtree(key)))
    after = 0
    states = {one.name: one for one in _states(reader)}
    while rows := reader.rows(wanted.where(c.id > after)):
        after = rows[-1].id
        ids = outside_names(reader, scheme, {row.id for row in rows} | {row.parent_id for row in rows}, campaign.name)
        spent = _spent(reader, [row.id for row in rows])
        for row in rows:
            yield _campaign(row, ids, states.get(row.status), *spent.get(row.id, (None, None)))


def _states(reader: Reader) -> Sequence[State]:
    return next((one.states for one in reader.definitions.processes if one.entity == campaign.name), ())


def _spent(reader: Reader, ids: Sequence[int]) -> dict[int, tuple[Decimal | None, Decimal | None]]:
    s = spend.c
    own = func.sum(case((s.currency == campaign.c.currency, s.amount)))
    whole = cast(func.sum(s.amount * cast(s.rate, Numeric)), Fixed)
    statement = (
        select(s.campaign_id, own.label("own"), whole.label("whole"))
        .join_from(spend, campaign, campaign.c.id == s.campaign_id)
        .where(s.campaign_id.in_(ids))
        .group_by(s.campaign_id)
    )
    return {row.campaign_id: (row.own, row.whole) for row in reader.rows(statement)}


def _campaign(
    row: Any, ids: Mapping[int | None, str], state: State | None, cost: Decimal | None, whole: Decimal | None
) -> Cells:
    open_ = state is None or state.kind == "open"
    return (
        ids[row.id],
        row.name,
        row.code,
        ids[row.parent_id],
        row.parent or "",
        row.type,
        _STATES.get(row.status) or (state.label if state else "") or row.status,
        str(open_ and row.status != "planned").lower(),
        row.starts_on.isoformat() if row.starts_on else "",
        row.ends_on.isoformat() if row.ends_on else "",
        row.currency,
        _number(row.planned_cost),
        _number(cost),
        _number(whole),
        _number(row.planned_revenue),
        "" if row.planned_reached is None else row.planned_reached,
        row.place,
        row.channel,
        row.industry,
        ";".join(row.products),
        row.owner_email or row.login or "",
        row.note,
        _instant(row.created_at),
    )


def members(reader: Reader, key: int | None = None, scheme: str = "table") -> Iterator[Cells]:
    """Yield a row for each member the reader's actor may see, or for those of a campaign and of all below it.

    Three statements for a thousand.
    """
    m, p = member.c, tables.contact_point.c
    email = (
        select(p.value).where(p.contact_id == m.contact_id, p.kind == "email").order_by(p.id).limit(1).scalar_subquery()
    )
    wanted = (
        select(member, campaign.c.name.label("campaign"), tables.contact.c.name.label("contact"))
        .add_columns(tables.customer.c.name.label("customer"), email.label("email"))
        .join_from(member, campaign, campaign.c.id == m.campaign_id)
        .outerjoin(tables.contact, tables.contact.c.id == m.contact_id)
        .outerjoin(tables.customer, tables.customer.c.id == m.customer_id)
        .where(m.contact_id.is_not(None))
        .order_by(m.id)
        .limit(_AT_ONCE)
    )
    if key is not None:
        wanted = wanted.where(m.campaign_id.in_(subtree(key)))
    after = 0
    while rows := reader.rows(wanted.where(m.id > after)):
        after = rows[-1].id
        found = {each for row in rows for each in (row.id, row.campaign_id, row.contact_id)}
        ids = outside_names(reader, scheme, found, campaign.name, member.name, "contact")
        for row in rows:
            yield (
                ids[row.id],
                ids[row.campaign_id],
                row.campaign,
                ids[row.contact_id],
                row.contact or "",
                row.email or "",
                row.customer or "",
                _MEMBER_STATES.get(row.status, row.status.capitalize()),
                str(row.responded_at is not None).lower(),
                _instant(row.responded_at) if row.responded_at else "",
                _instant(row.joined_at) if row.joined_at else "",
                row.note,
            )


def _number(amount: Decimal | None) -> Decimal | str:
    return "" if amount is None else amount


def _instant(at: Any) -> str:
    return str(at.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
