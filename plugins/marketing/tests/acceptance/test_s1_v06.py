"""1,040 handouts, 212 answers, 63% positive, by product, verbatims kept; of the 1,040 188 talk to sales, 852 do not."""

import csv
from datetime import timedelta

import pytest
from crmcore_marketing.materials.giving import Given, handed

from crmcore.api import Interaction

_POSITIVE, _NEGATIVE = "资料很清楚，对选型有帮助", "Too expensive and the tables are confusing"


@pytest.fixture
def handed_out(office):
    """1,040 people of the office who took brochure P at an exhibition."""
    office.crm("marketing", "material", "add", "P", "--name", "Pumps and valves", user="ann")
    material = office.json("marketing", "material", "show", "P", user="ann")["material"]["id"]
    people = office.contacts[:1040]
    with office.at("2026-11-20T10:00+08:00", user="ann") as tx:
        handed(tx, [Given(material_id=material, contact_id=one, at=tx.now, channel="meeting") for one in people])
    return people


@pytest.mark.row("S1-V06")
def test_what_those_think_who_took_our_material(office, handed_out, tmp_path):
    file = tmp_path / "answers.csv"
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines)
        writer.writerow(["id", "contact", "product", "score", "sentiment", "verbatim", "date"])
        for place, one in enumerate(handed_out[:212]):
            good = place < 134
            product = ("pumps", "valves", "motors")[place % 3]
            score, word = ("", "positive" if good else "negative") if place % 2 else ("", "")
            verbatim = (_POSITIVE if good else _NEGATIVE) + f" #{place}"
            writer.writerow([f"A{place}", one, product, score, word, verbatim, "2026-11-21"])
        writer.writerow(["A900", "Nobody Known", "pumps", "", "positive", "", "2026-11-21"])
        writer.writerow(["A901", handed_out[300], "pumps", "", "", "", "2026-11-21"])
        writer.writerow(["A902", handed_out[301], "pumps", "four", "", "", "2026-11-21"])
    office.crm(
        "marketing", "survey", "add", "Brochure P", "--material", "P", "--question", "Was it of use?", user="ann"
    )
    took = office.json("marketing", "survey", "take", "Brochure P", file, user="ann")
    assert (took["read"], took["taken"], took["known"], len(took["rejected"])) == (215, 212, 0, 3)
    assert [one["line"] for one in took["rejected"]] == [214, 215, 216]
    again = office.json("marketing", "survey", "take", "Brochure P", file, user="ann")
    assert (again["taken"], again["known"]) == (0, 212)

    found = office.json("marketing", "survey", "show", "Brochure P", "--limit", 500, user="ann")
    assert (found["reached"], found["total"]["answers"]) == (1040, 212)
    assert (found["total"]["positive"], found["total"]["negative"], round(found["total"]["share"], 2)) == (
        134,
        78,
        0.63,
    )
    by_product = {one["product"]: one["answers"] for one in found["products"]}
    assert by_product == {"pumps": 71, "valves": 71, "motors": 70}
    assert len(found["verbatims"]) == 212
    assert {_POSITIVE + " #0", _NEGATIVE + " #211"} <= {one["verbatim"] for one in found["verbatims"]}
    shown = office.crm("marketing", "survey", "show", "Brochure P", "--limit", 3, user="ann").out
    assert "63%" in shown
    assert "Reached 1040; 212 answered." in shown
    office.crm("marketing", "survey", "show", "Brochure P", "--out", tmp_path / "p.svg", user="ann")
    # Somebody reads one and says otherwise.
    office.crm("marketing", "survey", "judge", "neutral", found["verbatims"][0]["id"], user="ann")
    judged = office.json("marketing", "survey", "show", "Brochure P", user="ann")["total"]
    assert (judged["neutral"], judged["negative"]) == (1, 77)


@pytest.mark.row("S1-V07")
def test_how_many_of_them_already_talk_to_sales(office, handed_out):
    with office.app.read() as reader:
        from sqlalchemy import select

        from crmcore.api import tables

        i = tables.interaction.c
        late = office.clock.now - timedelta(days=90)
        talked = {row.contact_id for row in reader.rows(select(i.contact_id).where(i.moment > late).distinct())}
    quiet = [one for one in office.contacts if one not in talked]
    people = quiet[:1040]
    office.crm("marketing", "material", "add", "Q", user="ann")
    material = office.json("marketing", "material", "show", "Q", user="ann")["material"]["id"]
    with office.at("2026-11-20T10:00+08:00", user="ann") as tx:
        handed(tx, [Given(material_id=material, contact_id=one, at=tx.now, channel="meeting") for one in people])
    now = office.clock.now
    told = {"channel": "call", "subject": "talk"}
    office.insert(
        *(
            Interaction(
                contact_id=one, user_id=office.users[("wang", "liu", "chen")[place % 3]], direction="out",
                at=now - timedelta(days=89), **told,
            )
            for place, one in enumerate(people[:188])
        ),
        # Too long ago, only planned, and by service: none of these is a touch of sales.
        Interaction(contact_id=people[200], user_id=office.users["wang"], at=now - timedelta(days=91), **told),
        Interaction(contact_id=people[201], user_id=office.users["wang"], at=now, status="planned", **told),
        Interaction(contact_id=people[202], user_id=office.users["sam"], at=now - timedelta(days=2), **told),
    )  # fmt: skip
    found = office.json("marketing", "coverage", "--material", "Q", "--days", 90, user="ann")
    assert (found["total"], found["touched"], found["none"]) == (1040, 188, 852)
    assert {one["login"]: one["people"] for one in found["reps"]} == {"wang": 63, "liu": 63, "chen": 62}
    none = office.json("marketing", "coverage", "--material", "Q", "--who", "none", "--limit", 1000, user="ann")
    assert {one["id"] for one in none} == set(people[188:])
    shown = office.crm("marketing", "coverage", "--material", "Q", user="ann").out
    assert "Of 1040 people 188 had a touch of sales in 90 days, 852 none" in shown
