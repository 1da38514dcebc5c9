"""The formats that marketing reads, recognised by the headings of a table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from crmcore.api import Format, Incoming, Rejection, Source, TableRow, heading_key, table_records
from crmcore_marketing.formats import headings as h
from crmcore_marketing.formats.campaigns import campaign
from crmcore_marketing.formats.members import listed, member
from crmcore_marketing.formats.spends import spend

Build = Callable[[TableRow, str], Iterable[Incoming | Rejection]]


def _keys(*names: str) -> frozenset[str]:
    return frozenset(map(heading_key, names))


_CAMPAIGN_NAME = _keys("CampaignId", "Campaign ID", "Campaign.Name", "Campaign Name", "Campaign: Campaign Name",
                       "活动名称", "市场活动")  # fmt: skip
_RECOGNISED: tuple[tuple[str, str, Build, tuple[frozenset[str], ...]], ...] = (
    ("marketing-members", "Members of campaigns, as Salesforce writes them", member,
     (_CAMPAIGN_NAME, _keys(*h.CONTACT_ID, *h.LEAD_ID, *h.EMAIL), _keys(*h.MEMBER_STATUS, *h.RESPONDED))),
    ("marketing-spends", "What was spent on campaigns", spend,
     (_keys(*h.CAMPAIGN_ID, "Campaign.Name", "Campaign Name", "Campaign", "活动名称", "活动"), _keys(*h.SPEND_AMOUNT),
      _keys(*h.SPEND_DAY), _keys(*h.SPEND_WHAT, *h.SUPPLIER))),
    ("marketing-campaigns", "Campaigns, as Salesforce and HubSpot write them", campaign,
     (_keys(*h.NAME), _keys("BudgetedCost", "ActualCost", "NumberSent", "ExpectedResponse", "ParentId",
      "Parent Campaign", "Budgeted Cost in Campaign", "Campaign Type", "Campaign Status", "Campaign Start Date",
      "Campaign Budget", "Budget Total", "Spend Total", "活动类型", "活动状态"),
      _keys(*h.START, *h.STATUS, *h.COST, *h.BUDGET))),
    ("marketing-lists", "HubSpot's lists of contacts", listed,
     (_keys(*h.LIST), _keys(*h.EMAIL), _keys("First Name", "Last Name", "FirstName", "LastName", "姓名"))),
)  # fmt: skip
"""By name: what is read, by what, and headings of which one of each set must be there. The first that fits counts."""


def formats() -> list[Format]:
    """Return the formats."""
    return [
        Format(
            name=name,
            label=label,
            extensions=(".csv", ".tsv", ".txt", ".xlsx"),
            headings=partial(_certain, name),
            read=partial(_read, build),
            scheme="table",
            rows=True,
            late=name in ("marketing-members", "marketing-spends"),
        )
        for name, label, build, _needed in _RECOGNISED
    ]


def _certain(name: str, headings: Sequence[str]) -> int:
    there = {heading_key(heading) for heading in headings}
    found = next((each for each, _l, _b, needed in _RECOGNISED if all(there & one for one in needed)), "")
    return 92 if found == name else 0


def _read(build: Build, source: Source) -> Iterator[Incoming | Rejection]:
    own = source.options.get("currency", "")
    return table_records(source, lambda row: build(row, own))
