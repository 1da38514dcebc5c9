"""S4-01: campaign C7 leads to lead 31, that to deal 12 and a quote; from any of them both ways, by conversion alone.

Ids are drawn from one sequence in a workspace: the row's 31 and 12 are the 31st lead and the 12th deal.
"""

import pytest
from crmcore_sales.leads.deciding import accept
from crmcore_sales.model.lead import Lead


@pytest.mark.row("S4-01")
def test_from_the_campaign_to_the_won_deal_and_back(office_with_sales, tmp_path):
    office = office_with_sales
    office.crm("sales", "product", "add", "RT-100", "Rotary pump", "--price", "8000", user="ann")
    campaign = office.json("marketing", "campaign", "add", "Roadshow 2026", "--code", "C7", user="ann")["id"]
    form = tmp_path / "form.csv"
    form.write_text("contact,need,product,quantity,need by,budget\n" + "".join(
        f"{office.staff[place][0]},line {place},RT-100,200,2027-01-15,1600000 CNY\n" for place in range(31)
    ))  # fmt: skip
    done = office.json("marketing", "qualify", "--file", form, "--campaign", "C7", "--owner", "liu", user="wang")
    leads = [each["id"] for each in done["handed"]]
    assert len(leads) == 31
    with office.at("2026-11-25T09:00+08:00", user="liu") as tx:
        for key in leads[:11]:
            accept(tx, tx.get(Lead, key))
    lead = leads[30]
    deal = office.json("sales", "lead", "accept", lead, user="liu")["id"]
    quote = office.json("sales", "quote", "add", deal, "--send", user="liu")["id"]
    office.crm("sales", "quote", "accept", quote, user="liu")

    def chain(name, key, user="wang"):
        found = office.json("trail", name, key, user=user)
        assert not found["cut"]
        return found["trail"]

    member = office.json("marketing", "member", "list", "--contact", office.staff[30][0], user="wang")[0]["id"]
    whole = [("campaign", campaign), ("member", member), ("lead", lead), ("opportunity", deal), ("quote", quote)]
    for place, (name, key) in enumerate(whole[1:], 1):  # from each of these all others are seen, in both directions
        stops = chain(name, key)
        assert [(each["name"], each["id"]) for each in stops] == whole
        assert [each["step"] for each in stops] == [step - place for step in range(5)]
    stops = chain("opportunity", deal)
    assert [(each["came_of"] or {}).get("link") for each in stops] == [None, "reached", "became", "became", "became"]
    assert [each["state"] for each in stops][2:] == ["qualified", "won", "accepted"]
    assert stops[2]["title"] == "line 30"
    assert stops[0]["title"] == "Roadshow 2026"

    below = chain("campaign", campaign)  # and from the campaign all that came of it
    counts = {name: sum(each["name"] == name for each in below) for name in ("member", "lead", "opportunity", "quote")}
    assert counts == {"member": 31, "lead": 31, "opportunity": 12, "quote": 1}
    assert [each["id"] for each in below if each["state"] == "won"] == [deal]
    told = office.crm("trail", "campaign", campaign, user="liu").out
    assert f"{deal}" in told
    assert "Roadshow 2026" in told
