"""Installed products and contracts: kept, imported, renewed; what they entitle to; what is offered when they end."""

from datetime import date

from crmcore_service.assets.asset_table import take_assets
from crmcore_service.assets.entitling import entitled
from crmcore_service.assets.views import Asked, page
from crmcore_service.model.ticket import Ticket

TABLE = """产品,型号,序列号,客户,联系人,安装日期,保修到期,安装地点
Pump,P-3,S-1,{one},,2025-01-10,2027-01-10,"31.3,120.6"
Pump,P-3,S-2,,{mail},2025-01-10,,
Pump,P-3,S-1,{one},,2025-01-10,,
Pump,P-3,S-4,No Such Company,,2025-01-10,,
,P-3,S-5,{one},,,,
Pump,P-3,S-6,{one},,some day,,
Valve,,,{one},,,,
"""


def ask(office, *said, user="sam"):
    return office.json("service", *said, user=user)


def test_products_come_from_a_table_and_once(office, tmp_path):
    file = tmp_path / "installed.csv"
    file.write_text(TABLE.format(one=office.customers[3], mail="p4@firm4.example"))
    done = ask(office, "asset", "import", file)
    assert (done["added"], done["changed"]) == (3, 0)
    assert [one["line"] for one in done["problems"]] == [4, 5, 6, 7]
    assert "stands in the table before" in done["problems"][0]["reason"]
    assert "No Such Company" in done["problems"][1]["reason"]
    one, other, _valve = ask(office, "asset", "list", "--limit", "3")
    assert (one["customer"]["id"], one["latitude"], one["warranty"]) == (office.customers[3], 31.3, True)
    assert (other["customer"]["id"], other["contact"]["id"]) == (office.customers[4], office.contacts[4])
    file.write_text("product,serial,model,warranty until\nPump,S-1,P-4,2028-01-10\n")
    assert ask(office, "asset", "import", file)["changed"] == 1
    again = ask(office, "asset", "show", "s-1")
    assert (again["model"], again["warranty_until"], again["installed_on"]) == ("P-4", "2028-01-10", "2025-01-10")

    twice = office.crm("service", "asset", "add", "Pump", "--serial", "S-1", user="sam", code=1)
    assert "Pump S-1 is there already" in twice.err
    same = ask(
        office, "asset", "add", "Valve", "--serial", "S-1", "--contact", office.contacts[4]
    )  # of another product
    assert same["customer"]["id"] == office.customers[4]
    assert "may be one of several" in office.crm("service", "asset", "show", "S-1", user="sam", code=1).err
    gone = ask(office, "asset", "retire", same["id"], "--on", "2026-11-01")
    assert (gone["status"], gone["retired_on"]) == ("retired", "2026-11-01")
    assert "out of service since" in office.crm("service", "asset", "retire", same["id"], user="sam", code=1).err
    ends = office.crm("service", "asset", "edit", "S-2", "--warranty", "2024-01-01", user="sam", code=1)
    assert "before the installation" in ends.err
    assert [each["serial"] for each in ask(office, "asset", "list", "--older", "1")] == ["S-1", "S-2"]


def test_a_contract_says_what_a_ticket_is_entitled_to(office):
    ask(office, "level", "add", "Gold", "--target", "resolution=1d", user="ann")
    one, other = office.customers[3:5]
    pump = ask(office, "asset", "add", "Pump", "--customer", one, "--warranty", "2026-11-24")["id"]
    spare = ask(office, "asset", "add", "Pump", "--customer", one, "--warranty", "2026-11-23")["id"]
    add = ("contract", "add", "Full service", "--level", "Gold", "--customer", one, "--number", "C-1")
    deal = ask(office, *add, "--from", "2026-01-01", "--until", "2026-12-31", "--amount", "12000", "--asset", pump)
    assert (deal["status"], deal["days"], deal["level"]["name"]) == ("active", 37, "Gold")
    whole = ask(office, "contract", "add", "All of it", "--customer", other, "--from", "2026-11-20")["id"]

    def holds(customer, asset, on=None):
        about = Ticket(subject="?", opened_at=office.clock.now, customer_id=customer, asset_id=asset)
        with office.app.read(office.app.actor("sam")) as reader:
            return entitled(reader, about, on)

    press = ask(office, "asset", "add", "Press", "--customer", other)["id"]
    held = {
        each: [one["id"] for one in ask(office, "asset", "show", each)["contracts"]] for each in (pump, spare, press)
    }
    assert held == {pump: [deal["id"]], spare: [], press: [whole]}

    found = holds(one, pump)
    assert (found.contract_id, found.level_id) == (deal["id"], deal["level"]["id"])
    assert (found.contract_until, found.warranty) == (date(2026, 12, 31), True)
    assert (holds(one, spare).contract_id, holds(one, spare).warranty) == (None, False)  # it covers another product
    assert holds(one, None).contract_id is None
    assert holds(one, pump, date(2027, 1, 1)).contract_id is None
    assert [holds(other, None, day).contract_id for day in (date(2026, 11, 19), date(2026, 11, 20))] == [None, whole]

    [ending] = ask(office, "contract", "list", "--ending", "60")
    assert ending["id"] == deal["id"]
    renewed = ask(office, "contract", "renew", "C-1", "--amount", "13000")
    assert (renewed["starts_on"], renewed["ends_on"], renewed["status"]) == ("2027-01-01", "2027-12-31", "future")
    assert ([each["id"] for each in renewed["assets"]], renewed["renewed_from_id"]) == ([pump], deal["id"])
    assert ask(office, "contract", "list", "--ending", "60") == []
    assert ask(office, "contract", "show", deal["id"])["renewed_by_id"] == renewed["id"]
    trail = office.json("trail", "contract", renewed["id"], user="mei")["trail"]
    assert [(each["id"], (each["came_of"] or {}).get("link")) for each in trail] == [
        (deal["id"], None), (renewed["id"], "renewed")
    ]  # fmt: skip
    ended = ask(office, "contract", "end", deal["id"], "--note", "Moved abroad")
    assert (ended["status"], ended["ends_on"]) == ("ended", "2026-11-24")
    assert holds(one, pump).contract_id is None
    assert "over already" in office.crm("service", "contract", "end", deal["id"], user="sam", code=1).err


def test_what_ends_is_offered_once_to_the_rep_of_the_customer(office_with_sales):
    office = office_with_sales
    soon = ask(office, "asset", "add", "Pump", "--customer", office.customers[3], "--warranty", "2026-12-24")["id"]
    ask(office, "asset", "add", "Pump", "--customer", office.customers[3], "--warranty", "2027-12-24")
    ask(office, "asset", "add", "Pump", "--customer", office.customers[3], "--warranty", "2026-11-01")
    old = ask(office, "asset", "add", "Press", "--customer", office.customers[9], "--installed", "2015-05-01")["id"]
    contract = ask(
        office, "contract", "add", "Service", "--customer", office.customers[9], "--until", "2026-12-01"
    )["id"]  # fmt: skip
    assert [(one["id"], one["what"]) for one in ask(office, "asset", "ending")] == [
        (contract, "contract"), (soon, "warranty")
    ]  # fmt: skip
    office.crm("setting", "set", "service.asset_years", "10", user="ann")
    assert {one["id"]: one["what"] for one in ask(office, "asset", "ending")}[old] == "age"
    [handed] = ask(office, "contract", "offer", contract, "--note", "They are content")
    lead = office.json("sales", "lead", "show", handed["id"], user="wang")
    assert (lead["owner"], lead["title"]) == ("chen", "Service: until 2026-12-01")
    made = ask(office, "asset", "offer", soon, old)
    assert [one["entity"] for one in made] == ["sales_lead", "sales_lead"]
    assert ask(office, "asset", "ending") == []
    again = office.crm("service", "asset", "offer", old, user="sam", code=1)
    assert "handed over before" in again.err


def test_without_sales_nothing_is_sold_and_nobody_takes_over(office):
    soon = ask(office, "asset", "add", "Pump", "--customer", office.customers[3], "--warranty", "2026-12-24")["id"]
    assert "Nobody here takes over" in office.crm("service", "asset", "offer", soon, user="sam", code=1).err
    assert ask(office, "order", "due") == []
    missing = office.crm("service", "order", "add", "--for", "opportunity", "1", user="sam", code=1)
    assert "No plugin says" in missing.err


def test_lists_cost_as_many_statements_for_many_as_for_few(office, tmp_path, crm_statements):
    file = tmp_path / "many.csv"
    counts = {}
    for some in (3, 300):
        rows = (f"Pump {some},S-{n},{office.customers[n]}" for n in range(some))
        file.write_text("\n".join(["product,serial,customer", *rows]))
        with crm_statements(office.app) as taking, office.at(office.clock.now, user="sam") as tx:
            take_assets(tx, file)
        with office.app.read(office.app.actor("wang")) as reader, crm_statements(office.app) as listing:
            found = page(reader, Asked(product=f"Pump {some}"), limit=500)
        assert len(found) == some
        counts[some] = (len(taking), len(listing))
    assert counts[300][0] <= counts[3][0] + 6, counts
    assert counts[300][1] == counts[3][1] <= 7, counts
