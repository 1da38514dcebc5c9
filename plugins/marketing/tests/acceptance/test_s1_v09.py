"""Sending brochure B to 300 skips 74 who got B in 60 days from anyone; it shows who gave it and when."""

from datetime import timedelta

import pytest
from crmcore_marketing.campaigns.members import join
from crmcore_marketing.materials.giving import Given, handed

from crmcore.api import Interaction


@pytest.mark.row("S1-V09")
def test_those_who_got_the_brochure_from_anyone_lately_are_left_out_and_told(office):
    office.crm("setting", "set", "marketing.cap", "1000", user="ann")
    office.crm("marketing", "material", "add", "B", "--name", "Brochure of pumps", "--product", "pumps", user="ann")
    office.crm("marketing", "material", "add", "C", "--days", "10", user="ann")
    office.crm("marketing", "campaign", "add", "Autumn", "--code", "C7", user="ann")
    people = office.contacts[:300]
    campaign = office.json("marketing", "campaign", "show", "C7", user="ann")["id"]
    material = office.json("marketing", "material", "show", "B", user="ann")["material"]["id"]
    now = office.clock.now
    with office.at(now, user="ann") as tx:
        join(tx, campaign, people)
        # 40 got it from reps at visits and 33 by service within 60 days, 20 longer ago, 5 another one.
        given = [(one, "wang", 20) for one in people[:40]] + [(one, "sam", 59) for one in people[40:73]]
        given += [(one, "liu", 61) for one in people[80:100]]
        handed(
            tx,
            [
                Given(material_id=material, contact_id=one, at=now - timedelta(days=ago), user_id=office.users[who])
                for one, who, ago in given
            ],
        )
    # The last one nobody entered: a rep's mail said so, and it was noticed.
    with office.at(now - timedelta(days=3), user="zhang") as tx:
        tx.add(
            Interaction(
                channel="email", direction="out", at=tx.now, contact_id=people[73], user_id=office.users["zhang"],
                subject="As promised", body="Please find our brochure B enclosed.",
            )
        )  # fmt: skip
    office.crm("worker", "--once", user="ann")

    told = office.json("marketing", "material", "give", "B", "--campaign", "C7", "--dry-run", user="ann")
    assert (len(told["given"]), len(told["left_out"])) == (226, 74)
    told = office.json("marketing", "material", "give", "B", "--campaign", "C7", user="ann")
    assert (len(told["given"]), len(told["left_out"])) == (226, 74)
    assert {one["contact"]["id"] for one in told["left_out"]} == set(people[:74])
    reasons = {one["contact"]["id"]: " ".join(one["reasons"]) for one in told["left_out"]}
    day = (now - timedelta(days=20)).date().isoformat()
    assert f"got B on {day} from wang" in reasons[people[0]]
    assert "from sam" in reasons[people[40]]
    assert "from zhang" in reasons[people[73]]
    shown = office.crm("marketing", "material", "give", "B", "--campaign", "C7", "--dry-run", user="ann").out
    assert "0 would get it, 300 would be left out" in shown

    # Anybody is told, whoever is about to give it: sales asks the same policy.
    asked = office.crm(
        "policy", "explain", people[0], "--channel", "email", "--purpose", "sales", "--material", "B"
    ).out  # fmt: skip
    assert "got B on" in asked
    # Another edition, under a code of its own, is not held up.
    other = office.json("marketing", "material", "give", "C", people[0], user="ann")
    assert (len(other["given"]), other["left_out"]) == (1, [])
    listed = office.json("marketing", "material", "list", user="ann")
    assert {(one["code"], one["people"]) for one in listed} == {("B", 73 + 1 + 226), ("C", 1)}
