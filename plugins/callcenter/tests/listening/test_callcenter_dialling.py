"""Click-to-call: asked of policy at that moment, written before the telephone system knows it, heard as one call."""

import time

import pytest
from crmcore_callcenter import tables
from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.protocol.events import CallEvent, Heard, Party
from sqlalchemy import select

from crmcore.testing.asterisk_channels import Message
from crmcore.testing.asterisk_server import TelephoneSystem
from crmcore.testing.freeswitch_server import TelephoneSystem as FreeSwitch


@pytest.fixture
def asterisk(office, monkeypatch):
    system = TelephoneSystem([], stays=True)
    monkeypatch.setenv("ASTERISK_SECRET", system.secret)
    office.crm("callcenter", "line", "add", "HQ", "--kind", "ami", "--address", system.address, "--login", system.login,
               "--password", "env:ASTERISK_SECRET", "--dial", "PJSIP/{extension}", "--context", "from-internal",
               user="ann")  # fmt: skip
    office.crm("callcenter", "agent", "add", "Wang", "--user", "wang", "--extension", "201", "--line", "HQ", user="ann")
    yield system
    system.close()


def call(office) -> dict:
    with office.app.read() as reader:
        (row,) = reader.rows(select(tables.call))
    return dict(row._mapping)


def test_a_click_calls_who_may_be_called(office, asterisk, ears):
    contact = office.contacts[7]
    placed = office.json("callcenter", "dial", contact)
    assert (placed["number"], placed["contact_id"], placed["line"]) == ("+8613800000007", contact, "HQ")
    assert placed["warnings"] == ["Nobody listens to HQ: how the call ends will not be known."]
    (told,) = asterisk.originated
    assert {name: told[name] for name in ("channel", "exten", "context", "callerid", "async")} == {
        "channel": "PJSIP/201", "exten": "+8613800000007", "context": "from-internal", "callerid": "<201>",
        "async": "true",
    }  # fmt: skip
    known = call(office)
    assert (known["id"], known["external_id"]) == (placed["call_id"], told["channelid"])
    assert (known["status"], known["direction"], known["contact_id"]) == ("ringing", "out", contact)
    assert (known["from_number"], known["to_normal"], known["owner_id"]) == (
        "201",
        "+8613800000007",
        office.users["wang"],
    )
    _answered(office, asterisk, ears, told["channelid"])
    known = call(office)
    assert (known["id"], known["status"], known["answered"]) == (placed["call_id"], "ended", True)
    assert known["contact_id"] == contact


def _answered(office, asterisk, ears, key: str) -> None:
    """Let Asterisk tell of the call: the agent takes up, it dials, they talk, one hangs up."""
    agent = {
        "Channel": "PJSIP/201-00000001",
        "Uniqueid": key,
        "Linkedid": key,
        "CallerIDNum": "201",
        "Exten": "+8613800000007",
    }
    other = {
        "Channel": "PJSIP/trunk-00000002",
        "Uniqueid": "177.2",
        "Linkedid": key,
        "CallerIDNum": "+8613800000007",
        "Exten": "",
    }
    dest = {f"Dest{name}": value for name, value in other.items()}
    asterisk.messages += [
        {"Event": "Newchannel", "ChannelState": "0", **agent},
        {"Event": "Newstate", "ChannelState": "5", **agent},
        {"Event": "Newstate", "ChannelState": "6", **agent},
        {"Event": "Newchannel", "ChannelState": "0", **other},
        {"Event": "DialBegin", **agent, "ChannelState": "6", **dest, "DestChannelState": "0", "DialString": "trunk"},
        {"Event": "Newstate", "ChannelState": "5", **other},
        {"Event": "Newstate", "ChannelState": "6", **other},
        {"Event": "DialEnd", **agent, **dest, "DestChannelState": "6", "DialStatus": "ANSWER"},
        {"Event": "BridgeEnter", "BridgeUniqueid": "b1", "ChannelState": "6", **other},
        {"Event": "BridgeEnter", "BridgeUniqueid": "b1", "ChannelState": "6", **agent},
        {"Event": "BridgeLeave", "BridgeUniqueid": "b1", **other},
        {"Event": "Hangup", "Cause": "16", **other},
        {"Event": "BridgeLeave", "BridgeUniqueid": "b1", **agent},
        {"Event": "Hangup", "Cause": "16", **agent},
    ]  # fmt: skip
    said: list[str] = []
    with ears.listening(office.app, said):
        ends = time.monotonic() + 20
        while call(office)["status"] != "ended":
            assert time.monotonic() < ends, said
            time.sleep(0.02)


def test_who_is_not_to_be_called_is_not(office, asterisk):
    contact = office.contacts[8]
    office.crm("consent", "deny", contact, "--channel", "call", "--purpose", "sales", user="ann")
    refused = office.crm("callcenter", "dial", contact, code=1).err
    assert "call" in refused
    assert not asterisk.originated
    with office.app.read() as reader:
        assert not reader.rows(select(tables.call))
    assert office.json("policy", "log", contact)[0]["allowed"] is False
    by_number = office.crm("callcenter", "dial", "+8613800000008", code=1)  # it is theirs
    assert not asterisk.originated, by_number.out
    placed = office.json("callcenter", "dial", contact, "--purpose", "service")  # what they denied is sales
    assert placed["call_id"]
    assert len(asterisk.originated) == 1
    assert office.crm("callcenter", "dial", "+44 20 7946 0991", user="liu").out == "tel:+442079460991\n"
    assert office.crm("callcenter", "dial", "110", user="liu").out == "tel:110\n"
    asterisk.close()
    asterisk._ended = True
    failed = office.crm("callcenter", "dial", office.contacts[9], code=1).err
    assert failed.startswith("Error: HQ does not place the call: ")
    with office.app.read() as reader:
        last = reader.rows(select(tables.call.c.status, tables.call.c.reason).order_by(tables.call.c.id.desc()))[0]
    assert tuple(last) == ("ended", "failed")


def test_a_click_beside_a_call_that_was_dialled_by_hand_just_now_is_refused(office, asterisk):
    number = "+8613800000009"
    by_hand = CallEvent(
        system="asterisk", source="ami", call="1795.1", kind="begin", key="begin 1795.1", at=office.clock.now,
        caller=Party(number="201", device="PJSIP/201-00000001"), dialled=number, direction="out",
    )  # fmt: skip
    with office.app.transaction() as tx:
        take(tx, [Heard(events=(by_hand,))])
    refused = office.crm("callcenter", "dial", number, code=1).err
    assert f"Wang is calling {number} already." in refused
    assert not asterisk.originated
    assert call(office)["external_id"] == "1795.1"


def _event(name: str, at: float, uid: str, call_: str, **more: str) -> Message:
    return {
        "Event-Name": name, "Event-Date-Timestamp": str(int(at * 1e6)), "Unique-ID": uid, "Channel-Call-UUID": call_,
        **{key.replace("_", "-"): value for key, value in more.items()},
    }  # fmt: skip


def _heard(office, ears, done) -> list[str]:
    said: list[str] = []
    with ears.listening(office.app, said):
        ends = time.monotonic() + 20
        while not done():
            assert time.monotonic() < ends, said
            time.sleep(0.02)
    return said


def test_freeswitch_is_heard_over_its_event_socket(office, ears, monkeypatch, streams):
    at = office.clock.now.timestamp()
    caller = {"Caller_Caller_ID_Number": "+8613800000007"}
    leg = {"Channel_Name": "sofia/external/+8613800000007", "Call_Direction": "inbound", **caller,
           "Caller_Destination_Number": "02155501000"}  # fmt: skip
    rung = {"Channel_Name": "sofia/internal/201", "Call_Direction": "outbound", "Caller_Destination_Number": "201",
            "Caller_Callee_ID_Number": "201", "Other_Leg_Unique_ID": "a1", **caller}  # fmt: skip
    made = [
        _event("CHANNEL_CREATE", at, "a1", "a1", **leg, Answer_State="ringing"),
        _event("CHANNEL_CREATE", at + 1, "b1", "a1", **rung, Answer_State="ringing"),
        _event("CHANNEL_PROGRESS", at + 2, "b1", "a1", **rung, Answer_State="ringing"),
        _event("CHANNEL_ANSWER", at + 5, "b1", "a1", **rung, Answer_State="answered"),
        _event("CHANNEL_ANSWER", at + 5, "a1", "a1", **leg, Answer_State="answered"),
        _event("CHANNEL_BRIDGE", at + 5, "a1", "a1", **leg, Other_Leg_Unique_ID="b1", Bridge_A_Unique_ID="a1",
               Bridge_B_Unique_ID="b1"),
        _event("CHANNEL_HANGUP_COMPLETE", at + 65, "b1", "a1", **rung, Hangup_Cause="NORMAL_CLEARING"),
        _event("CHANNEL_HANGUP_COMPLETE", at + 65, "a1", "a1", **leg, Hangup_Cause="NORMAL_CLEARING"),
    ]  # fmt: skip
    server = FreeSwitch([*streams[-1], *made], stays=True)
    monkeypatch.setenv("ESL_PASSWORD", server.secret)
    office.crm("callcenter", "line", "add", "Branch", "--kind", "esl", "--address", server.address, "--password",
               "env:ESL_PASSWORD", "--dial", "user/{extension}", user="ann")  # fmt: skip

    def calls():
        c = tables.call.c
        columns = (c.external_id, c.status, c.direction, c.answered, c.talk_seconds, c.contact_id, c.reason)
        with office.app.read() as reader:
            return {row.external_id: tuple(row) for row in reader.rows(select(*columns))}

    _heard(office, ears, lambda: "a1" in calls() and calls()["a1"][1] == "ended")
    assert calls()["a1"] == ("a1", "ended", "in", True, 60, office.contacts[7], "completed")
    assert all(one[1] == "ended" for one in calls().values())
    office.crm("callcenter", "agent", "add", "Wang", "--user", "wang", "--extension", "201", user="ann")
    placed = office.json("callcenter", "dial", office.contacts[9])
    words = next(each for each in server.said_to_it if each.startswith("bgapi originate "))
    key = words.partition("origination_uuid=")[2].partition(",")[0]
    assert words.endswith("}user/201 +8613800000009 XML default")
    assert calls()[key][1:3] == ("ringing", "out")
    assert placed["line"] == "Branch"
    checked = office.crm("callcenter", "line", "check", "Branch", user="ann").out
    assert checked.startswith("Branch: FreeSWITCH; logged in within")
