"""Summing up: what follows of a code's meaning, by whoever may; and what is refused, in a sentence."""

import pytest
from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.desk.present import present
from crmcore_callcenter.model.agent import WrapCode
from crmcore_callcenter.protocol.events import CallEvent, Heard, Party

from crmcore.testing.statements import Statements


@pytest.fixture
def desk(office):
    office.crm("callcenter", "agent", "add", "Sam", "--user", "sam", "--extension", "201", user="ann")
    for code, means in (("gone", "wrong_number"), ("later", "callback")):
        office.crm("callcenter", "wrap-code", "add", code.title(), "--code", code, "--means", means, user="ann")
    return office


def called(office, key, number, *, out=False, ended=True):
    """A call between Sam's extension and a number."""
    at, ours, theirs = office.clock.now, Party(number="201"), Party(number=number)
    caller, target, dialled = (ours, theirs, number) if out else (theirs, ours, "02155550100")
    kinds = ("begin", "ring", "answer", "hangup") if ended else ("begin", "ring")
    events = tuple(
        CallEvent(
            system="post", source="post", call=key, kind=kind, key=kind, at=at, caller=caller, dialled=dialled,
            target=target if kind in ("ring", "answer") else None, direction="out" if out else "in",
            reason="completed" if kind == "hangup" else "",
        )
        for kind in kinds
    )  # fmt: skip
    with office.app.transaction() as tx:
        return take(tx, [Heard(events=events)]).created[0]


def test_a_wrong_number_is_marked_and_who_asks_for_it_is_called_back(desk):
    office, person = desk, desk.contacts[0]
    dialled = called(office, "o-1", "13800000000", out=True)
    office.crm("callcenter", "wrap", dialled, "gone", user="sam")
    assert [one["status"] for one in office.json("contact", "show", person)["points"]] == ["", "stale"]

    rang = called(office, "c-1", "13800000001")
    done = office.json("callcenter", "wrap", rang, "later", "--note", "asks on Friday", user="sam")
    office.crm("callcenter", "wrap", rang, "later", user="sam")
    (owed,) = office.json("callcenter", "callback", "list", user="sam")
    assert (owed["id"], owed["contact"]["id"]) == (done["callback"], office.contacts[1])


def test_what_cannot_be_is_said_in_a_sentence(desk):
    office = desk
    stranger = called(office, "c-1", "13999999999")
    for words, said in (
        (("nothing", "later"), "There is no call “nothing”."),
        ((stranger, "later", "--answer", "text=x"), "There is no form to answer"),
        ((stranger, "later", "--answer", "text"), "write QUESTION=ANSWER"),
        ((stranger, "later", "--follow", "some day"), "--follow"),
    ):
        assert said in office.crm("callcenter", "wrap", *words, user="sam", code=1).err
    with office.at(office.clock.now, user="ann") as tx:
        tx.add(WrapCode(name="Request", code="request", form="service.request"))  # whose plugin is not there any more
    assert office.json("callcenter", "wrap", stranger, "request", "--note", "hello", user="sam")["form"] is None
    withheld = called(office, "c-2", "")
    assert "say a name" in office.crm("callcenter", "call", "new", withheld, user="sam", code=1).err
    made = office.json("callcenter", "call", "new", withheld, "Chen", "Hao", "--customer", "新公司", user="sam")
    assert (made["contact"]["name"], made["customer"]["name"]) == ("Chen Hao", "新公司")
    assert "already" in office.crm("callcenter", "call", "new", withheld, "Wang", user="sam", code=1).err
    assert "no number" in office.crm("callcenter", "wrap", "later", user="sam", code=1).err
    office.crm("callcenter", "wrap", "gone", user="sam")
    last = office.json("callcenter", "call", "show", withheld, user="sam")
    assert last["wrap_up"] == "Gone"


def test_looking_for_a_ring_is_one_statement(desk):
    office = desk
    agent_id = office.json("callcenter", "agent", "list", user="sam")[0]["id"]
    with office.app.read(office.app.actor("sam")) as reader:
        assert present(reader, agent_id) is None
        with Statements(office.app) as statements:
            present(reader, agent_id)
        assert len(statements) == 1
    rings = called(office, "c-1", "13800000001", ended=False)
    with office.app.read(office.app.actor("sam")) as reader:
        found = present(reader, agent_id)
    assert found is not None
    assert (found.call_id, found.state) == (rings, "ringing")
