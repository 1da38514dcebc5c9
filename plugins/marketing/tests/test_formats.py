"""Tables of Salesforce and HubSpot: what they say is what is stored, and what cannot be is refused with its reason."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from crmcore_marketing.tables import campaign, member, metadata, spend, touch
from sqlalchemy import select

CAMPAIGNS = """
    Id,IsDeleted,Name,ParentId,Type,Status,IsActive,StartDate,EndDate,BudgetedCost,ActualCost,ExpectedRevenue,NumberSent,CurrencyIsoCode,Owner.Email,Description,CreatedDate,HierarchyNumberOfLeads,Region__c
    701A00000000002,false,Tour 上海,701A00000000001,Seminar,In Progress,true,2026-03-02,2026-03-03,50000,41250.50,,400,CNY,liu@us.example,,2026-01-02T08:00:00.000Z,3,East
    701A00000000001,false,Tour 2026,,Seminar,Completed,false,2026-03-01,2026-03-31,1000000,,4000000,,CNY,liu@us.example,"=cmd()",2026-01-02T08:00:00.000Z,9,
    701A00000000003,true,Gone,,Seminar,Planned,false,2026-03-01,,,,,,CNY,,,,,
    701A00000000004,false,Abroad,,Webinar,Aborted,false,2026-04-01,2026-04-02,100,80,,,EUR,liu@us.example,,2026-01-02T08:00:00.000Z,,
    701A00000000005,false,Odd,,Webinar,Legal check,false,2026-04-01,,,,,,CNY,,,,,
"""  # noqa: E501 # a table as it is
MEMBERS = """
    Id,CampaignId,LeadId,ContactId,Status,HasResponded,FirstRespondedDate,CreatedDate
    00vA00000000001,701A00000000002,,003A00000000001,Sent,false,,2026-02-01T08:00:00.000Z
    00vA00000000002,701A00000000002,00QA00000000001,,Responded,true,2026-03-02,2026-02-01T08:00:00.000Z
    00vA00000000003,701A00000000002,,003A00000000009,Sent,false,,
    00vA00000000004,701A00000000009,,003A00000000001,Sent,false,,
    00vA00000000005,701A00000000001,,003A00000000001,No Show,false,,2026-02-01T08:00:00.000Z
"""


@pytest.fixture
def table(tmp_path):
    """Write a text as a table, a line for each of its lines."""

    def write(name, text):
        path = tmp_path / name
        path.write_text("".join(f"{line.strip()}\n" for line in text.strip().splitlines()), encoding="utf-8")
        return path

    return write


def counted(run, *arguments):
    said = run("import", *arguments, "--json").json
    return {name: said[name] for name in ("created", "updated", "unchanged", "rejected") if said[name]}


def everything(app):
    """Return all rows of marketing."""
    with app.engine.connect() as connection:
        return {each.name: sorted(connection.execute(select(each)).all(), key=repr) for each in metadata.sorted_tables}


def test_salesforce_campaigns_members_and_costs_there_and_back(crm_app, crm_run, table, tmp_path):
    app = crm_app("marketing")
    crm_run("user", "add", "liu", "--name", "Liu Fang", "--email", "liu@us.example")
    crm_run("import", table("accounts.csv", "Id,Name,AccountNumber\n001A00000000001,Huaxin,A-1"))
    people = """
        Id,AccountId,FirstName,LastName,Email
        003A00000000001,001A00000000001,Wei,Li,li@huaxin.example
        00QA00000000001,001A00000000001,Na,Wang,wang@huaxin.example
        """
    crm_run("import", table("contacts.csv", people))
    campaigns = table("Campaign.csv", CAMPAIGNS)
    said = crm_run("import", campaigns, "--json").json
    assert (said["created"], said["rejected"]) == (2, 3)
    reasons = {one["line"]: one["reason"] for one in said["rejections"]}
    assert (reasons[4], said["rejections"][0]["file"]) == ("it is deleted there", "Campaign.csv")
    assert "a column Rate" in reasons[5]
    assert "“Legal check” is no state" in reasons[6]
    members = table("CampaignMember.csv", MEMBERS)
    said = crm_run("import", members, "--json").json
    assert (said["created"], {one["line"]: one["reason"] for one in said["rejections"]}) == (
        3,
        {
            4: "contact_id: there is no contact “003A00000000009”",
            5: "campaign_id: there is no marketing campaign “701A00000000009”",
        },
    )
    with app.read() as reader:
        shanghai, tour = reader.rows(select(campaign).order_by(campaign.c.starts_on.desc()))
        assert (shanghai.parent_id, shanghai.type, shanghai.status, shanghai.starts_on) == (
            tour.id, "seminar", "active", date(2026, 3, 2),
        )  # fmt: skip
        assert (shanghai.planned_cost, shanghai.planned_reached, shanghai.details["Region__c"]) == (50000, 400, "East")
        assert (tour.status, tour.planned_revenue, tour.note, tour.closed_at.date()) == (
            "completed", 4000000, "=cmd()", date(2026, 3, 31),
        )  # fmt: skip
        costs = reader.rows(select(spend.c.campaign_id, spend.c.amount, spend.c.day, spend.c.what))
        assert costs == [(shanghai.id, Decimal("41250.50"), date(2026, 3, 3), "ActualCost")]
        m = member.c
        stored = reader.rows(select(m.campaign_id, m.status, m.responded_at, m.customer_id).order_by(m.id))
        answered = datetime(2026, 3, 1, 16, tzinfo=UTC)  # the day begins in Shanghai
        assert [(row.campaign_id, row.status, row.responded_at) for row in stored] == [
            (shanghai.id, "sent", None), (shanghai.id, "responded", answered), (tour.id, "no_show", None),
        ]  # fmt: skip
        assert all(row.customer_id for row in stored)
        touches = reader.rows(
            select(touch.c.kind, touch.c.engaging, touch.c.at).order_by(touch.c.record_id, touch.c.at)
        )
        at = datetime(2026, 2, 1, 8, tzinfo=UTC)
        assert [(row.kind, row.engaging) for row in touches] == [
            ("sent", False), ("sent", False), ("reply", True), ("member", False),
        ]  # fmt: skip
        assert touches[0].at == touches[1].at == at
    assert counted(crm_run, campaigns) == {"unchanged": 2, "rejected": 3}
    assert counted(crm_run, members) == {"unchanged": 3, "rejected": 2}

    changed = CAMPAIGNS.replace("41250.50", "43000").replace("80,,,EUR", ",,,EUR")
    assert counted(crm_run, table("Campaign.csv", changed)) == {
        "created": 1,
        "updated": 1,
        "unchanged": 1,
        "rejected": 2,
    }
    with app.read() as reader:
        abroad = reader.first(select(campaign).where(campaign.c.name == "Abroad"))
    assert (abroad.status, abroad.currency, abroad.planned_cost) == ("cancelled", "EUR", 100)
    shown = crm_run("marketing", "campaign", "show", "Tour 2026", "--json").json
    assert (shown["cost"], shown["members"], shown["responses"], shown["planned_cost"]) == (
        "43000.00", 2, 1, "1000000.00",
    )  # fmt: skip
    for what, number in (("campaigns", 3), ("members", 3)):
        out = tmp_path / f"out-{what}.csv"
        crm_run("marketing", "export", what, "--out", out)
        with out.open(encoding="utf-8-sig", newline="") as file:
            written = list(csv.DictReader(file))
        assert (len(written), written[0]["Id"][:4]) == (number, "701A" if what == "campaigns" else "00vA")
        if what == "campaigns":
            assert {one["Description"] for one in written} == {"", "'=cmd()"}
            assert {one["ActualCost"] and Decimal(one["ActualCost"]) for one in written} == {"", Decimal(43000)}
        assert counted(crm_run, out) == {"unchanged": number}
        assert "there already" in crm_run("marketing", "export", what, "--out", out, code=1).err
    before = everything(app)
    crm_run("backup", tmp_path / "all.backup")
    crm_run("marketing", "campaign", "edit", "Abroad", "--planned-cost", "5")
    crm_run("restore", tmp_path / "all.backup", "--force")
    assert everything(app) == before


def test_hubspot_campaigns_lists_and_a_ledger(crm_app, crm_run, table):
    app = crm_app("marketing")
    campaigns = """
        Campaign name,Campaign ID,Campaign status,Start date,End date,Budget total,Spend total,Currency
        Pumps spring,9001,IN_PROGRESS,2026-03-01,2026-04-30,20000,12500.5,CNY
        """
    assert counted(crm_run, table("hubspot-campaigns.csv", campaigns)) == {"created": 1}
    people = """
        List Name,Record ID,First Name,Last Name,Email,Company
        Visitors of the fair,51,Wei,Li,li@huaxin.example,Huaxin
        Visitors of the fair,52,Na,Wang,wang@huaxin.example,Huaxin
        """
    assert counted(crm_run, table("list.csv", people)) == {"created": 2}
    assert counted(crm_run, table("list.csv", people)) == {"unchanged": 2}
    crm_run("marketing", "campaign", "edit", "Pumps spring", "--code", "PS")
    ledger = """
        Campaign,Date,Amount,Currency,What,Supplier,Rate
        PS,2026-03-05,"1,200.00",,Print,Hua Print,
        Visitors of the fair,2026-03-06,$100,,Hall,,7.1
        Nothing,2026-03-06,5,,Hall,,
        PS,2026-03-07,90,USD,Flight,,
        PS,,90,,Flight,,
        """
    said = crm_run("import", table("spends.csv", ledger), "--json").json
    assert (said["created"], {one["line"]: one["reason"] for one in said["rejections"]}) == (
        2,
        {
            4: "campaign_id: there is no marketing campaign “Nothing”",
            5: "its cost is in USD; a column Rate says what one was worth in CNY",
            6: "it needs the day on which it was spent",
        },
    )
    told = {one["name"]: one for one in crm_run("marketing", "campaign", "list", "--json").json}
    assert {name: (one["type"], one["members"], one["cost"]) for name, one in told.items()} == {
        "Pumps spring": ("", 0, "13700.50"), "Visitors of the fair": ("list", 2, "710.00"),
    }  # fmt: skip
    assert told["Pumps spring"]["status"] == "active"
    with app.read() as reader:
        assert {row.status for row in reader.rows(select(member.c.status))} == {"planned"}
