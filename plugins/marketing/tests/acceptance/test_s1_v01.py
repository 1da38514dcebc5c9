"""S1-V01: of 100 leads the rep rejects 61 (30 no need, 20 wrong person, 11 other): marketing sees it, scores adapt."""

from random import Random

import pytest
from crmcore_marketing.campaigns.touching import Touch, touch
from crmcore_marketing.tables import score
from crmcore_sales.leads.deciding import accept, reject
from crmcore_sales.model.lead import Lead
from sqlalchemy import select

REASONS = [*["lead.none"] * 30, *["lead.wrong"] * 20, *["lead.other"] * 11]
TERMS = """
[term."lead.none"]
label = "no need"
[term."lead.wrong"]
label = "wrong person"
[term."lead.other"]
label = "other"
"""


def asked(office):
    """Return 120 people by chance, always the same: nothing else that is known tells the ones from the others."""
    return Random(7).sample(office.contacts[1_000:2_000], 120)  # noqa: S311 # test data


@pytest.fixture
def leads(office_with_sales, tmp_path):
    """40 leads of a fair, where people came to us, and 60 of a prize draw, where they filled in a form; all of wang."""
    office = office_with_sales
    (tmp_path / "terms.toml").write_text(TERMS)
    office.crm("config", "apply", tmp_path / "terms.toml", user="ann")
    c = asked(office)
    fair, draw = (
        office.json("marketing", "campaign", "add", name, "--code", code, user="ann")["id"]
        for code, name in (("F1", "Autumn fair"), ("W1", "Web prize draw"))
    )
    with office.at("2026-11-20T09:00+08:00", user="ann") as tx:  # of those not asked yet there are some, too
        told = {"attended": c[:40] + c[100:110], "form": c[40:100]}
        told["form"] = told["form"] + c[110:120]
        touch(tx, [
            Touch(campaign_id=fair if kind == "attended" else draw, kind=kind, at=tx.now, contact_id=one)
            for kind, people in told.items() for one in people
        ])  # fmt: skip
    for code, people in (("F1", c[:40]), ("W1", c[40:100])):
        form = tmp_path / f"{code}.csv"
        form.write_text(
            "contact,need,product,need by\n" + "".join(f"{one},pumps,RT-100,2027-01-10\n" for one in people)
        )
        done = office.json("marketing", "qualify", "--campaign", code, "--file", form, "--owner", "wang", user="ann")
        assert len(done["handed"]) == len(people)
    listed = office.json("sales", "lead", "list", "--owner", "wang", "--limit", 1_000)
    return {each["contact"]["id"]: each["id"] for each in listed}


def decide(office, leads, accepted, rejected):
    with office.at("2026-11-24T15:00+08:00") as tx:
        for one in accepted:
            accept(tx, tx.get(Lead, leads[one]))
        for one, reason in rejected:
            reject(tx, tx.get(Lead, leads[one]), reason)


def likely(office):
    """Return how likely the score finds ten people of each campaign whom nobody asked yet, on average."""
    c, s = asked(office), score.c
    groups = {"fair": c[100:110], "draw": c[110:120]}
    with office.app.read() as reader:
        found = {row.contact_id: row.likely for row in reader.rows(select(s.contact_id, s.likely))}
    shown = office.json("marketing", "score", "show", c[110], user="ann")
    assert shown["likely"] == found[c[110]]
    return {name: sum(found[one] for one in people) / 10 for name, people in groups.items()}


@pytest.mark.row("S1-V01")
def test_marketing_sees_what_sales_rejects_and_why_and_scores_adapt(office_with_sales, leads):
    office, c = office_with_sales, asked(office_with_sales)
    found = office.json("marketing", "acceptance", user="ann")["total"]
    assert (found["leads"], found["open"], found["rate"]) == (100, 100, None)
    told = zip([*c[:9], *c[48:100]], REASONS, strict=True)  # 9 of the 40 from the fair, 52 of the 60 from the draw
    rejected = dict(told)
    early = [*c[:2], *c[48:68]]
    decide(office, leads, [*c[9:29], *c[40:48]], [(one, rejected[one]) for one in early])
    before = office.json("marketing", "score", "train", "leads", "--target", "accepted", user="ann")
    points = likely(office)
    late = [one for one in rejected if one not in early]
    decide(office, leads, c[29:40], [(one, rejected[one]) for one in late[1:]])
    office.crm("sales", "lead", "reject", leads[late[0]], "no need")  # as the rep does it
    found = office.json("marketing", "acceptance", user="ann")
    assert {name: found["total"][name] for name in ("leads", "accepted", "rejected", "open")} == {
        "leads": 100, "accepted": 39, "rejected": 61, "open": 0
    }  # fmt: skip
    assert found["total"]["reasons"] == {"lead.none": 30, "lead.wrong": 20, "lead.other": 11}
    assert {each["name"]: (each["leads"], each["rejected"], round(each["rate"], 3)) for each in found["groups"]} == {
        "W1 Web prize draw": (60, 52, 0.133), "F1 Autumn fair": (40, 9, 0.775)
    }  # fmt: skip
    printed = office.crm("marketing", "acceptance", "--campaign", "W1", user="ann", COLUMNS="160").out
    assert "13%" in printed
    assert "wrong person 20" in printed
    agents = office.json("marketing", "acceptance", "--by", "agent", user="ann")["groups"]
    assert [(each["name"], each["leads"]) for each in agents] == [("ann", 100)]

    # The worker's nightly training learns from the rejections: who only filled in the form is likely no more.
    office.crm("worker", "--once", user="ann")
    office.clock.set("2026-11-25T03:00+08:00")
    office.crm("worker", "--once", user="ann")
    after = office.json("marketing", "score", "card", user="ann")
    assert (before["people"] < after["people"], after["trained_at"] > before["trained_at"]) == (True, True)
    now = likely(office)
    assert now["draw"] < points["draw"] < points["fair"]
    assert now["fair"] > 2 * now["draw"]
