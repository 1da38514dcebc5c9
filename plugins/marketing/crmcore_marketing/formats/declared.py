"""The formats that marketing reads, recognised by the headings of a table."""

from crmcore.api import Format, TableKind, table_formats
from crmcore_marketing.formats import headings as h
from crmcore_marketing.formats.campaigns import campaign
from crmcore_marketing.formats.members import listed, member
from crmcore_marketing.formats.spends import spend

_CAMPAIGN_NAME = (
    "CampaignId", "Campaign ID", "Campaign.Name", "Campaign Name", "Campaign: Campaign Name", "活动名称", "市场活动",
)  # fmt: skip
_KINDS = (
    TableKind(
        name="marketing-members", label="Members of campaigns, as Salesforce writes them", build=member, late=True,
        headings=(_CAMPAIGN_NAME, (*h.CONTACT_ID, *h.LEAD_ID, *h.EMAIL), (*h.MEMBER_STATUS, *h.RESPONDED)),
    ),
    TableKind(
        name="marketing-spends", label="What was spent on campaigns", build=spend, late=True,
        headings=(
            (*h.CAMPAIGN_ID, "Campaign.Name", "Campaign Name", "Campaign", "活动名称", "活动"), h.SPEND_AMOUNT,
            h.SPEND_DAY, (*h.SPEND_WHAT, *h.SUPPLIER),
        ),
    ),
    TableKind(
        name="marketing-campaigns", label="Campaigns, as Salesforce and HubSpot write them", build=campaign,
        headings=(
            h.NAME,
            ("BudgetedCost", "ActualCost", "NumberSent", "ExpectedResponse", "ParentId", "Parent Campaign",
             "Budgeted Cost in Campaign", "Campaign Type", "Campaign Status", "Campaign Start Date", "Campaign Budget",
             "Budget Total", "Spend Total", "活动类型", "活动状态"),
            (*h.START, *h.STATUS, *h.COST, *h.BUDGET),
        ),
    ),
    TableKind(
        name="marketing-lists", label="HubSpot's lists of contacts", build=listed,
        headings=(h.LIST, h.EMAIL, ("First Name", "Last Name", "FirstName", "LastName", "姓名")),
    ),
)  # fmt: skip


def formats() -> list[Format]:
    """Return the formats."""
    return table_formats(_KINDS, certain=92)
