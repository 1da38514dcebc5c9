"""S4-03, called by agents: of 1,000 participants of a campaign 100 need something now, 240 later, 660 nothing."""

import csv
import os
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from crmcore.cli import crm

TODAY = date(2026, 11, 24)
AGENTS = (("wang", 400), ("liu", 350), ("sun", 250))
SCRIPT = """
code = "L7"
name = "After the pump lecture"
form = "marketing.qualification"
opening = "Good day {name}, this is {agent} of Huaxin; you heard our lecture."
closing = "Thank you, {name}."

[[question]]
name = "none"
ask = "May I ask: is there nothing at all that {customer} needs? (yes: nothing)"
ends = "yes"

[[question]]
name = "need"
ask = "What is it that you need?"

[[question]]
name = "product"
[[question]]
name = "quantity"
ask = "How many?"
[[question]]
name = "need_by"
ask = "By when?"
[[question]]
name = "budget"
[[question]]
name = "again_on"
[[question]]
name = "supplier"
ask = "From whom do you buy today?"
kind = "choice"
choices = ["us", "another"]
"""


def answers(people):
    """Yield what each answers: each tenth needs something within three months, 240 later, the rest nothing."""
    agents = [login for login, n in AGENTS for _each in range(n)]
    for place, person in enumerate(people):
        row = {"contact": person, "asked by": agents[place]}
        if place % 10 == 0:  # 100
            row |= {"need": "replace old pumps", "product": "RT-100", "quantity": 1 + place % 40,
                    "need by": TODAY + timedelta(days=21 + place % 71), "budget": f"{(1 + place % 40) * 8000} CNY",
                    "supplier": "another"}  # fmt: skip
        elif place % 10 in (1, 2):  # 200
            row |= {"need": "a second line", "product": "RT-200", "need by": TODAY + timedelta(days=120 + place % 200)}
        elif place % 25 == 3:  # 40
            row |= {"again on": "2027-05-10"}
        else:
            row |= {"none": "yes"}
        yield row


def typed(office, user, person, *lines):
    """Run the script at the keyboard, as an agent does."""
    given = {"CRM_DATABASE_URL": office.app.url, "CRM_USER": user, "CRM_LANG": "en", "COLUMNS": "200"}
    done = CliRunner().invoke(
        crm,
        ["callcenter", "script", "run", "L7", str(person)],
        env={**os.environ, **given},
        input="\n".join([*lines, ""]),
    )
    assert done.exit_code == 0, done.output
    return done


@pytest.mark.row("S4-03")
def test_agents_call_a_thousand_participants_and_a_hundred_need_something_in_three_months(
    office_with_marketing, tmp_path
):
    office = office_with_marketing
    office.crm("marketing", "campaign", "add", "Pump lecture", "--code", "L7", "--type", "lecture", user="ann")
    people = office.contacts[:1_000]
    guests, script, form = (tmp_path / name for name in ("guests.csv", "script.toml", "form.csv"))
    guests.write_text("contact,product\n" + "\n".join(f"{one},RT-{place % 9}" for place, one in enumerate(people)))
    script.write_text(SCRIPT)
    office.crm("marketing", "member", "add", "--campaign", "L7", "--file", guests, "--status", "attended", user="ann")
    office.crm("callcenter", "script", "add", "--file", script, user="ann")
    made = office.json("callcenter", "list", "add", "Pump lecture, by telephone", "--code", "L7", "--purpose",
                       "marketing", "--about", "L7", "--script", "L7", "--file", guests, user="ann")  # fmt: skip
    assert (made["added"]["added"], made["added"]["rejected"], made["people"]) == (1_000, [], {"waiting": 1_000})

    # Ten of them at the keyboard: what is known is offered, one goes back, one is wrong, one ends in the middle.
    rows = list(answers(people))
    taken = office.json("callcenter", "list", "next", "L7", user="wang")
    assert taken["entry"]["contact"]["id"] == people[0]
    assert taken["opening"].startswith("Good day ")
    assert ", this is Wang of Huaxin" in taken["opening"]
    first = typed(office, "wang", people[0], "no", "wrong", "back", "replace old pumps", "RT-100", "many", "1",
                  "2026-12-15", "8000 CNY", "skip", "another")  # fmt: skip
    assert "“many” is not a number" in first.output
    assert first.stdout.strip() == "now: nobody goes on with it yet"
    kept = typed(office, "wang", people[1], "no", "a second line", "quit")
    assert "goes on" in kept.stdout
    later = typed(office, "wang", people[1], "", "", "RT-200", "", "2027-03-25", "", "", "")
    assert "[a second line]" in later.output
    assert "[RT-1]" in later.output  # it came with the list
    assert later.stdout.strip() == "later: asked again on 2026-12-23"
    typed(office, "wang", people[2], "no", "a second line", "RT-200", "", "2027-03-26", "", "", "")
    for person in people[4:10]:
        assert typed(office, "wang", person, "yes").stdout.strip() == "needs nothing"
    for person, lines in ((people[3], ("no", "skip", "skip", "", "", "", "2027-05-10", "")),):
        assert typed(office, "wang", person, *lines).stdout.strip() == "later: asked again on 2027-05-10"

    already = office.crm("callcenter", "list", "done", "--result", "reached", user="wang")
    assert "is done already: " in already.out

    # The others told theirs in a table: one statement is not one keystroke.
    with form.open("w", newline="", encoding="utf-8") as file:
        written = csv.DictWriter(
            file,
            ["contact", "need", "product", "quantity", "need by", "budget", "again on", "none", "supplier", "asked by"],
        )
        written.writeheader()
        written.writerows(rows[10:])
    told = office.json("callcenter", "script", "take", "L7", form, "--list", "L7", user="ann")
    assert (told["kept"], told["rejected"]) == (990, [])

    found = office.json("callcenter", "list", "report", "L7", user="ann")
    assert (found["people"], found["waiting"], found["left_out"]) == (1_000, 0, {})
    assert found["total"] == {"name": "", "called": 1_000, "reached": 1_000,
                              "results": {"now": 100, "later": 240, "none": 660}}  # fmt: skip
    assert {each["name"]: (each["called"], each["results"]["now"]) for each in found["groups"]} == {
        "wang": (400, 40), "liu": (350, 35), "sun": (250, 25)
    }  # fmt: skip

    # Marketing has the same, without a word typed twice: by agent, to be asked again on their day.
    report = office.json("marketing", "qualification", "report", "--campaign", "L7", "--by", "agent", user="ann")
    total = {name: report["total"][name] for name in ("asked", "now", "later", "none")}
    assert total == {"asked": 1_000, "now": 100, "later": 240, "none": 660}
    assert {each["name"]: each["now"] for each in report["groups"]} == {"wang": 40, "liu": 35, "sun": 25}
    again = office.json("marketing", "recontact", "list", "--campaign", "L7", "--limit", 1_000, user="ann")
    assert len(again) == 240
    by_contact = {each["contact"]["id"]: each["again_on"] for each in again}
    assert (by_contact[people[1]], by_contact[people[3]]) == ("2026-12-23", "2027-05-10")
    assert "Ask " in str(office.json("due", "--until", "2026-12-31", user="wang"))

    said = [each for each in office.json("brief", people[0], user="wang")["blocks"]
            if each["title"] == "Answers on the telephone"]  # fmt: skip
    assert said[0]["data"][0]["answers"]["supplier"] == "another"

    # Without marketing the script is asked and kept all the same; nobody qualifies then.
    office.crm("plugin", "disable", "marketing", user="ann")
    alone = office.json("callcenter", "script", "run", "L7", office.contacts[1_000], "--answer", "need=pumps",
                        "--answer", "supplier=us", user="liu")  # fmt: skip
    assert (alone["finished"], alone["result"], alone["entity"]) == (True, "", "")
