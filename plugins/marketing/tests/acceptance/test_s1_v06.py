"""1,040 handouts, 212 answers, 63% positive, by product, verbatims kept."""

import csv

import pytest
from crmcore_marketing.materials.giving import Given, handed

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
