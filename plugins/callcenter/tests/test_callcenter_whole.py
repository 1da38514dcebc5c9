"""The plugin as a whole: merging and taking back, erasing, searching, who sees what, counted statements, its JSON."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.model.agent import Callback, CallQueue
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.model.outbound import ListEntry, ScriptRun
from crmcore_callcenter.protocol.events import CallEvent, Heard, Party
from crmcore_callcenter.tables import metadata
from sqlalchemy import select

from crmcore.api import tables
from crmcore.testing.statements import executed_anywhere

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
TEA = "mag grünen Tee"
LINE = "4008001000"
NOUNS = ("call", "queue", "agent", "wrap-code", "callback", "list", "script", "line")
CALL = {
    "id", "external_ids", "direction", "from", "to", "answered", "talked_to", "started_at", "seconds", "talk_seconds",
    "transfers", "queue", "abandoned", "interaction",
}  # fmt: skip
DEPARTMENT = """
[role.marketing]
read = "all"
write = "own"
hide = [
  "callcenter_call.from_number", "callcenter_call.from_normal", "callcenter_call.recording",
  "callcenter_script_run.answers", "interaction.subject", "interaction.body",
]
"""


def a_call(place, number, source="post", begin=AT, **more):
    """Return what is heard of a call of two minutes, or of one that was given up."""
    key, caller = f"c{place}", Party(number=number, name=f"Caller {place}")
    told = {"system": "office", "source": source, "call": key, "caller": caller, "dialled": LINE}
    events = [
        CallEvent(**told, kind="begin", key="1", at=begin),
        CallEvent(**told, kind="queue", key="2", at=begin, queue="Hotline"),
    ]
    if more.get("abandoned"):
        events += [
            CallEvent(**told, kind="abandon", key="3", at=begin + timedelta(seconds=40), queue="Hotline"),
            CallEvent(**told, kind="hangup", key="4", at=begin + timedelta(seconds=40), reason="cancelled"),
        ]
    else:
        target = Party(number="201", device="PJSIP/201")
        events += [
            CallEvent(**told, kind="ring", key="3", at=begin + timedelta(seconds=5), target=target),
            CallEvent(**told, kind="answer", key="4", at=begin + timedelta(seconds=9), target=target),
            CallEvent(
                **told, kind="recording", key="5", at=begin + timedelta(seconds=9), url=f"https://r.example/{key}"
            ),
            CallEvent(**told, kind="hangup", key="6", at=begin + timedelta(seconds=129), reason="completed"),
        ]
    return Heard(events=tuple(events))


@pytest.fixture
def busy(office):
    """Everything that the call centre keeps of people, of the first six customers."""
    crm = office.crm
    crm("callcenter", "queue", "add", "Hotline", "--number", LINE, user="ann")
    crm("callcenter", "agent", "add", "wang", "--user", "wang", "--extension", "201", user="ann")
    crm("callcenter", "queue", "member", "add", "Hotline", "wang", user="ann")
    crm("callcenter", "wrap-code", "add", "Solved", "--means", "resolved", user="ann")
    crm("callcenter", "line", "add", "office", "--kind", "post", "--password", "env:KEY", user="ann")
    crm("callcenter", "script", "add", "Fair", "--question", "need=What do you need?", user="ann")
    people = [word for place in range(6) for word in ("--contact", office.staff[place][0])]
    crm("callcenter", "list", "add", "After the fair", "--script", "Fair", *people, user="ann")
    office.numbers = [
        office.json("contact", "show", office.staff[n][0], user="ann")["points"][1]["value"] for n in range(6)
    ]
    with office.at(AT + timedelta(minutes=5), user="ann") as tx:
        take(tx, [a_call(place, number) for place, number in enumerate(office.numbers)])
        later = AT + timedelta(minutes=2)
        take(tx, [a_call(f"x{n}", number, begin=later, abandoned=True) for n, number in enumerate(office.numbers)])
    for place in range(6):
        crm("callcenter", "script", "run", "Fair", office.staff[place][0], "--answer", f"need=tea {TEA}", user="ann")
        crm("callcenter", "wrap", f"c{place}", "Solved", "--note", f"{TEA} {place} kommt", user="wang")
    return office


def everything(office):
    """Return all rows of the call centre, without the count of how often each was written."""
    with office.app.engine.connect() as connection:
        return {
            table.name: sorted(
                repr([value for name, value in row.items() if name not in ("version", "updated_at")])
                for row in connection.execute(select(table)).mappings()
            )
            for table in metadata.sorted_tables
        }


def figures(office):
    """Return what is told of calls as sums."""
    names = [one["name"] for one in office.json("metric", "list", user="ann") if one["plugin"] == "callcenter"]
    names.remove("callcenter.callbacks_open")  # who is gone is not called back
    return (
        [(name, office.json("metric", "show", name, user="ann")["rows"]) for name in names],
        office.json("callcenter", "report", "--from", "2026-11-01", "--until", "2026-11-30", user="mei"),
    )


def test_a_merge_takes_calls_along_and_back(busy):
    office, before = busy, everything(busy)
    for kind, one, other in (
        ("contact", office.staff[0][0], office.staff[1][0]), ("customer", *office.customers[:2]),
    ):  # fmt: skip
        office.crm(kind, "merge", one, other, user="ann")
        assert len(office.json("callcenter", "call", "list", f"--{kind}", one, user="ann")) == 4
        assert everything(office) != before
        office.crm(kind, "unmerge", other, user="ann")
        now = everything(office)
        assert {n: set(before[n]) ^ set(now[n]) for n in now if now[n] != before[n]} == {}


def test_an_erased_person_is_gone_from_calls_and_sums_stay(busy):
    office, person, number = busy, busy.staff[0][0], busy.numbers[0]
    name = office.json("contact", "show", person)["name"]
    theirs = office.json("callcenter", "call", "list", "--contact", person, user="ann")
    before = figures(office)
    office.crm("erase", person, "--yes", user="mei")
    now = figures(office)
    assert now == before, [(a, b) for a, b in zip(before[0], now[0], strict=True) if a != b]

    def told():
        with office.app.engine.connect() as connection:
            rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table)).mappings()]
            ids = [one["id"] for one in theirs]
            journal = connection.execute(
                select(tables.journal.c.data).where(tables.journal.c.subject_id.in_(ids))
            ).all()
        return [str(row) for row in rows] + [str(row) for row in journal]

    signs = (number, number.removeprefix("+"), name, f"{TEA} 0", "Caller 0", "r.example/c0")
    assert [line for line in told() if any(sign in line for sign in signs)] == []
    assert sum("r.example" in line for line in told()) > 4
    assert office.json("callcenter", "call", "show", theirs[0]["id"], user="ann")["contact"] is None

    # The log of the telephone system comes later: it tells of the call that is known, and brings nobody back.
    with office.at(office.clock.now, user="ann") as tx:
        take(tx, [a_call(0, number, source="cdr"), a_call(0, number)])
    assert [line for line in told() if any(sign in line for sign in signs)] == []
    assert len(office.json("callcenter", "call", "list", "--limit", 100, user="ann")) == 12


def test_what_was_said_is_found_and_calls_are_on_the_page(busy):
    hits = busy.json("search", f"{TEA} 3", user="ann")
    assert {(hit["entity"], hit["id"]) for hit in hits} >= {
        ("interaction", one["interaction"]) for one in busy.json("callcenter", "call", "list", "--contact",
                                                                 busy.staff[3][0], user="ann") if one["answered"]
    }  # fmt: skip
    page = busy.json("brief", busy.staff[3][0], "--timeline", user="ann")
    assert {one["kind"] for one in page["entries"]} >= {"call ←"}
    assert "Calls" in busy.crm("brief", busy.staff[3][0], user="ann").out


def test_marketing_sees_that_there_was_a_call_and_not_what_was_said(busy, tmp_path):
    """S1-19 for calls: a department has the facts it needs and no others."""
    office = busy
    (tmp_path / "roles.toml").write_text(DEPARTMENT, encoding="utf-8")
    office.crm("config", "apply", tmp_path / "roles.toml", user="ann")
    office.crm("user", "add", "mia", "--role", "marketing", user="ann")
    listed = office.json("callcenter", "call", "list", "--customer", office.customers[0], user="mia")
    answered = next(one for one in listed if one["answered"])
    assert (answered["from"], answered["recording"], answered["talk_seconds"]) == ("", "", 120)
    for command in (
        ("callcenter", "call", "show", answered["id"]), ("callcenter", "call", "list"), ("callcenter", "report"),
        ("brief", office.customers[0]), ("search", TEA), ("history", answered["id"]), ("callcenter", "board", "--once"),
    ):  # fmt: skip
        shown = office.crm(*command, user="mia")
        assert TEA not in shown.out, command
        assert "r.example" not in shown.out, command
    assert "r.example" in office.crm("callcenter", "call", "show", answered["id"], user="ann").out


def test_who_leaves_hands_lists_over_and_the_calls_stay_theirs(busy):
    office = busy
    office.crm("callcenter", "list", "edit", "After the fair", "--owner", "wang", user="ann")
    period = ("--from", "2026-11-01", "--until", "2026-11-30")
    before = office.json("callcenter", "report", "--by", "agent", *period, user="ann")
    office.crm("user", "deactivate", "wang", "--successor", "liu", user="ann")
    assert office.json("callcenter", "list", "show", "After the fair", user="ann")["owner"] == "liu"
    assert office.json("callcenter", "report", "--by", "agent", *period, user="ann") == before


def test_every_noun_lists_and_shows_as_json(busy):
    office = busy
    for noun in NOUNS:
        listed = office.json("callcenter", noun, "list", user="ann")
        assert listed, noun
        shown = office.json("callcenter", noun, "show", listed[0]["id"], user="ann")
        assert listed[0].keys() - shown.keys() == set(), noun
    calls = office.json("callcenter", "call", "list", "--limit", 100, user="ann")
    assert all(one.keys() >= CALL for one in calls)
    assert (len(calls), len({one["interaction"] for one in calls})) == (12, 12)
    first = office.json("callcenter", "call", "show", "c0", user="ann")
    wanted = {
        "direction": "in", "from": office.numbers[0], "to": LINE, "answered": True, "talked_to": ["201"],
        "seconds": 129, "talk_seconds": 120, "transfers": 0, "abandoned": False, "external_ids": ["c0"],
    }  # fmt: skip
    assert {name: first[name] for name in wanted} == wanted


LISTS = (
    ("call", "list"), ("call", "list", "--abandoned"), ("queue", "list"), ("agent", "list"), ("callback", "list"),
    ("list", "list"), ("list", "report", "After the fair"), ("script", "list"), ("line", "list"), ("report",),
    ("report", "--by", "agent"), ("board", "--once"), ("wrap-code", "list"), ("ring",),
)  # fmt: skip
NOTES = ("hook_time", "finding", "BEGIN")
"""Words of the host's own notes, which come where time was short, and of what begins a transaction."""


def test_what_is_listed_asks_as_often_for_many_as_for_few(busy):
    office = busy

    def asked():
        found = {}
        for each in (*LISTS, ("call", "show", "c1")):
            with executed_anywhere(*NOTES) as executed:
                office.crm("callcenter", *each, "--json", user="wang")
            found[each] = Counter(executed)
        for party in (office.customers[0], office.staff[0][0]):
            with executed_anywhere(*NOTES) as executed:
                office.crm("brief", party, "--json", user="ann")
            found["brief", party] = Counter(executed)
        return found

    asked()  # what is kept for the next command is kept now
    counts = asked()
    who = {"contact_id": office.staff[0][0], "customer_id": office.customers[0]}
    with office.app.read() as reader:
        lists = reader.value(select(metadata.tables["callcenter_calling_list"].c.id))
    many = [
        Call(started_at=AT + timedelta(minutes=n), system="o", external_id=f"m{n}", direction="in", status="ended",
             from_normal=office.numbers[0], ended_at=AT + timedelta(minutes=n + 1), answered=n % 2 == 0, **who)
        for n in range(40)
    ]  # fmt: skip
    office.insert(*many, *(CallQueue(name=f"Q{n}", code=f"q{n}") for n in range(10)))
    office.insert(
        *(Callback(asked_at=AT, due_at=AT, number=str(n), normal=f"+86139{n:08}", **who) for n in range(40)),
        *(ListEntry(list_id=lists, contact_id=office.staff[n + 50][0]) for n in range(40)),
        *(ScriptRun(at=AT, list_id=lists, answers={"need": "tea"}, **who) for _n in range(40)),
    )
    again = asked()
    assert {each: again[each] - counts[each] for each in again if again[each].total() > counts[each].total()} == {}
