"""S4-01: campaign C7 leads to lead 31, deal 12, the installation, a product with warranty, and what is bought again.

From any of them both ways, by conversion alone. Ids are drawn from one sequence in a workspace: the row's 31 and 12 are
the 31st lead and the 12th deal. Its order 88 belongs to a plugin that keeps orders, and is left out here.
"""

from datetime import timedelta

import pytest
from crmcore_sales.leads.deciding import accept
from crmcore_sales.model.lead import Lead
from crmcore_service.assets.offering import renew_all


@pytest.mark.row("S4-01")
def test_from_the_campaign_to_the_repurchase_and_back(office_with_all, tmp_path):
    office = office_with_all
    office.crm("sales", "product", "add", "RT-100", "Rotary pump", "--price", "8000", user="ann")
    campaign = office.json("marketing", "campaign", "add", "Roadshow 2026", "--code", "C7", user="ann")["id"]
    form = tmp_path / "form.csv"
    form.write_text("contact,need,product,quantity,need by,budget\n" + "".join(
        f"{office.staff[place][0]},line {place},RT-100,1,2027-01-15,8000 CNY\n" for place in range(31)
    ))  # fmt: skip
    qualify = ("marketing", "qualify", "--file", form, "--campaign", "C7", "--owner", "liu")
    leads = [each["id"] for each in office.json(*qualify, user="wang")["handed"]]
    with office.at("2026-11-24T09:00+08:00", user="liu") as tx:
        for key in leads[:11]:
            accept(tx, tx.get(Lead, key))
    lead = leads[30]
    assert len(leads) == 31
    deal = office.json("sales", "lead", "accept", lead, user="liu")["id"]
    assert office.json("service", "order", "due", user="sam") == []  # it is not won yet
    office.crm("sales", "opportunity", "win", deal, "--reason", "PRICE", user="liu")

    [sold] = office.json("service", "order", "due", user="sam")
    assert (sold["entity"], sold["id"], sold["customer"]["id"]) == ("sales_opportunity", deal, office.customers[30])
    assert [(one["product"], one["quantity"]) for one in sold["products"]] == [("Rotary pump", "1.00")]
    add = ("service", "order", "add", "--for", "opportunity", "line 30")
    order = office.json(*add, user="sam")
    assert (order["kind"], order["contact"]["id"]) == ("installation", office.staff[30][0])
    assert "is the installation of that" in office.crm(*add, user="sam", code=1).err
    assert office.json("service", "order", "due", user="sam") == []
    office.crm("user", "add", "tom", "--name", "Tom Weber", "--role", "service", user="ann")
    office.crm("service", "technician", "add", "tom", user="ann")
    office.crm("service", "order", "start", order["number"], "--technician", "tom", user="sam")
    done = ("service", "order", "done", order["number"], "--result", "Runs", "--serial", "SN-1", "--warranty", "24")
    [asset] = office.json(*done, user="sam")["installed"]
    shown = office.json("service", "asset", "show", "SN-1", user="wang")
    assert (shown["product"], shown["installed_on"], shown["warranty_until"], shown["warranty"]) == (
        "Rotary pump", "2026-11-24", "2028-11-24", True
    )  # fmt: skip

    with office.at("2028-09-20T06:00+08:00", user="ann") as tx:
        assert renew_all(tx) == 0  # 65 days before the end
    office.clock.set(office.clock.now + timedelta(days=680))
    assert [one["id"] for one in office.json("service", "asset", "ending", user="sam")] == [asset]
    with office.at(office.clock.now, user="ann") as tx:
        assert renew_all(tx) == 1
        assert renew_all(tx) == 0  # once
    assert "handed over before" in office.crm("service", "asset", "offer", "SN-1", user="sam", code=1).err
    again = office.json("sales", "lead", "list", "--customer", office.customers[30], "--open", user="wang")
    [fresh] = [one for one in again if one["lead_source"] == "service"]
    assert (fresh["owner"], fresh["wanted"]["product"]) == ("wang", "Rotary pump")
    office.crm("sales", "lead", "assign", fresh["id"], "--to", "liu", user="mei")
    repurchase = office.json("sales", "lead", "accept", fresh["id"], user="liu")["id"]

    member = office.json("marketing", "member", "list", "--contact", office.staff[30][0], user="wang")[0]["id"]
    whole = [
        ("campaign", campaign), ("member", member), ("lead", lead), ("opportunity", deal),
        ("order", order["id"]), ("asset", asset), ("lead", fresh["id"]), ("opportunity", repurchase),
    ]  # fmt: skip
    for place, (name, key) in enumerate(whole[1:], 1):  # from each of these all others are seen, in both directions
        found = office.json("trail", name, key, user="wang")
        assert not found["cut"]
        assert [(each["name"], each["id"]) for each in found["trail"]] == whole
        assert [each["step"] for each in found["trail"]] == [step - place for step in range(8)]
    stops = found["trail"]
    assert [(each["came_of"] or {}).get("link") for each in stops] == [
        None, "reached", "became", "became", "became", "installed", "became", "became"
    ]  # fmt: skip
    assert [stops[3]["state"], stops[4]["state"], stops[5]["state"]] == ["won", "done", "active"]
    below = office.json("trail", "campaign", campaign, user="liu")["trail"]
    assert sum(each["name"] == "lead" for each in below) == 32  # the row's 31, and the one of the repurchase
    assert repurchase in [each["id"] for each in below]
