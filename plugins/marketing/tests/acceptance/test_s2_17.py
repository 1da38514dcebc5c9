"""Keep, develop, win: a telecom programme of three plays, 60 customers each in one, and its November."""

from collections import Counter

import pytest

PROGRAMME = ("marketing", "programme")


def listed(office, tmp_path, *places):
    file = tmp_path / f"{places[0]}.csv"
    file.write_text("customer\n" + "".join(f"{office.customers[one]}\n" for one in places), encoding="utf-8")
    return file


@pytest.mark.row("S2-17")
def test_customers_of_an_industry_are_kept_developed_and_won_by_a_programme(market, tmp_path):
    office = market.office

    def crm(*arguments):
        return office.json(*PROGRAMME, *arguments, user="mei")

    plays = ("--play", "keep:Quarterly review", "--play", "develop:Second product", "--play", "win:Show case")
    office.crm("marketing", "campaign", "add", "Telecom days", "--code", "T1", user="mei")
    made = crm("add", "Telecom 2026", "--industry", "telecom", *plays, "--campaign", "T1")
    assert [(one["goal"], one["name"]) for one in made["plays"]] == [
        ("keep", "Quarterly review"), ("develop", "Second product"), ("win", "Show case"),
    ]  # fmt: skip
    assert [one["code"] for one in made["campaigns"]] == ["T1"]
    ways = {"keep": range(25), "develop": range(25, 45), "win": range(45, 60)}
    for goal, places in ways.items():
        done = crm("place", "telecom", goal, "--file", listed(office, tmp_path, *places), "--on", "2026-10-20")
        assert len(done["added"]) == len(places)

    # What sales won: of those to develop 12 (one of them twice), of those to win 9; and what does not count.
    for place in (*range(25, 37), 25, *range(45, 54)):
        market.won(customer=place, on="2026-11-12", revenue=10_000)
    market.won(customer=3, on="2026-11-05", revenue=1_000)  # to be kept: it buys anyhow
    market.won(customer=54, on="2026-09-30", revenue=1_000)  # before it was to be won
    market.won(customer=37, on="2026-10-25", revenue=1_000)  # developed, but in October
    market.open()
    office.crm("worker", "--once", user="ann")  # the schedules begin
    office.clock.set("2026-11-25T02:00+08:00")
    office.crm("worker", "--once", user="ann")
    for place, result in ((1, "lost"), (2, "lost"), (38, "developed"), (39, "developed")):
        crm("result", "telecom", result, office.customers[place], "--on", "2026-11-20")

    told = crm("report", "telecom", "--month", "2026-11")
    keep, develop, win = told["plays"]
    assert told["customers"] == 60
    assert (keep["customers"], keep["kept"], keep["share"]) == (25, 23, 0.92)
    assert (develop["customers"], develop["developed"]) == (20, 14)
    assert (win["customers"], win["won"]) == (15, 9)
    shown = office.crm(*PROGRAMME, "report", "telecom", "--month", "2026-11", user="mei", COLUMNS="120").out
    assert "92%" in shown
    assert crm("report", "telecom", "--month", "2026-10")["plays"][1]["developed"] == 1

    # December: those won are kept from now on, one that was lost is to be won back; November stays what it was.
    office.clock.set("2026-12-02T10:00+08:00")
    moved = crm("place", "telecom", "keep", "--file", listed(office, tmp_path, *range(45, 54)))
    assert len(moved["moved"]) == 9
    crm("place", "telecom", "win", office.customers[1])
    assert crm("report", "telecom", "--month", "2026-11") == told
    keep, develop, win = crm("report", "telecom")["plays"]
    assert (keep["customers"], keep["lost"], win["customers"], win["won"]) == (32, 0, 7, 0)
    assert len(crm("place", "telecom", "keep", office.customers[2])["moved"]) == 1  # lost in November, and back
    stays = crm("customers", "telecom", "--limit", "100")
    assert max(Counter(one["customer_id"] for one in stays).values()) == 1
    assert Counter(one["goal"] for one in stays) == {"keep": 33, "develop": 20, "win": 7}
    late = office.crm(
        *PROGRAMME, "place", "telecom", "win", office.customers[46], "--on", "2026-11-01", user="mei", code=1
    )
    assert "came to where it is, on 2026-12-02" in late.err

    past = crm("customers", "telecom", "--customer", office.customers[46], "--all")
    assert [(one["goal"], one["since"], one["until"], one["result"]) for one in past] == [
        ("win", "2026-10-20", "2026-12-02", "won"), ("keep", "2026-12-02", None, ""),
    ]  # fmt: skip
    brief = office.json("brief", office.customers[46], user="mei")
    assert any(block["title"] == "Programmes" for block in brief["blocks"])
    assert "Telecom 2026" in office.crm("brief", office.customers[46], user="mei").out
