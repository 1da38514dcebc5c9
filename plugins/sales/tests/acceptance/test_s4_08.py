"""S4-08: at stage Tender whoever is on the project sees a list of five steps, a template and an expert; 3 of 5 done."""

import pytest

STEPS = ["Get the papers", "Ask the lawyer", "Work out the price", "Have it signed", "Hand it in"]
TENDER = """
[process.opportunity]
entity = "sales_opportunity"
field = "stage"
transitions = [
  { from = "lead", to = "tender" },
  { from = "tender", to = "won", guard = "size(open_steps) == 0", requires = ["reason"] },
  { from = ["lead", "tender"], to = "lost", requires = ["reason"] },
]

[[process.opportunity.states]]
name = "lead"
probability = 10
days = 20

[[process.opportunity.states]]
name = "tender"
label = "投标"
probability = 40
days = 21
expert = "liu"
template = "tenders/letter.docx"
steps = ["Get the papers", "Ask the lawyer", "Work out the price", "Have it signed", "Hand it in"]

[[process.opportunity.states]]
name = "won"
kind = "won"

[[process.opportunity.states]]
name = "lost"
kind = "lost"
"""


@pytest.mark.row("S4-08")
def test_the_stage_guides_and_tells_how_far_one_is(office, tmp_path):
    (tmp_path / "tender.toml").write_text(TENDER, encoding="utf-8")
    office.crm("config", "apply", tmp_path / "tender.toml", user="ann")
    made = office.json("sales", "opportunity", "add", office.customers[6], "Pumps for the harbour")
    key = made["id"]
    assert (made["stage"], made["probability"]) == ("lead", 10)
    assert office.json("sales", "opportunity", "show", key)["guidance"]["of"] == 0
    assert office.json("sales", "opportunity", "move", key, "投标")["probability"] == 40

    office.clock.advance(days=2)
    told = office.json("sales", "opportunity", "step", key, "1", "ask the", 3)
    assert (told["done"], told["of"], told["template"], told["expert"]) == (3, 5, "tenders/letter.docx", "liu")
    assert [(one["number"], one["text"], one["done"]) for one in told["steps"]] == [
        (n, text, n <= 3) for n, text in enumerate(STEPS, start=1)
    ]
    assert told["steps"][0]["by"] == "wang"
    shown = office.crm("sales", "opportunity", "show", key).out
    for said in ("投标: 3 of 5 steps done", "[x] 3. Work out the price", "[ ] 4. Have it signed", "liu", "letter.docx"):
        assert said in shown
    assert "Hand it in" in office.crm("sales", "opportunity", "step", key, "9", code=1).err
    assert office.json("sales", "opportunity", "step", key, "3", "--undo")["done"] == 2

    ways = {way["to"]: way for way in office.json("sales", "opportunity", "show", key)["ways"]}
    assert ways["won"]["open"] is False
    assert "open_steps is Work out the price, Have it signed, Hand it in" in "; ".join(ways["won"]["why_not"])
    refused = office.crm("sales", "opportunity", "win", key, "--reason", "price", code=1).err
    assert "cannot go from tender to won" in refused
    office.crm("sales", "opportunity", "step", key, 3, 4, 5)
    assert office.json("sales", "opportunity", "win", key, "--reason", "price")["status"] == "won"

    late = office.json("sales", "opportunity", "add", office.customers[6], "Valves")["id"]
    office.clock.advance(days=21)
    assert [one["id"] for one in office.json("sales", "opportunity", "list", "--stuck")] == [late]
    assert "here for 21 days; 20 are meant" in office.crm("sales", "opportunity", "show", late).out
    office.crm("sales", "opportunity", "remove", late)
    assert office.json("sales", "opportunity", "list") == []
