"""`crm callcenter call list|show|whose`."""

import webbrowser
from datetime import UTC, datetime, timedelta

import pytest
from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.protocol.events import CallEvent, Heard, Party
from sqlalchemy import select

from crmcore.api import tables

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SAM = Party(number="201", device="PJSIP/201-00000001")
CONTRACT = {
    "id", "external_ids", "direction", "from", "to", "answered", "talked_to", "started_at", "seconds", "talk_seconds",
    "transfers", "queue", "abandoned", "interaction",
}  # fmt: skip


def heard(call, caller, *kinds, begin=0, dialled="+862155550000", **more):
    given = {"ring": {"target": SAM}, "answer": {"target": SAM}, "queue": {"queue": "sales"}}
    return Heard(
        events=tuple(
            CallEvent(
                call=call, kind=kind, key=kind, caller=Party(number=caller), dialled=dialled,
                at=AT + timedelta(seconds=begin + 10 * place),
                **{"system": "asterisk", "source": "ami", **given.get(kind, {}), **more},
            )
            for place, kind in enumerate(kinds)
        )
    )  # fmt: skip


@pytest.fixture
def calls(office):
    """Three calls: of somebody known, who talks; of somebody who gives up; of somebody who rings now."""
    crm = office.crm
    crm("callcenter", "queue", "add", "Sales", "--code", "sales", user="ann")
    crm("callcenter", "agent", "add", "Sam", "--user", "sam", "--extension", "201", user="ann")
    with office.app.transaction(cause="a test") as tx:
        done = take(
            tx,
            [
                heard("1.1", "+8613800000007", "begin", "queue", "ring", "answer", "hangup"),
                heard("1.2", "02155551234", "begin", "queue", "ring", "abandon", "hangup", begin=100),
                heard("1.3", "+8613900000003", "begin", "ring", begin=200),
            ],
        )
    assert len(done.created) == 3
    assert done.rang == done.created[2:]
    return done.created


def ids(found):
    return [one["id"] for one in found]


def test_calls_as_lists_show_them(office, calls):
    talked, gave_up, rings = calls
    found = office.json("callcenter", "call", "list", user="sam")
    assert ids(found) == [rings, gave_up, talked]
    one = found[-1]
    assert set(one) >= CONTRACT
    assert {name: one[name] for name in CONTRACT - {"id", "interaction"}} == {
        "external_ids": ["1.1"],
        "direction": "in",
        "from": "+8613800000007",
        "to": "+862155550000",
        "answered": True,
        "talked_to": ["201"],
        "started_at": "2026-11-23T02:00:00+00:00",
        "seconds": 40,
        "talk_seconds": 10,
        "transfers": 0,
        "queue": "Sales",
        "abandoned": False,
    }
    assert (one["contact"]["id"], one["agent"], one["wait_seconds"]) == (office.contacts[7], "sam", 20)
    assert [each["queue"] for each in found] == ["", "Sales", "Sales"]
    assert (found[0]["status"], found[0]["seconds"], found[0]["interaction"] is not None) == ("ringing", None, True)
    asked = {
        ("--abandoned",): [gave_up],
        ("--unanswered",): [gave_up],
        ("--going-on",): [rings],
        ("--unwrapped",): [talked],
        ("--queue", "sales"): [gave_up, talked],
        ("--agent", "201"): [rings, gave_up, talked],
        ("--contact", office.contacts[7]): [talked],
        ("--number", "021-5555 1234"): [gave_up],
        ("--direction", "out"): [],
        ("--from", "2026-11-23", "--until", "2026-11-23"): [rings, gave_up, talked],
        ("--from", "2026-11-24"): [],
        ("--limit", "1"): [rings],
        ("--limit", "1", "--after", rings): [gave_up],
        ("--after", gave_up): [talked],
    }
    for options, expected in asked.items():
        assert ids(office.json("callcenter", "call", "list", *options, user="sam")) == expected, options
    table = office.crm("callcenter", "call", "list", user="sam").out
    assert "Sales" in table
    assert "talked 0:10" in table
    refused = office.crm("callcenter", "call", "list", "--from", "2026-11-24", "--until", "2026-11-23", code=1).err
    assert "ends before it begins" in refused


def test_a_call_by_the_id_that_the_telephone_system_gave_it(office, calls):
    shown = office.json("callcenter", "call", "show", "1.1", "--events", user="sam")
    assert shown["id"] == calls[0]
    assert [(leg["number"], leg["agent"], leg["answered"]) for leg in shown["legs"]] == [("201", "Sam", True)]
    assert [each["kind"] for each in shown["events"]] == ["begin", "queue", "ring", "answer", "hangup"]
    card = office.crm("callcenter", "call", "show", calls[0], "--events", user="sam").out
    assert "Sam  201  talked" in card
    assert "There is no call “9.9”" in office.crm("callcenter", "call", "show", "9.9", code=1).err


def test_what_is_hidden_of_calls_is_not_told_by_what_was_heard_of_them(office, calls, tmp_path):
    with office.app.transaction(cause="a test") as tx:
        told = heard("1.1", "+8613800000007", "recording", begin=40, url="https://pbx.example/1.wav")
        take(tx, [told, heard("1.2", "+8613800000007", "recording", begin=40, url="https://pbx.example/2.wav")])
    shown = office.json("callcenter", "call", "show", "1.1", "--events", user="sam")
    assert shown["recording"] == "https://pbx.example/1.wav"
    (tmp_path / "roles.toml").write_text('[role.service]\nhide = ["callcenter_call.recording"]\n')
    office.crm("config", "apply", tmp_path / "roles.toml", user="ann")
    assert office.json("callcenter", "call", "show", "1.1", user="sam")["recording"] == ""
    assert "hidden from you" in office.crm("callcenter", "call", "show", "1.1", "--events", user="sam", code=1).err


def test_a_recording_is_opened_where_it_is_heard(office, calls, monkeypatch):
    show, opened = ("callcenter", "call", "show"), []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    assert "There is no recording of call" in office.crm(*show, "1.1", "--open", code=1).err
    urls = ("https://pbx.example/1.wav", "/var/spool/asterisk/monitor/in-1.2.wav", "file:///etc/passwd")
    with office.app.transaction(cause="a test") as tx:
        told = [heard(f"1.{n}", "", "recording", begin=40, url=url) for n, url in enumerate(urls, 1)]
        take(tx, [*told, heard("1.1", "", "recording", begin=41, url="1b.wav", source="cdr")])
    assert office.json(*show, "1.2")["recordings"] == [urls[1]]
    assert "callcenter.recordings_at" in office.crm(*show, "1.2", "--open", code=1).err
    assert (
        "no address of the web"
        in office.crm("setting", "set", "callcenter.recordings_at", "/var/spool", user="ann", code=1).err
    )
    office.crm("setting", "set", "callcenter.recordings_at", "https://pbx.example/rec/%Y/%m/%d/", user="ann")
    assert "https://pbx.example/rec/2026/11/23/in-1.2.wav" in office.crm(*show, "1.2", "--open").out
    assert office.json(*show, "1.1", "--open")["recordings"][0] == urls[0]
    assert "is no address of the web" in office.crm(*show, "1.3", "--open", code=1).err
    day = "https://pbx.example/rec/2026/11/23/"
    assert opened == [f"{day}in-1.2.wav", urls[0], f"{day}1b.wav"]


def test_whose_a_call_was_is_said_once_and_stays(office, calls):
    person = office.contacts[11]
    said = office.json("callcenter", "call", "whose", "1.3", person, "--keep-number", user="ann")
    assert (said["contact"]["id"], said["customer"]["id"]) == (person, office.customers[11])
    with office.app.transaction(cause="a test") as tx:
        take(tx, [heard("1.3", "+8613800000007", "begin", "ring", "answer", "hangup", begin=200)])
        again = take(tx, [heard("1.4", "+8613900000003", "begin", "ring", begin=900)])
    found = {one["id"]: one for one in office.json("callcenter", "call", "list", user="ann")}
    assert (found[calls[2]]["contact"]["id"], found[calls[2]]["status"]) == (person, "ended")
    assert found[again.created[0]]["contact"]["id"] == person  # the number was kept
    spoken = {found[call]["interaction"] for call in (calls[2], again.created[0])}
    i, p = tables.interaction.c, tables.participant.c
    with office.app.read() as reader:
        about = reader.rows(select(i.id, i.contact_id, i.customer_id).where(i.id.in_(spoken)))
        there = reader.rows(
            select(p.interaction_id, p.contact_id).where(p.interaction_id.in_(spoken), p.role == "caller")
        )
    assert {(row.contact_id, row.customer_id) for row in about} == {(person, office.customers[11])}
    assert {(row.interaction_id, row.contact_id) for row in there} == {(one, person) for one in spoken}
