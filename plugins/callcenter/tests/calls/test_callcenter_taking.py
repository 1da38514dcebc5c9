"""What is heard of calls becomes calls, each once: whoever tells, in whatever order, and however often."""

import random
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from crmcore_callcenter.calls.belonging import belongs
from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.calls.views import events, views
from crmcore_callcenter.model.agent import CallAgent
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.protocol.events import CallEvent, Heard, Party
from crmcore_callcenter.tables import call, call_key, heard, leg
from sqlalchemy import func, select

from crmcore.api import Contact, ContactPoint, Position, tables
from crmcore.testing.statements import Statements

TELLER = Path(__file__).with_name("teller.py")
sys.path.insert(0, str(TELLER.parent))
from teller import BEGIN, calls, event  # noqa: E402 # it lies beside this file

_OWN = {"id", "version", "created_at", "updated_at", "interaction"}


@pytest.fixture
def agents(office):
    """Agents at the extensions 201 and 203."""
    with office.app.transaction(cause="a test") as tx:
        for login, extension in (("sam", "201"), ("mei", "203")):
            tx.add(CallAgent(name=login, user_id=office.users[login], extension=extension))


@pytest.fixture
def taken(office, agents):
    """Takes in events, all in one transaction."""

    def do(*told):
        by_call = {}
        for one in told:
            by_call.setdefault((one.system, one.source, one.call), []).append(one)
        with office.app.transaction(cause="a test") as tx:
            return take(tx, [Heard(events=tuple(each)) for each in by_call.values()])

    return do


@pytest.fixture
def found(office):
    """Returns what calls there are, by one of their ids, without what differs from one writing to the next."""

    def look(whole=False):
        with office.app.read() as reader:
            there = views(reader, select(call.c.id))
        if whole:
            return there
        told = {}
        for one in there:
            values = {name: getattr(one, name) for name in type(one).__slots__ if name in one.__annotations__}
            told[one.external_ids[0]] = {name: value for name, value in values.items() if name not in _OWN}
        return told

    return look


def count(office, table):
    with office.app.read() as reader:
        return reader.value(select(func.count()).select_from(table))


def spoken(office, one):
    """Return the interaction of a call, and who took part in it: (role, contact, user)."""
    i, p = tables.interaction.c, tables.participant.c
    with office.app.read() as reader:
        record = reader.first(select(tables.interaction).where(i.id == one.interaction))
        parts = reader.rows(select(p.role, p.contact_id, p.user_id).where(p.interaction_id == one.interaction))
    return record, sorted(tuple(part) for part in parts)


def talk(number="17.1", begin=0, **more):
    """Return the events of a call that waits in a queue, is answered at 201 after 7 s, and ends after a minute."""
    return [
        event(number, "begin", begin, **more),
        event(number, "queue", begin + 1, queue="sales", **more),
        event(number, "ring", begin + 2, target="201", **more),
        event(number, "answer", begin + 7, target="201", **more),
        event(number, "hangup", begin + 60, reason="completed", **more),
    ]


def test_a_call_is_on_the_timeline_from_the_first_ring_and_complete_at_its_end(office, taken, found):
    told = talk()
    rang = taken(*told[:3])
    assert rang.created == rang.rang != ()
    [one] = found(whole=True)
    record, parts = spoken(office, one)
    assert (one.status, one.contact.id, one.agent, one.seconds) == ("ringing", office.contacts[7], "sam", None)
    assert (record.direction, record.at, record.status, record.seconds) == ("in", BEGIN, "ringing", None)
    assert parts == [("caller", office.contacts[7], None)]
    assert taken(*told[:3]).unchanged == rang.created
    assert taken(*told[3:]).changed == rang.created
    [one] = found(whole=True)
    record, parts = spoken(office, one)
    assert (one.status, one.answered, one.seconds, one.talk_seconds) == ("ended", True, 60, 53)
    assert (one.talked_to, one.queue, one.wait_seconds) == (["201"], "sales", 6)
    assert (record.status, record.seconds, record.subject) == ("answered", 53, "sales: sam")
    assert parts == [("callee", None, office.users["sam"]), ("caller", office.contacts[7], None)]
    assert taken(*told).unchanged == rang.created
    assert (count(office, heard), count(office, leg), count(office, call_key)) == (5, 1, 1)


@pytest.mark.parametrize("seed", [1, 2])
def test_order_and_repetition_do_not_matter(office, taken, found, seed):
    chance = random.Random(seed)  # noqa: S311 # chance, not secrecy
    told = calls(3) * 2
    chance.shuffle(told)
    while told:
        some = chance.randrange(1, 6)
        taken(*told[:some])
        told = told[some:]
    piecemeal = found()
    assert len(piecemeal) == 3
    for place in range(3):
        one = piecemeal[f"17.{place}"]
        assert (one["talk_seconds"], one["hold_seconds"], one["wait_seconds"]) == (15, 2, 4)
    taken(*calls(3))
    assert found() == piecemeal


def cdr(number, begin, seconds, *, system="asterisk", caller="+8613800000007", source="cdr", dialled="+862155550000"):
    """Return what another source tells of a call: when it began and ended, and where it was recorded."""
    about = {"source": source, "system": system, "caller": Party(number=caller), "dialled": dialled}
    return [
        CallEvent(call=number, kind=kind, key=kind, at=BEGIN + timedelta(seconds=at), **about, **more)
        for kind, at, more in (
            ("begin", begin, {}),
            ("recording", begin + 1, {"url": f"https://pbx.example/{number}.wav"}),
            ("hangup", begin + seconds, {"reason": "completed"}),
        )
    ]


def test_the_same_call_from_two_sources_is_one(office, taken, found):
    made = taken(*talk("17.1"), *talk("17.2", begin=100)[:3]).created
    assert taken(*cdr("17.1", 0, 61)).changed == made[:1]  # by its id
    assert taken(*cdr("anon-1", 101, 31)).changed == made[1:]  # by its numbers, and when it began
    assert taken(*cdr("c9", 1, 60, system="carrier")).changed == made[:1]
    assert taken(*talk("17.1"), *cdr("c9", 1, 60, system="carrier")).unchanged == made[:1]
    assert len(taken(*cdr("anon-2", 104, 31)).created) == 1  # that is four seconds later
    assert len(taken(*talk("17.3", begin=1)).created) == 1  # the same source knows them apart
    assert len(taken(*cdr("c8", 1, 20, system="trunk")).created) == 1  # which of two it is nobody knows
    one, other = (each for each in reversed(found(whole=True)) if each.id in made)
    assert (one.seconds, one.recording) == (60, "https://pbx.example/17.1.wav")
    assert set(one.external_ids) == {"17.1", "c9"}
    assert (other.status, other.seconds, other.answered) == ("ended", 32, False)  # the stream did not hear its end
    both = taken(*talk("18.1", begin=5_000), *cdr("c18", 5_001, 60, system="carrier"))
    assert len(both.created) == 1


def test_a_consultation_goes_on_in_the_call_that_gets_the_colleague(office, taken, found):
    first = talk("17.1")[:4]
    inside = {"caller": Party(number="201"), "dialled": "203"}
    asked = [
        event("17.5", "begin", 20, **inside),
        event("17.5", "ring", 21, target="203", **inside),
        event("17.5", "answer", 24, target="203", **inside),
    ]
    hung = event("17.5", "hangup", 31, reason="completed", **inside)
    colleague = Party(number="203", device="PJSIP/203-17.5")
    passed = event(
        "17.1", "transfer", 30, how="attended", joins="17.5", by=Party(number="201", device="PJSIP/201-17.1")
    )
    end = event("17.1", "hangup", 60, reason="completed")
    made = taken(*first, *asked).created
    assert len(made) == 2
    main, consulting = reversed(found(whole=True))
    assert (consulting.direction, consulting.interaction, consulting.status) == ("internal", None, "talking")
    taken(hung)
    consulting = found(whole=True)[0]
    assert consulting.interaction is not None  # it may have been all there was to it
    with office.app.transaction(cause="a test") as tx:
        record = tx.get(Call, consulting.id)
        record.wrapped_at = tx.now
    from attrs import evolve

    assert taken(evolve(passed, target=colleague), end).changed == (main.id,)
    [one] = found(whole=True)
    assert (one.id, one.transfers, one.talked_to, one.talk_seconds) == (main.id, 1, ["201", "203"], 53)
    assert [(each.number, each.transfer, each.answered) for each in one.legs] == [
        ("201", "", True),
        ("203", "attended", True),
    ]
    assert (one.from_number, one.wrapped_at is not None, set(one.external_ids)) == (
        "+8613800000007",
        True,
        {"17.1", "17.5"},
    )
    assert spoken(office, consulting)[0] is None
    record, parts = spoken(office, one)
    assert record.subject == "sales: sam → mei"
    assert {user for _role, _contact, user in parts if user} == {office.users["sam"], office.users["mei"]}
    assert taken(*first, *asked, hung, evolve(passed, target=colleague), end).unchanged == (main.id,)


def test_somebody_who_gives_up_a_call_out_and_one_within_the_house(office, taken, found):
    inside = {"caller": Party(number="201")}
    taken(*talk("1", begin=0)[:3])
    assert found()["1"]["agent"] == "sam"  # whose telephone rings
    taken(
        event("1", "abandon", 35, queue="sales"),
        event("1", "hangup", 35, reason="cancelled"),
        event("2", "begin", 100, dialled="13800000011", **inside),
        event("2", "ring", 101, target="13800000011", dialled="13800000011", **inside),
        event("2", "hangup", 120, reason="busy", dialled="13800000011", **inside),
        event("3", "begin", 200, dialled="203", **inside),
        event("3", "answer", 204, target="203", dialled="203", **inside),
    )
    gave_up, out, within = reversed(found(whole=True))
    assert (gave_up.abandoned, gave_up.answered, gave_up.wait_seconds, gave_up.talk_seconds) == (True, False, 34, 0)
    assert gave_up.agent == ""
    assert (out.direction, out.answered, out.reason, out.agent, out.contact.id) == (
        "out",
        False,
        "busy",
        "sam",
        office.contacts[11],
    )
    record, parts = spoken(office, out)
    assert (record.direction, record.user_id) == ("out", office.users["sam"])
    assert parts == [("callee", office.contacts[11], None), ("caller", None, office.users["sam"])]
    assert (within.direction, within.interaction, within.contact) == ("internal", None, None)
    assert spoken(office, gave_up)[0].subject == "sales: abandoned after 35 s"


def test_several_who_have_the_number_and_what_somebody_says(office, taken, found):
    number, firm = "+862163330000", office.customers[3]
    people = [Contact(name=f"Clerk {place}") for place in range(2)]
    office.insert(*people)
    office.insert(
        *(Position(contact_id=one.id, customer_id=firm) for one in people),
        *(ContactPoint(contact_id=one.id, kind="phone", value=number, normal=number) for one in people),
    )
    told = talk("17.1", caller=Party(number=number))
    [key] = taken(*told[:3]).created
    [one] = found(whole=True)
    assert (one.contact, one.customer.id, one.matches) == (None, firm, 2)
    with office.app.transaction(cause="a test") as tx:
        belongs(tx, tx.get(Call, key), people[1].id)
    taken(*told)
    [one] = found(whole=True)
    assert (one.contact.id, one.customer.id, one.matches) == (people[1].id, firm, 0)
    assert spoken(office, one)[0].contact_id == people[1].id


def test_an_erased_person_does_not_come_back_with_what_is_heard_later(office, taken, found):
    told = talk()
    taken(*told)
    office.crm("erase", office.contacts[7], "--yes", user="ann")
    assert taken(*cdr("17.1", 0, 61)).changed
    [one] = found(whole=True)
    assert (one.from_number, one.contact, one.recording, one.talk_seconds) == ("", None, "", 53)
    with office.app.read() as reader:
        assert all(each.data == {} for each in events(reader, one.id))


def test_a_call_goes_on_and_ends_when_somebody_is_erased_meanwhile(office, taken, found):
    told, other = talk(), talk("18.1", begin=100, caller=Party(number="+8613800000008"))
    lost = talk("19.1", begin=200, caller=Party(number="+8613800000009"))[:3]
    taken(*told[:4], *other[:3], *lost, event("19.1", "abandon", 230, queue="sales"))
    for place in (7, 8, 9):
        office.crm("erase", office.contacts[place], "--yes", user="ann")
    gave_up = event("18.1", "hangup", 130, reason="cancelled")
    taken(event("17.1", "hold", 20), told[4], gave_up, event("19.1", "hangup", 230, reason="cancelled"))
    talked, waited, left = reversed(found(whole=True))
    assert (talked.status, talked.answered, talked.seconds, talked.talk_seconds) == ("ended", True, 60, 53)
    for one in (waited, left):
        assert (one.status, one.answered, one.abandoned, one.seconds, one.talk_seconds) == ("ended", False, True, 30, 0)
    assert {one.contact for one in (talked, waited, left)} == {None}
    assert {one.from_number for one in (talked, waited, left)} == {""}
    assert [spoken(office, one)[0].status for one in (talked, waited)] == ["answered", "abandoned"]
    assert office.json("callcenter", "callback", "list", user="ann") == [], "nobody can call them back"
    assert office.json("callcenter", "board", user="ann")["calls"] == []


def test_two_who_hear_of_a_call_at_once_have_one_call(office, agents, found):
    told = talk()
    done = []

    def other():
        with office.app.transaction(cause="a test") as tx:
            done.append(take(tx, [Heard(events=tuple(told[1:]))]))

    beside = threading.Thread(target=other)
    with office.app.transaction(cause="a test") as tx:
        first = take(tx, [Heard(events=tuple(told[:1]))])
        beside.start()
        beside.join(0.3)
        assert beside.is_alive()  # it waits
    beside.join(60)
    assert done[0].changed == first.created
    [one] = found(whole=True)
    assert (one.status, one.talk_seconds, count(office, heard)) == ("ended", 53, 5)


def test_a_listener_that_is_killed_loses_and_doubles_nothing(office, agents, found):
    wanted, told = 6, len(calls(6))
    for stop in (5, 17, 30):
        listener = subprocess.Popen(
            [sys.executable, str(TELLER), office.app.url, str(wanted)], stdout=subprocess.PIPE, text=True
        )
        while int(listener.stdout.readline()) < stop:
            pass
        listener.kill()
        listener.communicate()
    assert subprocess.run([sys.executable, str(TELLER), office.app.url, str(wanted)], check=True, capture_output=True)
    there = found()
    assert len(there) == wanted
    assert {(one["status"], one["talk_seconds"], one["hold_seconds"]) for one in there.values()} == {("ended", 15, 2)}
    assert (count(office, heard), count(office, leg)) == (told, wanted)
    with office.app.read() as reader:
        mine = select(func.count()).where(tables.interaction.c.origin == "asterisk")
        assert reader.value(mine) == wanted


def test_however_many_calls_it_is_a_few_statements(office, agents):
    def statements(first, several):
        told = [
            Heard(events=tuple(talk(f"c{place}", begin=place * 70, caller=Party(number=f"+86138{place:08}"))))
            for place in range(first, first + several)
        ]
        with office.app.transaction(cause="a test") as tx, Statements(office.app) as counted:
            assert len(take(tx, told).created) == several
        with office.app.transaction(cause="a test") as tx, Statements(office.app) as again:
            more = [Heard(events=(*one.events, event(one.events[0].call, "recording", 9, url="x"))) for one in told]
            assert len(take(tx, more).changed) == several
        return [[each for each in some if "counter" not in each and "crm_id" not in each] for some in (counted, again)]

    few, many = statements(0, 10), statements(1_000, 1_000)
    for one, other in zip(few, many, strict=True):
        assert len(other) <= len(one) + 4  # ids go in a thousand at a time
        assert len(other) < 50


@pytest.mark.parametrize(
    "number",
    ["Anonymous@anonymous.invalid", "unknown", "", "sip:anonymous@anonymous.invalid", '"Li" <sips:Restricted@[::1]>'],
)
def test_a_number_that_was_withheld_is_nobodys(office, taken, found, number):
    taken(*talk(caller=Party(number=number, name="Anonymous")), *talk("17.2", begin=1, caller=Party(number=number)))
    for one in found(whole=True):
        assert (one.direction, one.from_number, one.contact, one.matches) == ("in", "", None, 0)
    assert "number withheld" in office.crm("callcenter", "call", "show", "17.1", user="sam").out
