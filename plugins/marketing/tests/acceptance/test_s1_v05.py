"""4,700 cards are 4,102 people: 612 stand for customers, 240 are owned, the rest is on 3 lists; a bar goes to 100%."""

import csv

import pytest
from crmcore_marketing.tables import member
from sqlalchemy import select

from crmcore.api import Customer, Interaction
from crmcore.testing.bulk import ids, insert

PEOPLE, CUSTOMERS, OWNED, TWICE = 4_102, 612, 240, 598


@pytest.mark.row("S1-V05")
def test_cards_of_a_fair_are_sorted_and_every_one_is_handled(crm_app, crm_run, crm_actor, tmp_path):
    app = crm_app("marketing")
    rep = crm_actor("rep")
    firms = [Customer(id=key, name=f"Firm {place} Ltd") for place, key in enumerate(ids(app, 200))]
    insert(app, firms)
    rows = [_card(place) for place in range(PEOPLE)]
    # 240 are known already, and looked after by a rep, at no company.
    owned = tmp_path / "known.csv"
    _write(owned, [{**row, "owner": rep.login} for row in rows[CUSTOMERS : CUSTOMERS + OWNED]])
    crm_run("import", owned)
    file = tmp_path / "cards.csv"
    _write(file, [*rows, *rows[:TWICE]])
    told = crm_run("import", file, "--json").json
    assert told["read"] == 4_700
    assert told["created"] + told["updated"] + told["unchanged"] == 4_700
    crm_run("marketing", "campaign", "add", "Fair", "--code", "F1")
    done = crm_run(
        "marketing", "card", "take", told["batch"], "--campaign", "F1", "--list", "call=contact.has_phone", "--list",
        "write=contact.has_email", "--list", "research=true", "--json",
    ).json  # fmt: skip
    assert (done["people"], done["standing"]) == (4_102, {"customer": 612, "owned": 240, "new": 3_250})
    assert set(done["lists"]) == {"call", "write", "research"}
    assert sum(done["lists"].values()) == 3_250

    at_first = crm_run("marketing", "card", "progress", "F1", "--json").json
    assert (at_first["people"], at_first["handled"]) == (4_102, 852)
    assert "21% of 4102 people handled" in crm_run("marketing", "card", "progress", "F1").out
    # What happens takes people off by itself: a talk, an answer to what is needed, a word why not.
    waiting = crm_run("marketing", "card", "list", "F1", "call", "--limit", 5_000, "--json").json
    assert len(waiting) == done["lists"]["call"]
    with app.transaction() as tx:
        tx.add(Interaction(channel="call", direction="out", at=tx.now, contact_id=waiting[0]["contact_id"], user_id=1))
    crm_run("marketing", "card", "handle", "F1", "a competitor's man", waiting[1]["contact_id"])
    left = crm_run("marketing", "card", "list", "F1", "call", "--limit", 5_000, "--json").json
    assert [one["contact_id"] for one in left] == [one["contact_id"] for one in waiting[2:]]
    # Taken again, nothing moves; and at last everybody is handled.
    again = crm_run("marketing", "card", "take", told["batch"], "--campaign", "F1", "--json").json
    assert again["people"] == 4_102
    with app.transaction() as tx:
        now = tx.now
    everybody = [Interaction(channel="call", direction="out", at=now, contact_id=one, user_id=1) for one in _new(app)]
    insert(app, everybody)
    at_last = crm_run("marketing", "card", "progress", "F1", "--json").json
    assert (at_last["handled"], at_last["share"]) == (4_102, 1.0)
    assert "100% of 4102 people handled" in crm_run("marketing", "card", "progress", "F1").out


def _card(place: int) -> dict[str, str]:
    """A card: the first 612 of firms that were there, every third without a number, every ninth without anything."""
    company = f"Firm {place % 200} Ltd" if place < CUSTOMERS else ""
    phone = "" if place % 3 == 0 else f"+86138{place:08}"
    mail = "" if place % 9 == 0 and place > CUSTOMERS + OWNED else f"person{place}@example.cn"
    return {"name": f"Person Number {place}", "company": company, "phone": phone, "email": mail, "owner": ""}


def _write(file, rows):
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _new(app):
    with app.read() as reader:
        return [row.contact_id for row in reader.rows(select(member.c.contact_id).where(member.c.standing == "new"))]
