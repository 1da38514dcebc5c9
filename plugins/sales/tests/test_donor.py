"""The donor CRM of Salesforce's nonprofit package, imported: counts and sums are those that its own SQL gives."""

import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from crmcore_sales.tables import buying_role, opportunity
from sqlalchemy import func, select

from crmcore.api import App, tables
from crmcore.testing.clock import Clock
from crmcore.testing.commands import Ran

SOURCE = Path(__file__).resolve().parents[4] / "shared/realworld/csv/SalesforceFoundation_NPSP/test_data.sql"
pytestmark = pytest.mark.skipif(not SOURCE.is_file(), reason="the real files are not here")
Run = Callable[..., Ran]

QUERIES = {
    "Account": """SELECT id AS Id, Name, BillingStreet, BillingCity, BillingState, BillingPostalCode, BillingCountry,
        npe01__SYSTEM_AccountType__c FROM Account""",
    "Contact": """SELECT id AS Id, account_id AS AccountId, Salutation, FirstName, LastName, Email, Phone, Title
        FROM Contact""",
    "Opportunity": """SELECT o.id AS Id, o.account_id AS AccountId, o.name AS Name, stage_name AS StageName,
        amount AS Amount, close_date AS CloseDate, c.name AS "Campaign.Name", primary_contact__c AS Primary_Contact__c
        FROM Opportunity AS o LEFT JOIN Campaign AS c ON c.id = campaign_id""",
    "OpportunityContactRole": """SELECT id AS Id, opportunity_id AS OpportunityId, contact_id AS ContactId, Role,
        IsPrimary FROM OpportunityContactRole""",
}
"""What Salesforce's Data Loader would write."""


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


def test_the_donor_crm(
    crm_app: Callable[..., App], crm_run: Run, donors: sqlite3.Connection, files: Path, tmp_path: Path
) -> None:
    app = crm_app("sales")
    said = crm_run("import", files, "--json").json
    count = {name: donors.execute(f"SELECT count(*) FROM ({query})").fetchone()[0] for name, query in QUERIES.items()}
    (pledged,) = donors.execute("SELECT id FROM Opportunity WHERE stage_name = 'Pledged'").fetchone()
    roles_of_it = donors.execute(
        "SELECT count(*) FROM OpportunityContactRole WHERE opportunity_id = ?", (str(pledged),)
    ).fetchone()[0]
    assert said["read"] == sum(count.values())
    assert said["rejected"] == 1 + roles_of_it
    assert "“Pledged” is no state" in said["rejections"][0]["reason"]

    mapping = tmp_path / "stages.toml"
    mapping.write_text('[values.StageName]\nPledged = "negotiation"\n', encoding="utf-8")
    again = crm_run("import", files / "Opportunity.csv", "--mapping", mapping, "--json").json
    assert (again["created"], again["unchanged"]) == (1, count["Opportunity"] - 1)
    rest = crm_run("import", files / "OpportunityContactRole.csv", "--json").json
    assert (rest["created"], rest["rejected"]) == (roles_of_it, 0)

    with app.read() as reader:
        o = opportunity.c
        assert reader.value(select(func.count()).select_from(tables.customer)) == count["Account"]
        assert reader.value(select(func.count()).select_from(tables.contact)) == count["Contact"]
        stored = reader.rows(select(o.status, o.amount, o.closed_on, o.need_by, o.campaign, o.customer_id))
        roles = dict(map(tuple, reader.rows(select(buying_role.c.role, func.count()).group_by(buying_role.c.role))))
        by_customer = reader.rows(
            select(tables.customer.c.name, func.count(), func.sum(o.amount))
            .join(opportunity, o.customer_id == tables.customer.c.id)
            .where(o.status == "won")
            .group_by(tables.customer.c.name)
        )
    assert sums(donors, "CASE stage_name WHEN 'Closed Won' THEN 'won' ELSE 'open' END") == counted(stored, "status")
    assert sums(donors, "substr(close_date, 1, 4)", "stage_name = 'Closed Won'") == counted(
        [one for one in stored if one.closed_on], lambda one: str(one.closed_on.year)
    )
    assert sums(donors, "coalesce((SELECT name FROM Campaign AS c WHERE c.id = campaign_id), '')") == counted(
        stored, "campaign"
    )
    assert sums(donors, "(SELECT Name FROM Account AS a WHERE a.id = account_id)", "stage_name = 'Closed Won'") == {
        name: (number, amount) for name, number, amount in by_customer
    }
    expected = dict(donors.execute("SELECT Role, count(*) FROM OpportunityContactRole GROUP BY 1"))
    assert roles == {"influencer": expected.pop("Influencer"), **expected}
    assert all(one.customer_id for one in stored)


def test_its_pipeline_forecast_and_win_rate_as_they_stood_in_april_2018(
    crm_app: Callable[..., App],
    crm_run: Run,
    crm_clock: Clock,
    donors: sqlite3.Connection,
    files: Path,
    tmp_path: Path,
) -> None:
    """What came after the ninth was still pledged then; a year later the same file says what became of it."""
    crm_clock.set("2018-04-10T09:00+08:00")
    crm_app("sales")
    with (files / "Opportunity.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    then = tmp_path / "Opportunity.csv"
    with then.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({**one, "StageName": stood(one)} for one in rows)
    mapping = tmp_path / "stages.toml"
    mapping.write_text(
        '[values.StageName]\nPledged = "negotiation"\n[constants]\nReason = "gift"\n',
        encoding="utf-8",
    )
    said = crm_run("import", then, "--mapping", mapping, "--json").json
    assert (said["created"], said["rejected"]) == (len(rows), 0)

    later = f"(close_date > '{THEN}' OR stage_name = 'Pledged')"
    pipeline = crm_run("sales", "pipeline", "--by", "campaign", "--json").json
    assert told(pipeline["total"], "amount", "weighted", "low", "high") == figures(donors, later, 1, 0.75, 0, 1)
    of_campaign = "coalesce((SELECT name FROM Campaign AS c WHERE c.id = campaign_id), '')"
    assert {one["campaign"]: (one["deals"], Decimal(one["amount"])) for one in pipeline["groups"]} == sums(
        donors, of_campaign, later
    )
    quarter = "close_date BETWEEN '2018-04-01' AND '2018-06-30'"
    forecast = crm_run("sales", "forecast", "show", "--json").json
    won = figures(donors, f"{quarter} AND NOT {later}", 1)[0]
    (pledged,) = figures(donors, f"{quarter} AND {later}", 1)
    assert forecast["quarter"] == "2018Q2"
    assert told(forecast["total"], "won", "commit", "likely", "best") == [
        won, won, won + pledged * Decimal("0.75"), won + pledged,
    ]  # fmt: skip
    assert sum(Decimal(one["likely"]) for one in forecast["groups"]) == won + pledged * Decimal("0.75")
    winloss = crm_run("sales", "winloss", "--json").json["whole"]
    assert (winloss["n"], winloss["rate"]["value"], Decimal(winloss["won_amount"])) == (
        sums(donors, "1", f"NOT {later}")[1][0], 1.0, figures(donors, f"NOT {later}", 1)[0],
    )  # fmt: skip

    crm_clock.set("2019-11-05T09:00+08:00")
    became = crm_run("import", files / "Opportunity.csv", "--mapping", mapping, "--json").json
    pledges = sums(donors, "1", later)[1][0]
    assert (became["updated"], became["unchanged"]) == (pledges - 1, len(rows) - pledges + 1)
    shown = crm_run("sales", "forecast", "show", "--quarter", "2018Q2", "--json").json
    assert told(shown["total"], "won", "likely") == figures(donors, f"{quarter} AND stage_name = 'Closed Won'", 1, 1)
    whole = crm_run("sales", "winloss", "--json").json["whole"]
    assert (whole["n"], Decimal(whole["won_amount"])) == sums(donors, "stage_name")["Closed Won"]
    assert crm_run("sales", "pipeline", "--json").json["total"]["deals"] == 1


THEN = "2018-04-09"


def stood(row: dict[str, str]) -> str:
    """Return the stage an opportunity was in on the evening of that day."""
    return "Pledged" if row["CloseDate"] > THEN else row["StageName"]


def told(given: dict[str, str], *names: str) -> list[Decimal]:
    return [Decimal(given[name]) for name in names]


def figures(donors: sqlite3.Connection, where: str, *shares: float) -> list[Decimal]:
    """Return what the opportunities that meet a condition come to, times each of the shares."""
    (amount,) = donors.execute(
        f"SELECT coalesce(sum(CAST(amount AS INTEGER)), 0) FROM Opportunity WHERE {where}"
    ).fetchone()
    return [Decimal(amount) * Decimal(str(share)) for share in shares]


def sums(donors: sqlite3.Connection, group: str, where: str = "1") -> dict[str, tuple[int, Decimal]]:
    """Return how many opportunities there are, and what they come to, by an expression of the donor CRM's SQL."""
    found = donors.execute(
        f"SELECT {group}, count(*), sum(CAST(amount AS INTEGER)) FROM Opportunity WHERE {where} GROUP BY 1"
    )
    return {name: (number, Decimal(amount)) for name, number, amount in found}


def counted(rows: Any, group: str | Callable[[Any], str]) -> dict[str, tuple[int, Decimal]]:
    """Return the same of what is stored."""
    found: dict[str, tuple[int, Decimal]] = {}
    for row in rows:
        key = getattr(row, group) if isinstance(group, str) else group(row)
        number, amount = found.get(key, (0, Decimal(0)))
        found[key] = (number + 1, amount + (row.amount or 0))
    return found
