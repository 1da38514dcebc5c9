"""Calls from files: counted, joined with what was heard of them, and taken back whole."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.model.agent import CallAgent, Callback, WrapCode
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.model.outbound import CallScript, ScriptRun
from crmcore_callcenter.protocol.events import CallEvent, Heard, Party
from crmcore_callcenter.tables import call, call_key, callback, heard, leg, presence, presence_call, script_run
from sqlalchemy import func, select

from crmcore.api import Interaction, Participant, tables

HEADINGS = (
    "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,"
    "accountcode,uniqueid,userfield,linkedid"
)
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SAM = Party(number="201", device="PJSIP/201-00000011")
KEPT = (
    call, call_key, heard, leg, callback, script_run, presence, presence_call, tables.interaction, tables.participant,
    tables.task,
)  # fmt: skip


def row(number, at, caller, seconds, talk, said, channel="PJSIP/201-00000011"):
    return (
        f"2026-11-23 {at},,{caller},201,ext-local,PJSIP/trunk-00000010,{channel},Dial,"
        f"PJSIP/201,{seconds},{talk},{said},3,,{number},,{number}"
    )


@pytest.fixture
def dump(office):
    """Returns all that is kept of calls, but for stamps; of the rest what came since."""
    with office.app.read() as reader:
        last = max(reader.value(select(func.max(each.c.id))) or 0 for each in (tables.interaction, tables.contact))

    def read():
        kept = {}
        with office.app.read() as reader:
            for table in KEPT:
                columns = [one for one in table.c if one.name not in ("version", "updated_at", "id")]
                of = table.c.interaction_id if table is tables.participant else table.c.id
                rows = reader.rows(select(*columns).where(of > last))
                kept[table.name] = sorted(repr(tuple(each)) for each in rows)
        return kept

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


JOINING = Path(__file__).parents[1] / "data" / "cdr" / "freepbx.csv"
"""A log that tells that the second of the two calls went on in the first: sam asked wang, who got the caller."""


def told(call, caller, to, seconds):
    """Tell of a call to one of us, heard over the network."""
    target = Party(number=to, device=f"PJSIP/{to}-000000{to[1:]}")
    begun = datetime.fromtimestamp(float(call), UTC)
    return Heard(
        events=tuple(
            CallEvent(
                system="asterisk", source="ami", call=call, caller=Party(number=caller), dialled="02161234567",
                kind=kind, key=kind, at=begun + timedelta(seconds=after), target=target if after else None,
            )
            for kind, after in (("begin", 0), ("ring", 1), ("answer", 5), ("hangup", seconds))
        )
    )  # fmt: skip


@pytest.fixture
def two(office):
    """The ids of two calls that were heard of, and of which something came before a log joins them."""
    with office.app.transaction(cause="a test") as tx:
        tx.add(CallAgent(name="Sam", user_id=office.users["sam"], extension="202"))
        tx.add(CallAgent(name="Wang", user_id=office.users["wang"], extension="205"))
        tx.add(WrapCode(name="Solved", code="solved"))
        script = tx.add(CallScript(name="Ask", code="ask")).id
    with office.app.transaction(cause="a test") as tx:
        heard_of = [told("1795140000.16", "13800138000", "202", 120), told("1795140120.22", "202", "205", 10)]
        one, other = take(tx, heard_of).created
    office.crm("callcenter", "wrap", one, "Solved", "--note", "Asks for a valve", user="sam")
    office.crm("callcenter", "wrap", other, "--note", "Wants a zeppelin; to do: send papers by Friday", user="sam")
    with office.app.transaction(cause="a test") as tx:
        tx.add(Callback(asked_at=AT, due_at=AT, call_id=other, number="8", normal="8", source="test"))
        tx.add(ScriptRun(at=AT, script_id=script, call_id=other))
    return one, other


@pytest.mark.parametrize("spoken", ["both", "second"])
def test_what_a_file_joined_is_parted_when_it_is_taken_back(office, dump, two, spoken):
    one, other = two
    if spoken == "second":
        with office.app.transaction(cause="a test") as tx:
            gone = tx.get(Interaction, tx.get(Call, one).interaction_id)
            for part in tx.load(Participant, tables.participant.c.interaction_id == gone.id):
                tx.remove(part)
            tx.remove(gone)
    before, found = dump(), office.json("search", "zeppelin", user="ann")
    assert found
    for _each in range(2):
        done = office.json("import", JOINING, "--format", "asterisk-cdr", user="ann")
        assert (done["created"], done["rejected"]) == (3, 0)
        shown = office.json("callcenter", "call", "show", one, user="ann")
        assert (shown["transfers"], shown["talked_to"]) == (1, ["202", "205"])
        assert "There is no call" in office.crm("callcenter", "call", "show", other, user="ann", code=1).err
        undone = office.json("import", "--undo", done["batch"], user="ann")
        assert undone["kept"] == []
        assert dump() == before
    assert office.json("search", "zeppelin", user="ann") == found


def test_what_went_on_in_another_call_since_is_not_taken_back(office, dump, two):
    one, other = two
    done = office.json("import", JOINING, "--format", "asterisk-cdr", user="ann")
    third = told("1795140010.1", "13800138000", "202", 200)
    at = third.events[0].at + timedelta(seconds=150)
    on = evolve(third.events[0], kind="transfer", key="on", at=at, how="attended", joins="1795140000.16")
    with office.app.transaction(cause="a test") as tx:
        take(tx, [third])
    with office.app.transaction(cause="a test") as tx:
        take(tx, [Heard(events=(on,))])
    assert "There is no call" in office.crm("callcenter", "call", "show", one, user="ann", code=1).err
    before = dump()
    refused = office.crm("import", "--undo", done["batch"], user="ann", code=1).err
    assert f"This import made calls {one} and {other} one, which went on in another call since" in refused
    assert dump() == before


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
