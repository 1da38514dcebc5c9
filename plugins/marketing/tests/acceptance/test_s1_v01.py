"""S1-V01: of 100 leads the rep rejects 61 (30 no need, 20 wrong person, 11 other): marketing sees it, scores adapt."""

import pytest

REASONS = [*["lead.none"] * 30, *["lead.wrong"] * 20, *["lead.other"] * 11]
TERMS = """
[term."lead.none"]
label = "no need"
[term."lead.wrong"]
label = "wrong person"
[term."lead.other"]
label = "other"
"""


@pytest.mark.row("S1-V01")
def test_marketing_sees_what_sales_rejects_and_why(office_with_sales, tmp_path):
    office = office_with_sales
    (tmp_path / "terms.toml").write_text(TERMS)
    office.crm("config", "apply", tmp_path / "terms.toml", user="ann")
    for code, name in (("F1", "Autumn fair"), ("W1", "Web prize draw")):
        office.crm("marketing", "campaign", "add", name, "--code", code, user="ann")
    for code, people in (("F1", office.contacts[:40]), ("W1", office.contacts[40:100])):
        form = tmp_path / f"{code}.csv"
        form.write_text(
            "contact,need,product,need by\n" + "".join(f"{one},pumps,RT-100,2027-01-10\n" for one in people)
        )
        done = office.json("marketing", "qualify", "--campaign", code, "--file", form, "--owner", "wang", user="ann")
        assert len(done["handed"]) == len(people)
    found = office.json("marketing", "acceptance", user="ann")["total"]
    assert (found["leads"], found["open"], found["rate"]) == (100, 100, None)

    leads = {
        each["contact"]["id"]: each["id"]
        for each in office.json("sales", "lead", "list", "--owner", "wang", "--limit", 1_000)
    }
    rejected = [*office.contacts[:9], *office.contacts[48:100]]  # 9 of 40 from the fair, 52 of 60 from the prize draw
    with office.at("2026-11-24T15:00+08:00") as tx:
        from crmcore_sales.leads.deciding import accept, reject
        from crmcore_sales.model.lead import Lead

        for one, reason in zip(rejected[2:], REASONS[2:], strict=True):
            reject(tx, tx.get(Lead, leads[one]), reason)
        for one in set(office.contacts[:100]) - set(rejected):
            accept(tx, tx.get(Lead, leads[one]))
    for one in rejected[:2]:  # as the rep does it
        office.crm("sales", "lead", "reject", leads[one], "no need")
    found = office.json("marketing", "acceptance", user="ann")
    assert {name: found["total"][name] for name in ("leads", "accepted", "rejected", "open")} == {
        "leads": 100, "accepted": 39, "rejected": 61, "open": 0
    }  # fmt: skip
    assert found["total"]["reasons"] == {"lead.none": 30, "lead.wrong": 20, "lead.other": 11}
    assert {each["name"]: (each["leads"], each["rejected"], round(each["rate"], 3)) for each in found["groups"]} == {
        "W1 Web prize draw": (60, 52, 0.133), "F1 Autumn fair": (40, 9, 0.775)
    }  # fmt: skip
    told = office.crm("marketing", "acceptance", "--campaign", "W1", user="ann", COLUMNS="160").out
    assert "13%" in told
    assert "wrong person 20" in told
    agents = office.json("marketing", "acceptance", "--by", "agent", user="ann")["groups"]
    assert [(each["name"], each["leads"]) for each in agents] == [("ann", 100)]
