"""Row S2-18: ring -> name, tier A, open ticket, last promise in 1 s; unknown number -> new in one key; call logged."""

import codecs
import json
import os
import pty
import select
import sys
from subprocess import Popen
from time import monotonic, perf_counter

import pytest

from crmcore.api import ContactPoint, Interaction

WANTED = ("A", "空压机漏油", "delivery dates", "before 10:00")


@pytest.fixture
def desk(office_with_service):
    """Sam takes calls at extension 201; wrap-up codes as a service desk has them."""
    office = office_with_service
    for words in (
        ("agent", "add", "Sam", "--user", "sam", "--extension", "201", "--device", "PJSIP/201"),
        ("queue", "add", "Service", "--code", "service", "--number", "02155550100"),
        ("wrap-code", "add", "Answered", "--code", "ok", "--means", "resolved"),
        ("wrap-code", "add", "Request", "--code", "request", "--means", "reached", "--form", "service.request"),
        ("wrap-code", "add", "No more calls", "--code", "stop", "--means", "refused"),
    ):
        office.crm("callcenter", *words, user="ann")
    return office


def told(office, tmp_path, *events):
    """Tell of a call as a telephone system posts it."""
    file = tmp_path / "events.json"
    file.write_text(json.dumps(list(events)))
    return office.json("callcenter", "event", "post", file, user="ann")


def rings(office, tmp_path, call, number, **more):
    at = office.clock.now.isoformat()
    caller = {"number": number, **more}
    told(
        office, tmp_path,
        {"event": "begin", "call": call, "at": at, "from": caller, "to": "02155550100", "direction": "in"},
        {"event": "queue", "call": call, "at": at, "queue": "service"},
        {"event": "ring", "call": call, "at": at, "target": {"number": "201", "device": "PJSIP/201"}},
    )  # fmt: skip


def talks(office, tmp_path, call, seconds=180):
    target = {"number": "201", "device": "PJSIP/201"}
    office.clock.advance(seconds=4)
    told(office, tmp_path, {"event": "answer", "call": call, "at": office.clock.now.isoformat(), "target": target})
    office.clock.advance(seconds=seconds)
    at = office.clock.now.isoformat()
    told(office, tmp_path, {"event": "hangup", "call": call, "at": at, "reason": "completed"})


@pytest.mark.row("S2-18")
def test_who_rings_is_known_at_once_and_what_was_said_is_kept(desk, tmp_path, capsys):
    office, person = desk, desk.contacts[0]
    name = office.json("contact", "show", person)["name"]
    config = tmp_path / "tier.toml"
    config.write_text('[field.customer.tier]\nlabel = "Tier"\ntype = "text"\n')
    office.crm("config", "apply", config, user="ann")
    office.crm("customer", "edit", office.customers[0], "--set", "tier=A", user="ann")
    office.crm("service", "ticket", "open", "空压机漏油", "--contact", person, "--channel", "email", user="sam")
    office.crm("log", f"{name} called: we promise the delivery dates by Friday; no calls before 10:00", user="ann")

    rings(office, tmp_path, "c-1", "0086 138 0000 0000")
    begun = perf_counter()
    (ring,) = office.json("callcenter", "ring", user="sam")
    with capsys.disabled():
        sys.stdout.write(
            f"\nS2-18: who rings, with the brief: {perf_counter() - begun:.3f} s, start of the command included\n"
        )
    assert (ring["state"], ring["contact"]["id"], ring["contact"]["name"]) == ("ringing", person, name)
    assert (ring["customer"]["id"], ring["fields"]) == (office.customers[0], {"tier": "A"})
    shown = office.crm("callcenter", "desk", "--once", user="sam").out
    assert shown.splitlines()[1].startswith(name)
    assert [word for word in WANTED if word not in shown] == []

    # It is answered, and summed up; what was said is kept as crm log keeps it.
    talks(office, tmp_path, "c-1")
    note = "We promised to send the drawings by 2026-11-27. He wants a quote for two pumps. No calls after 17:00."
    done = office.json("callcenter", "wrap", "c-1", "ok", "--note", note, "--follow", "2026-12-01", user="sam")
    assert done["wrap_up"] == "Answered"
    tasks = {one["subject"]: one for one in office.json("task", "list", user="sam") if one["id"] in done["tasks"]}
    assert len(tasks) == 3
    assert tasks[f"Follow up the call of {name}"]["due"] == "2026-12-01"
    assert {one["owner"] for one in tasks.values()} == {"sam"}
    promised = office.json("promise", "list", "--contact", person, user="sam")
    assert any("drawings" in one["what"] and one["due"] == "2026-11-27" for one in promised)
    assert "17:00" in office.crm("brief", person, user="sam").out
    logged = office.json("interaction", "show", done["interaction"], user="sam")
    assert (logged["channel"], logged["seconds"], logged["body"]) == ("call", 180, note)
    assert logged["contact_id"] == person

    # Said again it corrects: what followed from the first note and is open follows it no more.
    again = office.json("callcenter", "wrap", "ok", "--note", "He wants a quote for three pumps.", user="sam")
    subjects = [one["subject"] for one in office.json("task", "list", user="sam") if one["id"] in again["tasks"]]
    assert any("three pumps" in one for one in subjects)
    assert not any("drawings" in one["what"] for one in office.json("promise", "list", "--contact", person, user="sam"))
    assert "17:00" not in office.crm("brief", person, user="sam").out

    # Whoever wants no more calls gets none, whoever the contact belongs to.
    office.crm("callcenter", "wrap", "c-1", "stop", user="sam")
    office.crm("callcenter", "wrap", "c-1", "stop", user="sam")
    consents = office.json("consent", "list", person, user="sam")
    assert [(one["state"], one["channel"], one["purpose"]) for one in consents] == [("denied", "call", "marketing")]


class Screen:
    """`crm callcenter desk` in a terminal of its own, in a process of its own."""

    def __init__(self, office, user):
        self._ours, theirs = pty.openpty()
        environment = {**os.environ, "CRM_DATABASE_URL": office.app.url, "CRM_USER": user, "CRM_LANG": "en"}
        command = [sys.executable, "-m", "crmcore.cli", "callcenter", "desk", "--every", "0.1"]
        self.process = Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True)
        os.close(theirs)
        self.shown, self._text = "", codecs.getincrementaldecoder("utf-8")()  # a character may come in two pieces

    def wait(self, text, seconds=60.0):
        """Wait until a text is shown after what was waited for before; return the seconds that took."""
        begun = monotonic()
        while text not in self.shown:
            left = begun + seconds - monotonic()
            ready = left > 0 and select.select([self._ours], [], [], left)[0]
            assert ready, f"“{text}” is not shown: {self.shown}"
            self.shown += self._text.decode(os.read(self._ours, 4096))
        self.shown = self.shown.partition(text)[2]
        return monotonic() - begun

    def press(self, keys):
        os.write(self._ours, keys.encode())

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._ours)


@pytest.fixture
def screen(desk):
    opened = Screen(desk, "sam")
    yield opened
    opened.close()


@pytest.mark.row("S2-18")
def test_a_stranger_is_kept_with_one_key_and_one_of_several_with_another(desk, screen, tmp_path, capsys):
    office, (first, second) = desk, desk.contacts[:2]
    with office.at(office.clock.now, user="ann") as tx:
        for contact in (first, second):
            tx.add(ContactPoint(contact_id=contact, kind="phone", value="021 5555 0133", normal="+862155550133"))
    office.insert(
        Interaction(channel="call", direction="in", at=office.clock.now, contact_id=second, zone="Asia/Shanghai")
    )
    names = [office.json("contact", "show", each)["name"] for each in (first, second)]
    contacts = len(office.contacts)
    screen.wait("Nothing rings.")

    # A stranger: what is known is the number; n keeps them with it, and asks for the name that the telephone lacks.
    rings(office, tmp_path, "c-1", "13900009999")
    taken = screen.wait("13900009999")
    with capsys.disabled():
        sys.stdout.write(f"\nS2-18: a new call is on the screen {taken:.3f} s after it was told\n")
    screen.wait("Nobody here has this number (CN).")
    screen.press("n")
    screen.wait("Name: ")
    screen.press("Chen Hao\n")
    screen.wait("Chen Hao")
    call = office.json("callcenter", "call", "show", "c-1", user="sam")
    assert call["contact"]["name"] == "Chen Hao"
    kept = office.json("contact", "show", call["contact"]["id"], user="sam")
    assert (kept["owner"], [one["normal"] for one in kept["points"]]) == ("sam", ["+8613900009999"])
    assert office.json("interaction", "show", call["interaction"], user="sam")["contact_id"] == call["contact"]["id"]

    # They talk, it ends, w sums it up.
    talks(office, tmp_path, "c-1")
    screen.wait("wrapping")
    screen.press("w")
    screen.wait("Wrap-up code: ")
    screen.press("request\n")
    screen.wait("Note: ")
    screen.press("The new pump K40 leaks at the shaft.\n")
    for _question in range(4):  # what the form asks beside
        screen.wait(": ")
        screen.press("\n")
    screen.wait("is summed up")
    (ticket,) = office.json("service", "ticket", "list", "--contact", call["contact"]["id"], user="sam")
    assert office.json("callcenter", "call", "show", "c-1", user="sam")["wrap_up"] == "Request"
    assert office.json("service", "ticket", "show", ticket["number"], user="sam")["interactions"] == [
        call["interaction"]
    ]

    # A number that two share: who called last is the first of them; 2 is the other.
    rings(office, tmp_path, "c-2", "+86 21 5555 0133")
    screen.wait(f"1  {names[1]}")
    screen.wait("called last on 2026-11-24")
    screen.wait(f"2  {names[0]}")
    screen.press("2")
    screen.wait(f"{names[0]} ·")
    assert office.json("callcenter", "call", "show", "c-2", user="sam")["contact"]["id"] == first
    for key, state in (("p", "paused"), ("b", "available")):
        screen.press(key)
        screen.wait(state)
    screen.press("q")
    assert screen.process.wait(60) == 0

    # The same without a screen: a name that the telephone shows is taken, the number is never lost.
    rings(office, tmp_path, "c-3", "13900008888", name="WANG LI")
    (ring,) = office.json("callcenter", "ring", "c-3", user="sam")
    assert (ring["contact"], ring["matches"], ring["country"]) == (None, [], "CN")
    made = office.json("callcenter", "call", "new", "c-3", "--customer", office.customers[3], user="sam")
    assert (made["contact"]["name"], made["customer"]["id"]) == ("WANG LI", office.customers[3])
    rings(office, tmp_path, "c-4", "0086-13900008888")
    (ring,) = office.json("callcenter", "ring", "c-4", user="sam")
    assert ring["contact"]["id"] == made["contact"]["id"]
    assert [one["id"] for one in ring["earlier"]] == [made["id"]]
    assert len(office.json("contact", "list", "--limit", "10000", user="ann")) == contacts + 2
