"""Who of us is meant at the telephone; agents, queues, their members and wrap-up codes by command."""

from functools import partial

import pytest
from crmcore_callcenter.agents.finding import Ours
from crmcore_callcenter.agents.queues import edit
from crmcore_callcenter.model.agent import CallAgent, CallQueue
from crmcore_callcenter.model.line import PhoneLine
from crmcore_callcenter.protocol.events import Party

from crmcore.api import InvalidInput, User


@pytest.fixture
def house(office):
    """Anna and Bruno with extensions, Clara who left, a queue, two lines."""
    with office.at(office.clock.now, user="ann") as tx:
        tx.get(User, office.users["liu"]).phone = "138 0000 9999"
        north = tx.add(PhoneLine(name="North", code="north", system="north", own_numbers=["+86 21 5555 0100"]))
        south = tx.add(PhoneLine(name="South", code="south", system="south"))
        tx.add(CallAgent(name="Clara", extension="201", devices=["PJSIP/201"], active=False))
        tx.add(
            CallAgent(
                name="Anna", extension="201", devices=["PJSIP/201"], user_id=office.users["wang"], line_id=north.id
            )
        )
        tx.add(CallAgent(name="Bruno", devices=["SIP/150010002"], user_id=office.users["liu"]))
        tx.add(CallAgent(name="Dora", extension="201", line_id=south.id))
        tx.add(CallQueue(name="Support", code="support-1", numbers=["400 820 8820", "9001"]))
    return office


def test_agents_queues_and_own_numbers_are_found_by_what_telephone_systems_say(house, crm_statements):
    with house.app.read(house.app.actor("sam")) as reader, crm_statements(house.app) as asked:
        ours = Ours(reader)
        taken = len(asked)

        def said(*words, **more):
            found = ours.agent(*words, **more)
            return found and found.name

        for word in (
            "PJSIP/201", "PJSIP/201-0000001a", "201", "Local/201@agents-0000001b;2", "Agent/201", "SIP/201-000000ff",
            "anna", "sip:201@pbx.example.com", "sofia/internal/201@10.0.0.1",
        ):  # fmt: skip
            assert said(word) == "Anna", word
        assert said("201", system="south") == "Dora"
        assert said("", "nobody", "SIP/150010002-000000d3") == "Bruno"
        assert said("Local/+8613800009999@world_out-00000001;1") == "Bruno"
        assert said("SIP/voipgrid-siproute-docker-000000d1") is None
        assert said("Local/+31260010001@world_out-00000001;1", "s", "") is None
        assert ours.agent_of(Party(number="201", name="Bruno", device="SIP/150010099-000000d3")).name == "Anna"
        assert ours.agent_of(Party(name="Anna")) is None
        assert ours.user_id(ours.agent("201").id) == house.users["wang"]
        assert ours.user_id(None) is None
        for number in ("201", "*97", "4008208820", "862155550100", "021-55550100", "+86 138 0000 9999", "9001"):
            assert ours.is_ours(number), number
        for number in ("", "anonymous", "sip:anonymous@10.0.0.1", "+8613800000001", "021 5555 0101"):
            assert not ours.is_ours(number), number
        queues = {ours.queue(word) for word in ("SUPPORT", "support-1", "400-820-8820", "9001")}
        assert len(queues) == 1
        assert None not in queues
        assert ours.queue("sales") is None
        assert ours.queue("") is None
    assert taken == len(asked) <= 6


def test_queues_agents_members_and_wrap_codes_are_kept_by_command(office):
    crm, json = partial(office.crm, user="mei"), partial(office.json, user="mei")
    calls = ("callcenter",)
    queue = json(
        *calls, "queue", "add", "Support Line", "--number", "4008208820", "--number", "9001", "--answer-seconds", "15",
        "--callback-minutes", "30", "--manager", "mei",
    )  # fmt: skip
    assert (queue["code"], queue["numbers"], queue["answer_seconds"]) == ("support-line", ["4008208820", "9001"], 15)
    assert json(*calls, "queue", "edit", "support-line", "--code", "support")["code"] == "support"
    taken = f"“SUPPORT” is what queue {queue['id']}, Support Line, is called already"
    assert taken in crm(*calls, "queue", "add", "SUPPORT", code=1).err
    assert "must not be empty" in crm(*calls, "queue", "add", " ", code=1).err
    assert "must not be empty" in crm(*calls, "agent", "add", "", code=1).err
    assert json(*calls, "queue", "show", "400-8208820")["id"] == queue["id"]
    assert "9001 is queue" in crm(*calls, "queue", "add", "Sales", "--number", "9001", code=1).err
    assert "calendar" in crm(*calls, "queue", "edit", "support", "--calendar", "moon", code=1).err
    anna = json(*calls, "agent", "add", "Anna", "--user", "sam", "--extension", "201", "--device", "PJSIP/201")
    assert (anna["user"], anna["devices"], anna["state"]) == ("sam", ["PJSIP/201"], "")
    assert "has that extension already" in crm(*calls, "agent", "add", "Bruno", "--extension", "201", code=1).err
    assert "has that user already" in crm(*calls, "agent", "add", "Bruno", "--user", "sam", code=1).err
    bruno = json(*calls, "agent", "add", "Bruno", "--extension", "202", "--device", "SIP/202")
    assert json(*calls, "agent", "edit", "202", "--device", "")["devices"] == []
    joined = json(*calls, "queue", "member", "add", "support", "sam", "--penalty", "5")
    joined = json(*calls, "queue", "member", "add", "support", "Bruno")
    assert joined["members"] == [
        {"id": bruno["id"], "name": "Bruno", "penalty": 0}, {"id": anna["id"], "name": "Anna", "penalty": 5},
    ]  # fmt: skip
    assert json(*calls, "agent", "show", "Anna")["queues"] == [
        {"id": queue["id"], "name": "Support Line", "penalty": 5}
    ]
    left = json(*calls, "queue", "member", "remove", "support", "202")
    assert [one["name"] for one in left["members"]] == ["Anna"]
    assert "does not answer" in crm(*calls, "queue", "member", "remove", "support", "202", code=1).err
    assert "Anna" in crm(*calls, "queue", "list").out
    code = json(*calls, "wrap-code", "add", "Not reached", "--means", "not_reached", "--follow-days", "2")
    assert (code["code"], code["follow_days"]) == ("not-reached", 2)
    assert json(*calls, "wrap-code", "edit", "not-reached", "--inactive")["active"] is False
    assert json(*calls, "wrap-code", "list") == []
    assert "no" in crm(*calls, "wrap-code", "list", "--all").out.split()
    for kind, code in (("callback", 2), ("agent", 1), ("queue", 1), ("wrap-code", 1), ("call", 1)):
        assert "9" * 20 in crm(*calls, kind, "show", "9" * 20, code=code).err
    assert "There is no entry" in crm(*calls, "list", "done", "9" * 20, "--result", "done", code=1).err
    assert json(*calls, "wrap-code", "show", "Not reached")["means"] == "not_reached"
    assert "no-such-form" in crm(*calls, "wrap-code", "add", "Sold", "--form", "no-such-form", code=1).err
    assert crm(*calls, "queue", "edit", "support", "--colour", "red", code=2).err
    assert [one["name"] for one in json(*calls, "agent", "list", "--limit", "1", "--after", str(anna["id"]))] == [
        "Bruno"
    ]
    with office.at(office.clock.now, user="mei") as tx:
        record = tx.get(CallQueue, queue["id"])
        with pytest.raises(InvalidInput, match="no field “colour”"):
            edit(tx, record, {"colour": "red"})


def test_an_agent_says_what_they_do_and_nobody_else_says_it_for_them(office):
    crm, json, calls = office.crm, office.json, ("callcenter", "presence")
    crm("callcenter", "agent", "add", "Anna", "--user", "sam", "--extension", "201", user="mei")
    assert json(*calls, "available", user="sam")["state"] == "available"
    office.clock.advance(minutes=5)
    paused = json(*calls, "pause", "tea", user="sam")
    assert (paused["state"], paused["reason"], paused["since"]) == ("paused", "tea", "2026-11-24T02:05:00+00:00")
    office.clock.advance(minutes=5)
    assert "may not say" in crm(*calls, "available", "--agent", "Anna", user="wang", code=1).err
    assert "is no agent" in crm(*calls, "available", user="wang", code=1).err
    assert json(*calls, "offline", "--agent", "201", user="mei")["state"] == "offline"
    did = json(*calls, "show", user="sam")
    assert json(*calls, "show", "Anna") == did
    assert [(one["state"], one["reason"]) for one in did] == [("offline", ""), ("paused", "tea"), ("available", "")]
    assert [one["state"] for one in json(*calls, "show", "--after", str(did[1]["id"]), user="sam")] == ["available"]
    assert "tea" in crm(*calls, "show", user="sam").out
