"""Click-to-call: asked of policy at that moment, written before the telephone system knows it, heard as one call."""

import time

import pytest
from crmcore_callcenter import tables
from sqlalchemy import select

from crmcore.testing.asterisk_server import TelephoneSystem


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
    asterisk.close()
    asterisk._ended = True
    failed = office.crm("callcenter", "dial", office.contacts[9], code=1).err
    assert failed.startswith("Error: HQ does not place the call: ")
    with office.app.read() as reader:
        last = reader.rows(select(tables.call.c.status, tables.call.c.reason).order_by(tables.call.c.id.desc()))[0]
    assert tuple(last) == ("ended", "failed")
