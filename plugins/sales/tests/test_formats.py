"""Tables and trees of Salesforce and HubSpot: what they say is what is stored, exactly, and nothing of it is lost."""

import csv
import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from crmcore_sales.tables import buying_role, lead, line, opportunity, price, product
from openpyxl import Workbook
from sqlalchemy import Table, select

from crmcore.api import App, tables
from crmcore.testing.commands import Ran

REALWORLD = Path(__file__).resolve().parents[4] / "shared" / "realworld" / "csv"
real = pytest.mark.skipif(not REALWORLD.is_dir(), reason="the real files are not here")
Run = Callable[..., Ran]


@pytest.fixture
def app(crm_app: Callable[..., App]) -> App:
    return crm_app("sales")


@pytest.fixture
def rows(app: App) -> Callable[..., list[Any]]:
    """Return some columns of a table, or all of it, in the order of ids."""

    def read(table: Table, *names: str) -> list[Any]:
        columns = [table.c[name] for name in names] or [table]
        with app.read() as reader:
            return list(reader.rows(select(*columns).order_by(table.c.id)))

    return read


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Write a text as a table, a line for each of its lines."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text("".join(f"{line.strip()}\n" for line in text.strip().splitlines()), encoding="utf-8")
        return path

    return write


def counted(run: Run, *arguments: object) -> dict[str, int]:
    """Return what an import counted, without what is nought; it adds up."""
    said = run("import", *arguments, "--json").json
    assert said["read"] == sum(said[name] for name in ("created", "updated", "unchanged", "rejected")), said
    return {name: said[name] for name in ("created", "updated", "unchanged", "rejected") if said[name]}


def test_salesforce_from_accounts_to_lines_in_any_order(app: App, rows: Any, table: Any, crm_run: Run) -> None:
    crm_run("user", "add", "liu", "--name", "Liu Fang", "--email", "liu@us.example")
    opportunities = table(
        "opportunities.csv",
        """
        Id,IsDeleted,AccountId,Name,StageName,Amount,CurrencyIsoCode,Probability,CloseDate,IsClosed,IsWon,ContactId,Owner.Email,CreatedDate,Loss_Reason__c,Serial__c
        006A00000000001,false,001A00000000001,Pumps,Value Proposition,1234.56,EUR,55.0,2026-12-24,false,false,003A00000000001,liu@us.example,2026-05-01T08:00:00.000Z,,S-77
        006A00000000002,false,001A00000000001,Valves,Closed Lost,99000,USD,0.0,2026-03-31,true,false,,nobody@us.example,2026-01-02T08:00:00.000Z,price,
        006A00000000003,true,001A00000000001,Gone,Closed Won,1,USD,100.0,2026-03-31,true,true,,,,,
        006A00000000004,false,001A00000000009,Hoses,Legal check,5,USD,100.0,2026-03-31,false,false,,,,,
        """,  # noqa: E501 # a table as it is
    )
    said = crm_run("import", opportunities, "--json").json
    assert (said["created"], said["rejected"]) == (2, 2)
    first, second = said["rejections"]
    assert first["reason"] == "it is deleted there"
    assert second["reason"] == (
        "stage: “Legal check” is no state of Opportunity; it has qualification, needs, proposal, negotiation, won, lost"
    )
    accounts = table("accounts.csv", "Id,Name,AccountNumber\n001A00000000001,Huaxin,A-1")
    assert counted(crm_run, accounts) == {"created": 1}
    people = table(
        "contacts.csv",
        """
        Id,AccountId,FirstName,LastName,Email
        003A00000000001,001A00000000001,Wei,Li,li@huaxin.example
        """,
    )
    assert counted(crm_run, people) == {"created": 1}
    users = dict(map(tuple, rows(tables.user_account, "id", "login")))
    (firm,), (person,) = rows(tables.customer, "id"), rows(tables.contact, "id")
    pumps, valves = rows(opportunity)
    assert (pumps.title, pumps.stage, pumps.status, pumps.amount, pumps.currency) == (
        "Pumps", "needs", "open", Decimal("1234.56"), "EUR",
    )  # fmt: skip
    assert (pumps.customer_id, pumps.contact_id, users[pumps.owner_id]) == (firm.id, person.id, "liu")
    assert (pumps.probability, pumps.need_by, pumps.closed_on) == (55, date(2026, 12, 24), None)
    assert pumps.details["Serial__c"] == "S-77"
    assert (valves.stage, valves.status, valves.closed_on, valves.reason, users[valves.owner_id]) == (
        "lost", "lost", date(2026, 3, 31), "price", "ann",
    )  # fmt: skip
    assert (valves.customer_id, valves.probability, valves.created_at.date()) == (firm.id, None, date(2026, 1, 2))
    assert valves.details["Owner.Email"] == "nobody@us.example"
    assert counted(crm_run, opportunities) == {"unchanged": 2, "rejected": 2}

    products = table("products.csv", "Id,ProductCode,Name,Family,IsActive\n01tA00000000001,P-40,Pump,Pumps,true")
    prices = table(
        "prices.csv",
        """
        Id,Pricebook2.Name,Product2Id,UnitPrice,CurrencyIsoCode,IsActive
        01uA00000000001,Standard,01tA00000000001,617.28,EUR,true
        """,
    )
    lines = table(
        "lines.csv",
        """
        Id,OpportunityId,Product2Id,ProductCode,Quantity,UnitPrice,Description
        00kA00000000001,006A00000000001,01tA00000000001,P-40,2.0,617.28,with a stand
        """,
    )
    roles = table(
        "roles.csv",
        """
        Id,OpportunityId,ContactId,Role,IsPrimary
        00KA00000000001,006A00000000002,003A00000000001,Economic Buyer,true
        """,
    )
    for path in (products, prices, lines, roles):
        assert counted(crm_run, path) == {"created": 1}
        assert counted(crm_run, path) == {"unchanged": 1}
    (stored,) = rows(product)
    assert (stored.code, stored.name, stored.family, stored.active) == ("P-40", "Pump", "Pumps", True)
    assert rows(price, "unit_price", "currency", "price_list") == [(Decimal("617.28"), "EUR", "Standard")]
    assert rows(line, "opportunity_id", "product_id", "quantity", "amount") == [
        (pumps.id, stored.id, Decimal(2), Decimal("1234.56"))
    ]
    assert rows(buying_role, "opportunity_id", "contact_id", "role") == [(valves.id, person.id, "budget")]
    assert [row.contact_id for row in rows(opportunity)] == [person.id, person.id]


def test_hubspot_deals_products_and_line_items(app: App, rows: Any, table: Any, crm_run: Run) -> None:
    deals = table(
        "hubspot-deals.csv",
        """
        Record ID,Deal Name,Deal Stage,Amount,Currency,Close Date,Deal owner,Deal Probability,Associated Company,Closed Lost Reason,Is Closed Won
        9001,Pumps,Presentation Scheduled,"￥12,000.50",,2026-12-24 14:00,ann,0.6,Huaxin,,false
        9002,Valves,closedwon,80,USD,2026-05-01 00:00,,1.0,Nordlicht,,true
        9003,Hoses,Closed Lost,8,USD,2026-05-02 00:00,,0.0,Huaxin,delivery time,false
        """,  # noqa: E501 # a table as it is
    )
    assert counted(crm_run, deals) == {"created": 3}
    assert counted(crm_run, deals) == {"unchanged": 3}
    names = dict(map(tuple, rows(tables.customer, "id", "name")))
    found = rows(opportunity, "title", "stage", "amount", "currency", "probability", "closed_on", "reason")
    assert found == [
        ("Pumps", "proposal", Decimal("12000.50"), "CNY", 60, None, ""),
        ("Valves", "won", Decimal(80), "USD", None, date(2026, 5, 1), ""),
        ("Hoses", "lost", Decimal(8), "USD", None, date(2026, 5, 2), "delivery time"),
    ]
    assert [names[row.customer_id] for row in rows(opportunity)] == ["Huaxin", "Nordlicht", "Huaxin"]
    exported = deals.with_name("exported.csv")
    crm_run("sales", "export", exported)
    crm_run("import", "--undo", crm_run("import", "--list", "--json").json[-1]["id"])
    assert rows(opportunity) == []
    assert counted(crm_run, exported) == {"created": 3}
    again = rows(opportunity, "title", "stage", "amount", "currency", "probability", "closed_on", "reason")
    assert again == found, "what was written is read again"

    products = table(
        "hubspot-products.csv",
        """
        Product ID,Name,SKU,Unit price,Unit cost,Create Date
        71,水泵,P-40,617.28,300,2026-01-01
        """,
    )
    items = table(
        "hubspot-line-items.csv",
        """
        Record ID,Name,SKU,Quantity,Unit price,Associated Deal IDs
        501,水泵,P-40,3,600,9001
        """,
    )
    for path in (products, items):
        assert counted(crm_run, path) == {"created": 1}
        assert counted(crm_run, path) == {"unchanged": 1}
    assert rows(price, "unit_price", "currency", "valid_from") == [(Decimal("617.28"), "CNY", date(2026, 1, 1))]
    assert rows(line, "quantity", "amount") == [(Decimal(3), Decimal(1800))]


def test_leads_with_their_people(app: App, rows: Any, table: Any, crm_run: Run) -> None:
    leads = table(
        "leads.csv",
        """
        Id,FirstName,LastName,Company,Email,Status,LeadSource,Rating,IsConverted,ConvertedDate,OwnerId,CreatedDate
        00QA00000000001,Wei,Li,Huaxin,li@huaxin.example,Open - Not Contacted,Web,Hot,false,,005A00000000001,2026-11-20T08:00:00.000Z
        00QA00000000002,Anja,Petersen,Nordlicht,anja@nordlicht.example,Closed - Converted,Fair,,true,2026-10-01,ann,2026-09-01T08:00:00.000Z
        """,  # noqa: E501 # a table as it is
    )
    assert counted(crm_run, leads) == {"created": 2}
    assert counted(crm_run, leads) == {"unchanged": 2}
    (new, done) = rows(lead)
    assert (new.title, new.status, new.owner_id, new.lead_source) == ("Huaxin – Wei Li", "new", None, "Web")
    assert (done.status, done.closed_at.date(), done.owner_id is None) == ("qualified", date(2026, 10, 1), False)
    assert {row.name for row in rows(tables.contact)} == {"Wei Li", "Anja Petersen"}
    assert all(one.contact_id and one.customer_id for one in (new, done))


def test_a_chinese_workbook_and_hubspots_own_leads(
    app: App, rows: Any, table: Any, crm_run: Run, tmp_path: Path
) -> None:
    book = Workbook()
    for row in (
        ("2026年商机",),
        ("商机名称", "阶段", "金额", "预计成交日期", "客户名称", "赢率", "负责人", "竞争对手"),
        ("两百台水泵", "谈判", 160000, date(2026, 12, 18), "东方机械", "80%", "ann", "北方泵业"),
        ("阀门", "赢单", 8000.5, "2026-03-31", "东方机械", "100%", "", ""),
    ):
        book.active.append(row)
    book.save(tmp_path / "deals.xlsx")
    assert counted(crm_run, tmp_path / "deals.xlsx") == {"created": 2}
    assert rows(opportunity, "title", "stage", "amount", "currency", "need_by", "closed_on", "probability") == [
        ("两百台水泵", "negotiation", Decimal(160000), "CNY", date(2026, 12, 18), None, 80),
        ("阀门", "won", Decimal("8000.50"), "CNY", date(2026, 3, 31), date(2026, 3, 31), None),
    ]
    assert rows(tables.customer, "name") == [("东方机械",)]
    assert rows(opportunity)[0].details["竞争对手"] == "北方泵业"
    leads = table(
        "hubspot-leads.csv",
        """
        Record ID,Lead Name,Lead Status,Lead Owner,Associated Company,Create Date
        77,Pumps for Nordlicht,IN_PROGRESS,ann,Nordlicht,2026-11-01 10:00
        """,
    )
    assert counted(crm_run, leads) == {"created": 1}
    assert counted(crm_run, leads) == {"unchanged": 1}
    (found,) = rows(lead)
    assert (found.title, found.status) == ("Pumps for Nordlicht", "working")
    assert found.customer_id == rows(tables.customer, "id")[1].id
    assert found.received_at == datetime(2026, 11, 1, 2, tzinfo=UTC), "ten o'clock in Shanghai, the workspace's zone"


def test_what_is_refused_when_it_is_saved_rejects_that_row_alone(app: App, rows: Any, table: Any, crm_run: Run) -> None:
    """The database has a code once; a rep adds to no deals but her own."""
    body = "\n".join(f"01tA{n:011},P-{n % 297},Pump {n},Pumps,true" for n in range(300))
    said = crm_run("import", table("products.csv", f"Id,ProductCode,Name,Family,IsActive\n{body}"), "--json").json
    assert (said["created"], [one["line"] for one in said["rejections"]]) == (297, [299, 300, 301])
    assert all("does not take it" in one["reason"] for one in said["rejections"])

    for login in ("wang", "liu"):
        crm_run("user", "add", login, "--role", "rep")
    deals = "\n".join(f"006A{n:011},Deal {n},Qualification,10,{('wang', 'liu')[n % 2]}" for n in range(6))
    file = table("opportunities.csv", f"Id,Name,StageName,Amount,Owner\n{deals}")
    assert counted(crm_run, file) == {"created": 6}
    parts = "\n".join(f"00kA{n:011},006A{n:011},P-1,{n + 1},9.90" for n in range(6))
    lines = table("lines.csv", f"Id,OpportunityId,ProductCode,Quantity,UnitPrice\n{parts}")
    refused = crm_run("import", lines, "--json", user="wang").json
    assert (refused["created"], [one["line"] for one in refused["rejections"]]) == (3, [3, 5, 7])
    assert all("belongs to somebody else" in one["reason"] for one in refused["rejections"])
    assert [row.quantity for row in rows(line)] == [1, 3, 5]
    changed = table("changed.csv", f"Id,Name,StageName,Amount,Owner\n{deals.replace(',10,', ',11,')}")
    again = crm_run("import", changed, "--json", user="liu").json
    assert (again["updated"], again["rejected"]) == (3, 3)


@real
def test_the_trees_of_the_sample_applications(app: App, rows: Any, crm_run: Run) -> None:
    folder = REALWORLD / "trailheadapps_lwc-recipes"
    assert counted(crm_run, folder) == {"created": 36}
    assert counted(crm_run, folder) == {"unchanged": 36}
    there = json.loads((folder / "Opportunities.json").read_text())["records"]
    accounts = json.loads((folder / "Accounts.json").read_text())["records"]
    by_reference = {"@" + one["attributes"]["referenceId"]: one["Name"] for one in accounts}
    names = dict(map(tuple, rows(tables.customer, "id", "name")))
    stored = {(one.title, one.amount, one.need_by, names[one.customer_id]) for one in rows(opportunity)}
    assert stored == {
        (one["Name"], Decimal(str(one["Amount"])), date.fromisoformat(one["CloseDate"]), by_reference[one["AccountId"]])
        for one in there
    }
    won = [one for one in there if one["StageName"] == "Closed Won"]
    assert sum_of(rows(opportunity), "won") == sum(Decimal(str(one["Amount"])) for one in won)


@real
def test_what_the_data_loader_wrote(app: App, rows: Any, crm_run: Run) -> None:
    folder = REALWORLD / "forcedotcom_dataloader"
    expected: dict[str, dict[str, str]] = {}
    for name in ("success0413060133.csv", "error0413060133.csv"):
        with (folder / name).open(newline="") as file:
            lines = list(csv.DictReader(file))
        said = crm_run("import", folder / name, "--json").json
        assert (said["read"], said["rejected"], said["created"]) == (len(lines), 0, len({one["ID"] for one in lines}))
        expected.update((one["ID"], one) for one in lines)
    stored = rows(opportunity)
    assert len(stored) == len(expected)
    assert sum(one.amount or 0 for one in stored) == sum(Decimal(one["AMOUNT"] or 0) for one in expected.values())
    assert sum_of(stored, "won") == sum(
        Decimal(one["AMOUNT"]) for one in expected.values() if one["STAGENAME"] == "Closed Won"
    )
    assert sorted(one.probability for one in stored if one.probability) == sorted(
        int(float(one["PROBABILITY"])) for one in expected.values() if one["ISCLOSED"] == "false"
    )
    assert {one.details["ORACLE_ID__C"] for one in stored if "ORACLE_ID__C" in one.details} == {
        one["ORACLE_ID__C"] for one in expected.values() if one["ORACLE_ID__C"]
    }


def sum_of(stored: Iterable[Any], status: str) -> Decimal:
    return sum((one.amount for one in stored if one.status == status and one.amount), Decimal(0))
