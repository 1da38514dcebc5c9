"""The donor CRM of Salesforce's nonprofit package, imported: campaigns, members and what they brought, as its SQL has.

It holds 13 campaigns and 1,699 members, all of them only sent something, and neither costs nor answers. So each meeting
of 2015 is told as held in the middle of its month, at a cost, and as answered by whoever was asked to it.
"""

import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from crmcore_marketing.tables import campaign, member, spend, touch
from sqlalchemy import func, select

from crmcore.api import App
from crmcore.testing.commands import Ran

SOURCE = Path(__file__).resolve().parents[4] / "shared/realworld/csv/SalesforceFoundation_NPSP/test_data.sql"
pytestmark = pytest.mark.skipif(not SOURCE.is_file(), reason="the real files are not here")
Run = Callable[..., Ran]

HELD = "printf('2015-%02d-15', min(c.id, 12))"
MEETING = "c.id <> 13"
FUNDS = 250
QUERIES = {
    "Account": """SELECT id AS Id, Name, BillingStreet, BillingCity, BillingState, BillingPostalCode, BillingCountry,
        npe01__SYSTEM_AccountType__c FROM Account""",
    "Contact": """SELECT id AS Id, account_id AS AccountId, Salutation, FirstName, LastName, Email, Phone, Title
        FROM Contact""",
    "Product2": f"""SELECT id AS Id, 'GAU-' || id AS ProductCode, Name, 'true' AS IsActive
        FROM General_Accounting_Unit__c WHERE id <= {FUNDS}""",
    "Opportunity": """SELECT id AS Id, account_id AS AccountId, name AS Name, stage_name AS StageName,
        amount AS Amount, close_date AS CloseDate, primary_contact__c AS Primary_Contact__c
        FROM Opportunity WHERE stage_name = 'Closed Won'""",
    "OpportunityLineItem": f"""SELECT id AS Id, opportunity__c AS OpportunityId,
        general_accounting_unit__c AS Product2Id, 1 AS Quantity, 10 AS UnitPrice
        FROM Allocation__c WHERE opportunity__c <> '' AND CAST(general_accounting_unit__c AS INTEGER) <= {FUNDS}""",
    "Campaign": f"""SELECT c.id AS Id, c.name AS Name, 'Meeting' AS Type, 'Completed' AS Status, {HELD} AS StartDate,
        {HELD} AS EndDate, 1000 AS BudgetedCost, CASE WHEN {MEETING} THEN 900 + 10 * c.id ELSE '' END AS ActualCost
        FROM Campaign AS c""",
    "CampaignMember": f"""SELECT m.id AS Id, campaign_id AS CampaignId, contact_id AS ContactId, status AS Status,
        CASE WHEN {MEETING} THEN 'true' ELSE 'false' END AS HasResponded,
        CASE WHEN {MEETING} THEN {HELD} ELSE '' END AS FirstRespondedDate
        FROM CampaignMember AS m JOIN Campaign AS c ON c.id = campaign_id""",
}  # fmt: skip
"""What Salesforce's Data Loader would write."""

LAST = f"""
WITH came AS (
    SELECT c.id AS campaign, {HELD} AS day, m.contact_id AS contact, p.account_id AS account
    FROM CampaignMember AS m JOIN Campaign AS c ON c.id = campaign_id JOIN Contact AS p ON p.id = m.contact_id
    WHERE {MEETING}
)
SELECT o.id AS deal, o.account_id AS account, CAST(o.amount AS INTEGER) AS amount,
    (SELECT campaign FROM came WHERE (came.contact = o.primary_contact__c OR came.account = o.account_id)
        AND day <= o.close_date AND day > date(o.close_date, '-' || :days || ' days')
        ORDER BY day DESC LIMIT 1) AS campaign
FROM Opportunity AS o WHERE o.stage_name = 'Closed Won'
"""
"""Each gift with the last meeting that its donor, or anybody of the donor's household, came to before it."""


@pytest.fixture(scope="module")
def donors() -> Iterator[sqlite3.Connection]:
    """The donor CRM, as SQL."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SOURCE.read_text(encoding="utf-8"))
        yield database


@pytest.fixture
def files(donors: sqlite3.Connection, tmp_path: Path) -> Path:
    """A folder of tables in Salesforce's layout."""
    folder = tmp_path / "salesforce"
    folder.mkdir()
    for name, query in QUERIES.items():
        found = donors.execute(query)
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([one[0] for one in found.description])
            writer.writerows(found)
    return folder


def test_its_campaigns_and_members_and_what_they_brought(
    crm_app: Callable[..., App], crm_run: Run, donors: sqlite3.Connection, files: Path, tmp_path: Path
) -> None:
    app = crm_app("sales", "marketing")
    said = crm_run("import", files, "--json").json
    count = {name: donors.execute(f"SELECT count(*) FROM ({query})").fetchone()[0] for name, query in QUERIES.items()}
    assert (said["read"], said["rejected"]) == (sum(count.values()), 0), said["rejections"]
    assert (count["Campaign"], count["CampaignMember"]) == (13, 1699)
    again = crm_run("import", files / "Campaign.csv", files / "CampaignMember.csv", "--json").json
    assert (again["unchanged"], again["created"], again["updated"]) == (13 + 1699, 0, 0)

    with app.read() as reader:
        m, c = member.c, campaign.c
        joined = select(c.name, m.status, func.count(), func.count(m.responded_at)).join(
            campaign, c.id == m.campaign_id
        )
        stored = sorted(map(tuple, reader.rows(joined.group_by(c.name, m.status))))
        kinds = dict(map(tuple, reader.rows(select(touch.c.kind, func.count()).group_by(touch.c.kind))))
        homeless = reader.value(select(func.count()).select_from(member).where(m.customer_id.is_(None)))
        spent = dict(
            map(tuple, reader.rows(select(c.name, spend.c.amount).join(campaign, c.id == spend.c.campaign_id)))
        )
    rows = donors.execute(
        f"""SELECT c.name, lower(status), count(*), sum({MEETING}) FROM CampaignMember
            JOIN Campaign AS c ON c.id = campaign_id GROUP BY 1, 2"""
    )
    assert stored == sorted(rows)
    meetings = donors.execute("SELECT count(*) FROM CampaignMember WHERE campaign_id <> '13'").fetchone()[0]
    assert (kinds, homeless) == ({"reply": meetings, "sent": 1699 - meetings}, 0)
    assert spent == dict(donors.execute(f"SELECT name, 900 + 10 * c.id FROM Campaign AS c WHERE {MEETING}"))

    for days in (365, 1500):
        crm_run("setting", "set", "marketing.window_days", days)
        expected = credited(donors, days)
        returns = crm_run("marketing", "return", "list", "--limit", 50, "--json").json
        told = {one["name"]: figures(one["last"]) for one in returns["rows"]}
        assert {name: one for name, one in told.items() if one[0]} == {
            name: one for name, one in expected.items() if name
        }
        none = returns["unattributed"]["last"]
        assert (none["orders"], Decimal(none["revenue"])) == expected[""][::2]
    listed = {one["name"]: one for one in crm_run("marketing", "campaign", "list", "--json").json}
    for name, one in listed.items():
        orders, _customers, revenue = expected.get(name, (0, 0, Decimal(0)))
        assert (one["won"], Decimal(one["revenue"])) == (orders, revenue), name

    # S4-09 with real gifts: two meetings side by side, each fund with its donors, those of none among them
    names = ("Feb 2015 Meeting", "Dec 2015 Meeting")
    compared = crm_run("marketing", "return", "compare", *names, "--json").json
    for name, row in zip(names, compared["rows"], strict=True):
        orders, customers, revenue = expected[name]
        assert (row["name"], figures(row["last"])) == (name, (orders, customers, revenue))
        assert Decimal(row["last"]["cost_per_customer"]) == (spent[name] / customers).quantize(Decimal("0.01"))
    buyers = by_fund(donors, 1500)
    for one in compared["products"]:
        mine = {row["name"]: bought["customers"] for row, bought in zip(compared["rows"], one["bought"], strict=True)}
        assert mine == {name: buyers.get((name, one["code"]), 0) for name in names}, one["code"]
    assert {one["code"] for one in compared["products"]} == {f"GAU-{number}" for number in range(1, FUNDS + 1)}

    out = tmp_path / "members.csv"
    assert crm_run("marketing", "export", "members", "--out", out, "--json").json["members"] == 1699
    with out.open(encoding="utf-8-sig", newline="") as file:
        written = {(one["Id"], one["CampaignId"], one["ContactId"], one["Status"]) for one in csv.DictReader(file)}
    assert written == {
        tuple(map(str, row)) for row in donors.execute("SELECT id, campaign_id, contact_id, status FROM CampaignMember")
    }


def credited(donors: sqlite3.Connection, days: int) -> dict[str, tuple[int, int, Decimal]]:
    """Return (gifts, households, amount) by meeting; under an empty name those that came of none."""
    found = donors.execute(
        f"""SELECT coalesce(c.name, ''), count(*), count(DISTINCT account), sum(amount) FROM ({LAST}) AS each
            LEFT JOIN Campaign AS c ON c.id = each.campaign GROUP BY 1""",
        {"days": days},
    )
    return {name: (orders, customers, Decimal(amount)) for name, orders, customers, amount in found}


def by_fund(donors: sqlite3.Connection, days: int) -> dict[tuple[str, str], int]:
    """Return how many households gave to a fund thanks to a meeting, by (meeting, fund's code)."""
    found = donors.execute(
        f"""SELECT c.name, 'GAU-' || a.general_accounting_unit__c, count(DISTINCT each.account) FROM ({LAST}) AS each
            JOIN Campaign AS c ON c.id = each.campaign JOIN Allocation__c AS a ON a.opportunity__c = each.deal
            GROUP BY 1, 2""",
        {"days": days},
    )
    return {(name, code): number for name, code, number in found}


def figures(sums: dict[str, Any]) -> tuple[int, int, Decimal]:
    return sums["orders"], sums["customers"], Decimal(sums["revenue"])
