"""Calls from files: counted, joined with what was heard of them, and taken back whole."""

from datetime import UTC, datetime

import pytest
from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.model.agent import CallAgent
from crmcore_callcenter.protocol.events import CallEvent, Heard, Party
from crmcore_callcenter.tables import call, call_key, callback, heard, leg
from sqlalchemy import select

from crmcore.api import tables

HEADINGS = (
    "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,"
    "accountcode,uniqueid,userfield,linkedid"
)
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SAM = Party(number="201", device="PJSIP/201-00000011")


def row(number, at, caller, seconds, talk, said, channel="PJSIP/201-00000011"):
    return (
        f"2026-11-23 {at},,{caller},201,ext-local,PJSIP/trunk-00000010,{channel},Dial,"
        f"PJSIP/201,{seconds},{talk},{said},3,,{number},,{number}"
    )


@pytest.fixture
def dump(office):
    """Returns all that is kept of calls, but for stamps."""

    def read():
        told = []
        with office.app.read() as reader:
            for table in (call, call_key, heard, leg, callback, tables.interaction, tables.participant):
                columns = [one for one in table.c if one.name not in ("version", "updated_at", "id")]
                told.append(sorted(repr(tuple(each)) for each in reader.rows(select(*columns))))
        return told

    return read


def test_a_file_completes_what_was_heard_and_can_be_taken_back(office, dump, tmp_path):
    with office.app.transaction(cause="a test") as tx:
        tx.add(CallAgent(name="Sam", user_id=office.users["sam"], extension="201"))
    about = {"system": "asterisk", "source": "ami", "call": "1795140000.1", "caller": Party(number="+8613800000007")}
    told = [
        CallEvent(kind=kind, key=kind, at=AT, dialled="201", target=SAM if kind != "begin" else None, **about)
        for kind in ("begin", "ring", "answer")
    ]
    with office.app.transaction(cause="a test") as tx:
        [key] = take(tx, [Heard(events=tuple(told))]).created
    before = dump()
    file = tmp_path / "Master.csv"
    rows = [
        row("1795140000.1", "10:00:00", "13800000007", 65, 60, "ANSWERED"),
        row("1795140000.2", "10:05:00", "13800000008", 12, 0, "NO ANSWER", "PJSIP/201-00000012"),
        row("1795140000.3", "10:06:00", "", 12, 4, "SURE"),
    ]
    file.write_text("\n".join([HEADINGS, *rows, ""]))
    done = office.json("import", file, "--format", "asterisk-cdr", user="ann")
    assert (done["created"], done["updated"], done["rejected"]) == (1, 1, 1)
    listed = office.json("callcenter", "call", "list", user="ann")
    assert [(one["from"], one["status"], one["answered"], one["seconds"]) for one in listed] == [
        ("13800000008", "ended", False, 12),
        ("+8613800000007", "ended", True, 65),
    ]
    assert listed[1]["id"] == key
    assert listed[0]["contact"]["id"] == office.contacts[8]
    again = office.json("import", file, "--format", "asterisk-cdr", user="ann")
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
    office.crm("import", "--undo", again["batch"], user="ann")
    undone = office.json("import", "--undo", done["batch"], user="ann")
    assert undone["kept"] == []
    assert dump() == before
    once_more = office.json("import", file, "--format", "asterisk-cdr", user="ann")
    spoken = office.json("callcenter", "call", "list", user="ann")[0]["interaction"]
    office.crm("interaction", "edit", spoken, "--text", "Wants a pump", user="ann")
    assert office.json("import", "--undo", once_more["batch"], user="ann")["kept"] != []
    office.crm("import", file, "--format", "asterisk-cdr", user="ann")
    assert office.json("callcenter", "call", "list", user="ann")[0]["interaction"] == spoken  # it stayed, and is found


def test_news_of_agents_are_counted_and_those_of_strangers_refused(office, tmp_path):
    with office.app.transaction(cause="a test") as tx:
        tx.add(CallAgent(name="Sam", user_id=office.users["sam"], extension="201"))
    file = tmp_path / "queue_log"
    news = ((1_795_140_000, "201", "PAUSE"), (1_795_140_060, "201", "UNPAUSE"), (1_795_140_070, "999", "PAUSE"))
    file.write_text("".join(f"{at}|NONE|NONE|PJSIP/{agent}|{what}|\n" for at, agent, what in news))
    done = office.json("import", file, "--format", "asterisk-queue-log", user="ann")
    assert (done["created"], done["rejected"]) == (2, 1)
    assert "999" in done["rejections"][0]["reason"]
    again = office.json("import", file, "--format", "asterisk-queue-log", user="ann")
    assert (again["created"], again["unchanged"]) == (0, 2)


def test_a_call_of_which_a_file_tells_no_end_is_over(office, tmp_path):
    headings = "eventtype,eventtime,cidname,cidnum,exten,context,channame,appname,appdata,uniqueid,linkedid,peer,extra"
    rows = [
        f"{kind},2026-11-20 10:00:0{place},,13800000007,201,ext-local,PJSIP/a-00000010,,,1795140000.1,1795140000.1,,"
        for place, kind in enumerate(("CHAN_START", "ANSWER"))
    ]
    file = tmp_path / "cel.csv"
    file.write_text("\n".join([headings, *rows, ""]))
    assert office.json("import", file, "--format", "asterisk-cel", user="ann")["created"] == 1
    [one] = office.json("callcenter", "call", "list", user="ann")
    assert (one["status"], one["reason"], one["from"]) == ("ended", "unknown", "13800000007")
