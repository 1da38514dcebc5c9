import json
from datetime import UTC, date, datetime, timedelta

import pytest

from crmcore.directory import interactions, tasks
from crmcore.model.interaction import Interaction, Participant, Task
from crmcore.model.party import Contact


def out(result):
    return json.loads(result.stdout)


@pytest.mark.parametrize("number", [2, 300])
def test_lists_cost_the_same_whatever_their_length(app, counted, number):
    with app.transaction(app.actor("ann")) as tx:
        contact = tx.add(Contact(name="Ida Holm"))
        for each in range(number):
            at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=each)
            one = tx.add(Interaction(channel="email", at=at, contact_id=contact.id, user_id=1, body="text"))
            tx.add(Participant(interaction_id=one.id, role="from", contact_id=contact.id))
            tx.add(Participant(interaction_id=one.id, role="to", user_id=tx.actor.user_id))
            tx.add(Task(subject="call", contact_id=contact.id, owner_id=1, due=date(2026, 1, 1)))
    with app.read(app.actor("ann")) as reader:
        newest, first = interactions.page(reader, limit=1)[0], tasks.page(reader, limit=1)[0]
        with counted(app) as statements:
            assert len(interactions.page(reader, limit=500, after=newest.id, contact_id=contact.id)) == number - 1
        assert len(statements) == 5
        with counted(app) as statements:
            assert len(tasks.page(reader, limit=500, after=first.id, status="open")) == number - 1
        assert len(statements) == 6


def test_the_json_of_an_interaction_holds_what_programs_count_on(app, crm):
    contact = out(crm("contact", "add", "李伟", "--customer", "华为", "--json"))
    with app.transaction(app.actor("ann")) as tx:
        details = {"attachments": [{"name": "offer.pdf", "size": 12}], "sequence": 0}
        one = tx.add(
            Interaction(
                channel="email", direction="in", at=datetime(2026, 11, 20, 1, 30, tzinfo=UTC), zone="Asia/Shanghai",
                subject="询价", body="多少钱?", contact_id=contact["id"], origin="mail", external_id="<a@b>",
                thread="<a@b>", status="confirmed", location="北京", details=details, source="a.eml:1",
            )
        )  # fmt: skip
        tx.add(Participant(interaction_id=one.id, role="from", contact_id=contact["id"], address="li@h.example"))
        tx.add(Participant(interaction_id=one.id, role="to", name="Ann", address="ann@us.example", user_id=1))

    (listed,) = out(crm("interaction", "list", "--json"))

    assert listed["at"] == "2026-11-20T01:30:00+00:00"
    assert listed["attachments"] == [{"name": "offer.pdf", "size": 12}]
    expected = {
        "channel": "email", "direction": "in", "subject": "询价", "body": "多少钱?", "external_id": "<a@b>",
        "thread": "<a@b>", "status": "confirmed", "location": "北京", "source": "a.eml:1", "customer_id": None,
        "contact_id": contact["id"],
    }  # fmt: skip
    assert {name: listed[name] for name in expected} == expected
    assert [(p["role"], p["name"], p["address"], p["contact_id"], p["user_id"]) for p in listed["participants"]] == [
        ("from", "李伟", "li@h.example", contact["id"], None),
        ("to", "Ann", "ann@us.example", None, 1),
    ]
    assert "2026-11-20 09:30" in crm("interaction", "list").stdout
    assert out(crm("interaction", "list", "--text", "多少", "--json"))[0]["id"] == one.id


def test_interactions_are_narrowed_and_paged(crm):
    ida = out(crm("contact", "add", "Ida Holm", "--customer", "Vest AS", "--json"))
    per = out(crm("contact", "add", "Per Lund", "--json"))["id"]
    for day in range(1, 8):
        crm("interaction", "add", f"call {day}", "--channel", "call", "--contact", ida["id"], "--at", f"2026-10-0{day}")
    crm(
        "interaction",
        "add",
        "visit",
        "--channel",
        "visit",
        "--contact",
        per,
        "--contact",
        ida["id"],
        "--at",
        "2026-10-09",
    )

    def bodies(*arguments):
        return [one["body"] for one in out(crm("interaction", "list", *arguments, "--json"))]

    newest_first = ["visit", *[f"call {day}" for day in range(7, 0, -1)]]
    assert bodies("--contact", "Ida Holm") == newest_first
    assert bodies("--contact", per) == ["visit"]
    assert bodies("--channel", "call", "--since", "2026-10-06") == ["call 7", "call 6"]
    assert bodies("--customer", "Vest AS") == newest_first[1:]
    assert bodies("--user", "ann", "--limit", 1) == ["visit"]
    third = out(crm("interaction", "list", "--limit", 3, "--json"))[-1]["id"]
    assert bodies("--after", third) == newest_first[3:]
    assert "no interaction 99999" in crm("interaction", "list", "--after", 99999, code=1).stderr


def test_an_interaction_is_edited_and_removed(crm):
    key = out(crm("interaction", "add", "caled", "--direction", "in", "--channel", "call", "--minutes", 5, "--json"))[
        "id"
    ]
    edited = out(crm("interaction", "edit", key, "--text", "called", "--at", "2026-11-20T09:00+01:00", "--json"))
    assert (edited["body"], edited["at"], edited["seconds"]) == ("called", "2026-11-20T08:00:00+00:00", 300)
    assert [one["id"] for one in out(crm("interaction", "list", "--text", "called", "--json"))] == [key]
    assert "body: caled -> called" in crm("history", key).stdout
    assert "Say what" in crm("interaction", "edit", key, code=1).stderr
    assert "not a point in time" in crm("interaction", "edit", key, "--at", "whenever", code=1).stderr
    assert "called" in crm("interaction", "show", key).stdout
    crm("interaction", "remove", key)
    assert "no interaction" in crm("interaction", "show", key, code=1).stderr
    crm("doctor")


def test_tasks_are_listed_by_date_and_narrowed(team):
    now = {"CRM_NOW": "2026-11-22T17:00+00:00"}  # the 23rd in Shanghai
    team("contact", "add", "Ida Holm")
    team("task", "add", "some day", **now)
    team("task", "add", "today", "--due", "today", "--contact", "Ida Holm", **now)
    team("task", "add", "late", "--due", "2026-11-22", **now)
    team("task", "add", "bob's", "--due", "2026-11-20", "--owner", "bob", **now)
    team("task", "add", "next week", "--due", "2026-11-30", **now)

    def subjects(*arguments):
        return [one["subject"] for one in out(team("task", "list", *arguments, "--json", **now))]

    assert subjects() == ["bob's", "late", "today", "next week", "some day"]
    assert subjects("--overdue") == ["bob's", "late"]
    assert subjects("--overdue", "--mine") == ["late"]
    assert subjects("--owner", "bob") == ["bob's"]
    assert subjects("--contact", "Ida Holm") == ["today"]
    paged, after = [], ()
    while page := out(team("task", "list", "--limit", 2, *after, "--json")):
        paged += [one["subject"] for one in page]
        after = ("--after", page[-1]["id"])
    assert paged == subjects()
    assert "not a date" in team("task", "add", "x", "--due", "blue", code=1).stderr


def test_a_task_is_closed_opened_and_removed(crm):
    key = out(crm("task", "add", "call", "--due", "2026-11-30", "--json"))["id"]
    closed = out(crm("task", "done", key, "--json"))
    assert (closed["status"], bool(closed["closed_at"])) == ("done", True)
    assert out(crm("task", "list", "--status", "open", "--json")) == []
    opened = out(crm("task", "edit", key, "--status", "open", "--due", "", "--json"))
    assert (opened["closed_at"], opened["due"]) == (None, None)
    assert "due: 2026-11-30 -> –" in crm("history", key).stdout
    assert "call" in crm("task", "show", key).stdout
    crm("task", "remove", key)
    assert "no task" in crm("task", "show", key, code=1).stderr
