"""S2-10: three tiers, each with its own contact plan; the mass is written to without a person."""

from datetime import timedelta
from email import message_from_bytes

import pytest
from sqlalchemy import select

from crmcore.api import tables


def quiet(office, days):
    """Return the customers nobody talked to within so many days, in the order of their ids."""
    i, since = tables.interaction.c, office.clock.now - timedelta(days=days)
    with office.app.read() as reader:
        talked = {row.customer_id for row in reader.rows(select(i.customer_id).where(i.moment >= since))}
    return [place for place, key in enumerate(office.customers) if key not in talked]


@pytest.mark.row("S2-10")
def test_three_tiers_with_their_own_contact_plans(office, tmp_path):
    office.crm("sales", "tier", "suggest", user="mei")
    places = quiet(office, 90)
    key, major = places[:12], places[12:52]
    office.crm("sales", "account", "set", *(office.customers[each] for each in key), "--tier", "key", user="mei")
    office.crm("sales", "account", "set", *(office.customers[each] for each in major), "--tier", "major", user="mei")

    for days, some in ((25, key[:6]), (2, key[6:10]), (40, [key[10]])):  # ten within the month, one too long ago
        at = (office.clock.now - timedelta(days=days)).isoformat()
        for each in some:
            office.crm("interaction", "add", "How is it going?", "--channel", "call", "--at", at,
                       "--contact", office.staff[each][0])  # fmt: skip
    office.crm("interaction", "add", "a thought of mine", "--channel", "note", "--contact", office.staff[key[11]][0])
    office.crm("interaction", "add", "met them", "--channel", "meeting", "--contact", office.staff[major[0]][0],
               "--at", (office.clock.now - timedelta(days=80)).isoformat())  # fmt: skip

    plan = office.json("sales", "account", "plan", user="mei")["tiers"]
    assert [(one["tier"], one["accounts"], one["on_plan"], one["overdue"]) for one in plan[:2]] == [
        ("key", 12, 10, 2), ("major", 40, 1, 39)
    ]  # fmt: skip
    late = plan[0]["late"]
    assert {one["id"] for one in late} == {office.customers[each] for each in key[10:]}
    shown = office.crm("sales", "account", "plan", "--tier", "key", user="mei", COLUMNS="120").out
    assert all(one["name"][:8] in shown for one in late)

    # The rest is the mass: nobody's work. Who may not be written to is left out, with the reason.
    mass = plan[2]
    assert (mass["tier"], mass["automatic"], mass["accounts"]) == ("mass", True, 2000 - 52)
    due = [each for each in quiet(office, 180) if each not in {*key, *major}]
    assert mass["overdue"] == len(due) > 100
    for contact in office.staff[due[0]]:
        office.crm("consent", "deny", contact, "--channel", "email", "--purpose", "marketing", user="mei")
    done = office.json("sales", "letters", "--out", tmp_path / "letters", user="mei")
    assert (done["planned"], done["sent"]) == (len(due) - 1, len(due) - 1)
    (left_out,) = done["skipped"]
    assert left_out["customer_id"] == office.customers[due[0]]
    assert "marketing" in left_out["reason"] or "opted" in left_out["reason"]
    letters = sorted((tmp_path / "letters").iterdir())
    assert len(letters) == len(due) - 1
    assert message_from_bytes(letters[0].read_bytes())["To"].endswith(".example")
    after = office.json("sales", "account", "plan", "--tier", "mass", user="mei")["tiers"][0]
    assert (after["on_plan"], after["overdue"]) == (mass["accounts"] - 1, 1)
    assert office.json("sales", "letters", user="mei")["planned"] == 0
