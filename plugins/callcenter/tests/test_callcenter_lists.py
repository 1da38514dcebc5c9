"""Calling lists: who is put on them, tries, what calls say of them, and two agents who ask at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from crmcore_callcenter.model.agent import WrapCode
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.outbound import people as putting
from crmcore_callcenter.outbound.ending import end, entry_called, result_named
from crmcore_callcenter.outbound.taking import take

from crmcore.api import Contact, ContactPoint
from crmcore.app import App
from crmcore.testing.statements import Statements


def entries(office, name):
    return office.json("callcenter", "list", "show", name, "--limit", 1_000)["entries"]


def test_people_are_put_on_a_list_once_with_a_number_that_is_good_a_mobile_ones_first(office, tmp_path):
    one, two, three = office.contacts[:3]
    office.insert(
        ContactPoint(contact_id=one, kind="phone", value="010 6552 1234", normal="+861065521234", preferred=True),
        ContactPoint(contact_id=two, kind="phone", value="+49 30 1", normal="+49301", label="Mobile", status="invalid"),
    )
    alone = Contact(name="Nobody Rings")
    office.insert(alone)
    table = tmp_path / "people.csv"
    table.write_text(f"contact,phone,product,size\n{one},,RT-1,big\n{three},010 6552 9999,,\nGhost,,,\n{alone.id},,,\n")
    office.crm("callcenter", "script", "add", "Ask", "--question", "product=Which?", user="mei")
    made = office.json("callcenter", "list", "add", "Spare parts", "--script", "Ask", "--file", table)
    assert {name: made["added"][name] for name in ("added", "already", "no_number")} == {
        "added": 2, "already": 0, "no_number": 1
    }  # fmt: skip
    assert [(each["line"], each["raw"]) for each in made["added"]["rejected"]] == [(4, "Ghost")]
    found = {each["contact"]["id"]: each for each in entries(office, "Spare parts")}
    assert (found[one]["number"], found[three]["number"]) == ("+8613800000000", "010 6552 9999")
    assert (found[one]["known"], found[three]["known"]) == ({"product": "RT-1", "size": "big"}, {})

    # By a condition, and whoever is on another list; again it adds only who is new.
    chosen = f"contact.id <= {office.contacts[39]}"
    more = office.json("callcenter", "list", "add", "First forty", "--where", chosen)
    assert (more["added"]["added"], more["condition"]) == (40, chosen)
    both = office.json("callcenter", "list", "add-people", "First forty", "--list-of", "Spare parts")
    assert (both["added"]["added"], both["added"]["already"]) == (0, 2)
    late = ContactPoint(contact_id=alone.id, kind="phone", value="+8613911112222", normal="+8613911112222")
    office.insert(late)
    assert office.json("callcenter", "list", "add-people", "Spare parts", "--file", table)["added"]["added"] == 1
    assert [each["name"] for each in office.json("callcenter", "list", "names", "contact.lang")] == ["contact.language"]
    for said, wrong in (
        ("there is no “contact.colour”", ("add", "Wrong", "--where", "contact.colour == 1")),
        ("has the code “Spare parts” already", ("add", "Spare parts")),
        ("Say who", ("add-people", "Spare parts")),
        ("There is no calling list “x”", ("show", "x")),
    ):
        assert said in office.crm("callcenter", "list", *wrong, code=1).err

    def reads(some):
        with office.at("2026-11-24T10:00+08:00") as tx, Statements(office.app) as said:
            putting.add(tx, made["id"], putting.of_contacts(some))
        return sum(each.startswith("SELECT") and "crm_id" not in each for each in said)

    few = reads(office.contacts[100:103])
    assert reads(office.contacts[200:1_200]) <= few + 2


def test_who_is_on_a_list_twice_and_was_merged_is_called_once(office):
    one, two, three = office.contacts[:3]
    people = [word for each in (one, two, three) for word in ("--contact", each)]
    office.crm("callcenter", "list", "add", "Spare parts", *people)
    first = office.json("callcenter", "list", "next")["entry"]
    office.crm("contact", "merge", two, one, user="ann")
    assert office.json("callcenter", "list", "next", user="liu")["entry"]["contact"]["id"] == three
    assert office.json("callcenter", "list", "done", "--result", "reached")["id"] == first["id"]
    assert office.json("callcenter", "list", "next")["entry"] is None
    found = {each["contact"]["id"]: (each["status"], each["why"]) for each in entries(office, "Spare parts")}
    assert found[two] == ("exhausted", "called already, as somebody who is the same")


def test_an_agent_who_asks_twice_at_once_has_one_person_to_call(office):
    people = [word for each in office.contacts[:4] for word in ("--contact", each)]
    office.crm("callcenter", "list", "add", "Spare parts", *people)
    start = Barrier(4)

    def work(_n):
        app = App(office.app.url)
        try:
            start.wait(60)
            with app.transaction(app.actor("wang"), cause="a test") as tx:
                return take(tx, None, tx.actor.user_id).entry_id
        finally:
            app.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(work, range(4)))) == 1


def test_who_is_not_reached_is_tried_again_and_not_for_ever(office):
    one, two = office.contacts[:2]
    office.crm("callcenter", "list", "add", "Spare parts", "--attempts", 2, "--retry", 60, "--contact", one,
               "--contact", two)  # fmt: skip
    first = office.json("callcenter", "list", "next")["entry"]
    assert (first["contact"]["id"], first["status"]) == (one, "calling")
    again = office.json("callcenter", "list", "next")
    assert (again["entry"]["id"], again["again"]) == (first["id"], True)
    assert "You took them before" in office.crm("callcenter", "list", "next").err
    done = office.json("callcenter", "list", "done", "--result", "no-answer")
    assert (done["status"], done["attempts"], done["next_at"]) == ("waiting", 1, "2026-11-24T03:00:00+00:00")
    assert office.json("callcenter", "list", "next")["entry"]["contact"]["id"] == two
    promised = office.json("callcenter", "list", "done", "--result", "callback", "--again", "2026-11-24T10:30")
    assert (promised["status"], promised["why"]) == ("waiting", "asked to be called then")
    assert office.json("callcenter", "list", "next")["entry"] is None
    assert "Nobody is to be called now" in office.crm("callcenter", "list", "next").out
    office.clock.set("2026-11-24T11:00+08:00")
    assert office.json("callcenter", "list", "next")["entry"]["contact"]["id"] == two  # who was promised first
    office.crm("callcenter", "list", "done", "--result", "reached")
    assert office.json("callcenter", "list", "next")["entry"]["contact"]["id"] == one
    end = office.json("callcenter", "list", "done", "--result", "not-reached")
    assert (end["status"], end["why"]) == ("exhausted", "tried 2 times")
    report = office.json("callcenter", "list", "report", "Spare parts")
    assert (report["total"]["called"], report["total"]["reached"], report["left_out"]) == (2, 1, {"tried 2 times": 1})
    office.crm("callcenter", "list", "add-people", "Spare parts", "--contact", office.contacts[2])
    office.crm("callcenter", "list", "pause", "Spare parts")
    for said, wrong in (
        ("is done already: reached", ("done", promised["id"], "--result", "reached")),
        ("There is no entry", ("done", "x", "--result", "reached")),
        ("There is no result “soso”; there are: resolved", ("done", end["id"], "--result", "soso")),
        ("is over already", ("done", end["id"], "--result", "callback", "--again", "2026-11-01T10:00")),
        ("List “Spare parts” is paused", ("next", "Spare parts")),
    ):
        assert said in office.crm("callcenter", "list", *wrong, code=1).err
    nobody = office.crm("callcenter", "list", "done", "--result", "reached", user="liu", code=1)
    assert "You are calling nobody" in nobody.err
    assert office.json("callcenter", "list", "next")["entry"] is None
    office.crm("callcenter", "list", "resume", "Spare parts")
    dialled = office.json("callcenter", "list", "next", "--dial")
    taken = dialled["entry"]
    assert dialled["placed"]["link"] == f"tel:{taken['number']}"  # wang is no agent with a line
    assert f"tel:{taken['number']}" in office.crm("callcenter", "list", "next", "--dial").out
    (block,) = [each for each in office.json("brief", taken["contact"]["id"])["blocks"]
                if each["title"] == "On calling lists"]  # fmt: skip
    assert (block["data"][0]["list"], block["data"][0]["status"]) == ("Spare parts", "calling")
    # Who took somebody and went home gave them back an hour later.
    office.clock.advance(minutes=61)
    assert office.json("callcenter", "list", "next", user="liu")["entry"]["id"] == taken["id"]


def test_entries_follow_the_calls_that_are_heard(office):
    one, two, three = office.contacts[:3]
    office.crm("callcenter", "list", "add", "Spare parts", "--retry", 60, "--contact", one, "--contact", two,
               "--contact", three)  # fmt: skip
    numbers = {each["contact"]["id"]: each["number"] for each in entries(office, "Spare parts")}

    def heard(begins, **fields):
        at = office.clock.now + timedelta(minutes=begins)
        with office.at(office.clock.now, user="ann") as tx:
            made = tx.add(Call(system="asterisk", external_id=str(begins), started_at=at, **fields))
        return made.id

    out = {"direction": "out", "status": "ended", "owner_id": office.users["wang"]}
    first = office.json("callcenter", "list", "next")["entry"]
    heard(-600, to_normal=numbers[one], ended_at=office.clock.now, **out)  # an old one, imported now
    assert entries(office, "Spare parts")[0]["call_id"] is None
    ended = office.clock.now + timedelta(minutes=2)
    busy = heard(1, to_normal=numbers[one], ended_at=ended, reason="busy", **out)
    (waiting, *_rest) = entries(office, "Spare parts")
    assert (waiting["id"], waiting["status"], waiting["call_id"], waiting["attempts"]) == (
        first["id"], "waiting", busy, 1
    )  # fmt: skip
    assert waiting["next_at"] == "2026-11-24T03:02:00+00:00"
    office.crm("callcenter", "list", "done", first["id"], "--result", "busy")  # the agent says so, too: counted once
    assert entries(office, "Spare parts")[0]["attempts"] == 1

    second = office.json("callcenter", "list", "next")["entry"]
    talked = heard(3, contact_id=two, to_normal="+4930123", answered=True, ended_at=office.clock.now, **out)
    told = office.json("callcenter", "list", "done", "--result", "reached")
    assert (told["id"], told["status"], told["call_id"]) == (second["id"], "done", talked)

    called_us = heard(4, direction="in", from_normal=numbers[three], answered=True, status="talking")
    third = entries(office, "Spare parts")[2]
    assert (third["call_id"], third["why"]) == (called_us, "they called us at 2026-11-24 10:04")
    office.clock.advance(minutes=10)
    assert office.json("callcenter", "list", "next")["entry"] is None  # they have peace for a while
    office.clock.advance(hours=1)
    assert office.json("callcenter", "list", "next")["entry"]["contact"]["id"] == one

    # The agent sums the call up: that is enough.
    code = WrapCode(name="Wants an offer", code="offer", means="reached")
    office.insert(code)
    last = heard(1, contact_id=one, answered=True, ended_at=office.clock.now, **out)
    with office.at(office.clock.now, user="wang") as tx:
        tx.get(Call, last).wrap_code_id = code.id
    (ended, *_rest) = entries(office, "Spare parts")
    assert (ended["status"], ended["result"], ended["call_id"], ended["attempts"]) == ("done", "offer", last, 2)


def test_who_is_the_same_as_somebody_else_is_called_once(office):
    one, two = office.contacts[:2]
    office.crm("callcenter", "list", "add", "Spare parts", "--contact", one, "--contact", two)
    office.crm("contact", "merge", one, two, user="ann")
    assert office.json("callcenter", "list", "next")["entry"]["contact"]["id"] == one
    office.crm("callcenter", "list", "done", "--result", "refused")
    assert office.json("callcenter", "list", "next")["entry"] is None
    assert office.json("callcenter", "list", "report", "Spare parts")["left_out"] == {
        "no longer in the address book": 1
    }


def test_two_agents_never_get_the_same(office):
    office.crm("callcenter", "list", "add", "Spare parts", "--where", f"contact.id <= {office.contacts[11]}")

    def work(login):
        app, mine = App(office.app.url), []
        try:
            while True:
                with app.transaction(app.actor(login), cause="a test") as tx:
                    found = take(tx, None, tx.actor.user_id)
                if found.entry_id is None or len(mine) > 20:
                    return mine
                mine.append(found.entry_id)
                with app.transaction(app.actor(login), cause="a test") as tx:
                    end(tx, entry_called(tx, tx.actor.user_id), result_named(tx, "reached"))
        finally:
            app.close()

    with ThreadPoolExecutor(3) as pool:
        got = list(pool.map(work, ("wang", "liu", "sun")))
    every = [one for some in got for one in some]
    assert len(every) == len(set(every)) == 12
