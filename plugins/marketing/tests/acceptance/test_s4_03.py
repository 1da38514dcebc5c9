"""S4-03: of 1,000 participants 100 need something within 3 months, 240 are asked again on a day, 660 need nothing."""

import csv
from datetime import date, timedelta

import pytest

TODAY = date(2026, 11, 24)
AGENTS = (("wang", 400), ("liu", 350), ("sun", 250))


def answers(office, people):
    """Yield the rows of the form: each tenth needs something by 15 December to 24 February; 240 later, or who knows."""
    agents = [login for login, n in AGENTS for _each in range(n)]
    for place, person in enumerate(people):
        row = {"contact": person, "asked by": agents[place]}
        if place % 10 == 0:  # 100
            day = TODAY + timedelta(days=21 + place % 71)
            row |= {"need": "replace old pumps", "product": "RT-100", "quantity": 1 + place % 40,
                    "need by": day, "budget": f"{(1 + place % 40) * 8000} CNY"}  # fmt: skip
        elif place % 10 in (1, 2):  # 200
            row |= {"need": "a second line", "product": "RT-200", "need by": TODAY + timedelta(days=120 + place % 200)}
        elif place % 25 == 3:  # 40
            row |= {"need": "no", "again on": "2027-05-10", "note": "the budget is decided in May"}
        else:
            row |= {"need": "无"}
        yield row


@pytest.mark.row("S4-03")
def test_a_thousand_participants_are_filtered_to_a_hundred_with_a_need_in_three_months(office_with_sales, tmp_path):
    office = office_with_sales
    key = office.json("marketing", "campaign", "add", "Pump lecture", "--code", "L7", "--type", "lecture",
                      user="ann")["id"]  # fmt: skip
    people = office.contacts[:1_000]
    form, guests = tmp_path / "form.csv", tmp_path / "guests.csv"
    guests.write_text("contact\n" + "\n".join(map(str, people)))
    office.crm("marketing", "member", "add", "--campaign", "L7", "--file", guests, "--status", "attended", user="ann")
    rows = list(answers(office, people))
    with form.open("w", newline="", encoding="utf-8") as file:
        written = csv.DictWriter(
            file, ["contact", "need", "product", "quantity", "need by", "budget", "again on", "note", "asked by"]
        )
        written.writeheader()
        written.writerows(rows)

    done = office.json("marketing", "qualify", "--campaign", "L7", "--file", form, user="ann")
    assert (done["now"], done["later"], done["none"], done["rejected"]) == (100, 240, 660, [])
    assert (len(done["handed"]), done["taken_by"], done["waiting"]) == (100, "leads", 0)

    told = office.json("marketing", "qualification", "report", "--campaign", "L7", "--by", "agent", user="ann")
    total = {name: told["total"][name] for name in ("asked", "now", "later", "none", "handed")}
    assert total == {"asked": 1_000, "now": 100, "later": 240, "none": 660, "handed": 100}
    assert told["not_asked"] == 0
    assert {each["name"]: (each["asked"], each["now"]) for each in told["groups"]} == {
        "wang": (400, 40), "liu": (350, 35), "sun": (250, 25)
    }  # fmt: skip

    # What needs something now is a lead with what was said, typed once.
    leads = office.json("sales", "lead", "list", "--pool", "--campaign", "L7", "--limit", 1_000, user="wang")
    assert len(leads) == 100
    first = next(each for each in leads if each["contact"]["id"] == people[10])
    assert first["wanted"] == {"product": "RT-100", "quantity": "11", "need_by": str(TODAY + timedelta(days=31))}
    assert (first["title"], first["amount"]) == ("replace old pumps", "88000.00")

    # What is needed later is asked again 92 days before, or on the day they named, as a task of who asked.
    again = office.json("marketing", "recontact", "list", "--campaign", "L7", "--limit", 1_000, user="ann")
    assert len(again) == 240
    assert [each["again_on"] for each in again] == sorted(each["again_on"] for each in again)
    by_contact = {each["contact"]["id"]: each for each in again}
    assert by_contact[people[1]]["again_on"] == str(TODAY + timedelta(days=121 - 92))
    assert by_contact[people[3]]["again_on"] == "2027-05-10"
    due = office.json("due", "--until", "2026-12-31", user="wang")
    assert "Ask " in str(due)
    assert "a second line RT-200" in str(due)

    # Asked again on that day: the task is done, the last answer counts.
    office.clock.set("2026-12-23T10:00+08:00")
    office.crm("marketing", "qualify", people[1], "--campaign", "L7", "--need", "a second line", "--product", "RT-200",
               "--quantity", 12, "--by", "2027-03-01", "--budget", "96000", user="wang")  # fmt: skip
    told = office.json("marketing", "qualification", "report", "--campaign", "L7", user="ann")["total"]
    assert (told["asked"], told["now"], told["later"], told["none"], told["handed"]) == (1_000, 101, 239, 660, 101)
    assert people[1] not in {
        each["contact"]["id"]
        for each in office.json("marketing", "recontact", "list", "--limit", 1_000, user="ann")
    }  # fmt: skip
    members = office.json("marketing", "member", "list", key, "--limit", 1_000, user="ann")
    assert len(members) == 1_000
    assert {each["status"] for each in members} == {"attended"}
    assert "replace old pumps" in office.crm("brief", people[10], user="ann", COLUMNS="200").out
    needs = office.json("metric", "show", "marketing.needs_now", "--by", "user", user="ann")
    assert sum(float(each["value"]) for each in needs["rows"]) == 101
