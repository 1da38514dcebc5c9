"""Numbers are dialled as a line's trunk takes them, and what is dialled so is heard as the number it is."""

import pytest
from crmcore_callcenter import tables
from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.listening.digits import dialled
from crmcore_callcenter.protocol.events import CallEvent, Heard, Party
from sqlalchemy import select

from crmcore.testing.asterisk_server import TelephoneSystem

HOME = {
    "CN": ("+862155550100", "02155550100", "00862155550100"),
    "DE": ("+493012345678", "03012345678", "00493012345678"),
    "US": ("+14155550100", "14155550100", "01114155550100"),
    "IT": ("+390612345678", "0612345678", "00390612345678"),
    "RU": ("+74951234567", "84951234567", "81074951234567"),
    "BR": ("+552112345678", "2112345678", "00552112345678"),  # which network one chooses is the dialplan's
}
LONDON = "+442079460991"
ABROAD = {"US": "011442079460991", "RU": "810442079460991"}


@pytest.mark.parametrize("region", HOME)
def test_a_number_is_written_as_its_line_dials(region):
    number, national, international = HOME[region]
    for said in (number, f"{number};ext=12"):
        assert dialled(said, dial_as="e164", prefix="", region=region) == number
        assert dialled(said, dial_as="international", prefix="", region=region) == international
        assert dialled(said, dial_as="national", prefix="", region=region) == national
        assert dialled(said, dial_as="national", prefix="9", region=region) == f"9{national}"
    for way in ("national", "international"):
        assert dialled(LONDON, dial_as=way, prefix="0", region=region) == "0" + ABROAD.get(region, "00442079460991")
        assert dialled("110", dial_as=way, prefix="0", region=region) == "110"
    assert dialled(LONDON, dial_as="international", prefix="0", region="") == "000442079460991"


@pytest.fixture
def asterisk(office, monkeypatch):
    system = TelephoneSystem([], stays=True)
    monkeypatch.setenv("ASTERISK_SECRET", system.secret)
    office.crm("callcenter", "line", "add", "HQ", "--kind", "ami", "--address", system.address, "--login", system.login,
               "--password", "env:ASTERISK_SECRET", "--dial", "PJSIP/{extension}", user="ann")  # fmt: skip
    office.crm("callcenter", "agent", "add", "Wang", "--user", "wang", "--extension", "201", "--line", "HQ", user="ann")
    yield system
    system.close()


def test_a_line_says_how_its_numbers_are_dialled(office, asterisk):
    edit, show = ("callcenter", "line", "edit", "HQ"), ("callcenter", "line", "show", "HQ")
    for wrong, why in (("0 1x", "“01x” cannot be dialled"), ("0", "A prefix is dialled before digits, not before +")):
        assert why in office.crm(*edit, "--dial-prefix", wrong, user="ann", code=1).err
    told = office.json(*edit, "--dial-as", "national", "--dial-prefix", "0", user="ann")
    assert (told["dial_as"], told["dial_prefix"]) == ("national", "0")
    assert "national" in office.crm(*show).out
    placed = office.json("callcenter", "dial", office.contacts[7])
    assert placed["number"] == "+8613800000007"
    office.crm("callcenter", "dial", "021 5555 0100")
    office.crm("callcenter", "dial", LONDON)
    office.crm("callcenter", "dial", "110")
    assert [one["exten"] for one in asterisk.originated] == [
        "013800000007", "002155550100", "000442079460991", "110"
    ]  # fmt: skip


def heard(office, number, source, call, **more):
    """Take in that 201 calls a number, dialled as it is written; return the call's id, and its row."""
    given = {"system": "asterisk", "source": source, "call": call, "at": office.clock.now, "dialled": number, **more}
    event = CallEvent(kind="begin", key="begin", caller=Party(number="201", device="PJSIP/201-00000001"), **given)
    with office.app.transaction(cause="a test") as tx:
        taken = take(tx, [Heard(events=(event,))])
        c = tables.call.c
        columns = (c.direction, c.to_number, c.to_normal, c.contact_id)
        [key] = taken.created or taken.changed
        return key, tuple(tx.first(select(*columns).where(c.id == key)))


def test_what_a_line_has_dialled_first_is_no_part_of_the_number(office, asterisk):
    office.crm("callcenter", "line", "edit", "HQ", "--dial-as", "national", "--dial-prefix", "0", user="ann")
    contact = office.contacts[7]
    key, told = heard(office, "013800000007", "ami", "1.1")
    assert told == ("out", "13800000007", "+8613800000007", contact)
    assert heard(office, "13800000007", "cdr", "2.1")[0] == key  # a log that has it without
    office.clock.advance(minutes=1)
    placed = office.json("callcenter", "dial", contact)
    [told] = [one["channelid"] for one in asterisk.originated]
    key, told = heard(office, "013800000007", "ami", told)
    assert (key, told[1:]) == (placed["call_id"], ("13800000007", "+8613800000007", contact))
    office.clock.advance(minutes=1)
    assert heard(office, "000442079460991", "ami", "3.1")[1][1:3] == ("00442079460991", LONDON)
    assert heard(office, "0201", "ami", "4.1")[1][:2] == ("internal", "0201")
    theirs = {"caller": Party(number="+8613800000007"), "dialled": "02155550100"}
    event = CallEvent(system="asterisk", source="ami", call="5.1", kind="begin", key="b", at=office.clock.now, **theirs)
    with office.app.transaction(cause="a test") as tx:
        [key] = take(tx, [Heard(events=(event,))]).created
        c = tables.call.c
        assert tuple(tx.first(select(c.direction, c.to_number).where(c.id == key))) == ("in", "02155550100")
