"""S1-24 with the call centre: the week's calls come from the telephone system itself, as they happen."""

import json
from collections import Counter
from datetime import datetime, timedelta

import pytest

RING, NOW = datetime.fromisoformat("2026-11-16T10:00+08:00"), "2026-11-20T18:00+08:00"
WEEK = ("Mon, 16", "Tue, 17", "Wed, 18", "Thu, 19", "Fri, 20")
PEOPLE = 7
"""Whom the rep deals with: the first person of each of the first seven customers of the office."""


def mailbox(path):
    """31 mails of a week, to and from seven customers."""
    messages = []
    for n in range(31):
        theirs = f"p{n % PEOPLE}@firm{n % PEOPLE}.example"
        sender, receiver = ("wang@us.example", theirs) if n % 3 else (theirs, "wang@us.example")
        messages.append(
            f"From wang@us.example Mon Nov 16 09:00:00 2026\nFrom: {sender}\nTo: {receiver}\nSubject: offer {n}\n"
            f"Date: {WEEK[n % 5]} Nov 2026 {8 + n % 9:02}:{n:02}:00 +0800\nMessage-ID: <w{n}@us.example>\n\n"
            f"About offer {n}.\n\n"
        )
    path.write_text("".join(messages), encoding="utf-8")
    return path


def calendar(path):
    """2 visits that were in the calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//week//"]
    for n in range(2):
        lines += ["BEGIN:VEVENT", f"UID:visit{n}@us.example", f"DTSTART:202611{17 + n}T060000Z", "DURATION:PT2H",
                  "SUMMARY:Visit", "ORGANIZER:mailto:wang@us.example",
                  f"ATTENDEE:mailto:p{n}@firm{n}.example"]  # fmt: skip
        lines.append("END:VEVENT")
    path.write_text("\r\n".join([*lines, "END:VCALENDAR", ""]), encoding="utf-8")
    return path


class Telephony:
    """9 calls of the week, four of which the rep made: as the telephone system tells them, and as it logs them."""

    def __init__(self):
        self.calls = []
        for n in range(9):
            at, theirs, out = RING + timedelta(days=n % 5, minutes=n), f"+86138{n % PEOPLE:08}", n % 2 == 1
            begun, ended = at + timedelta(seconds=8), at + timedelta(seconds=68 + n)
            self.calls.append((f"1763344800.{2 * n}", at, begun, ended, out, theirs))

    def events(self, call):
        """Return what happens to a call, in its order."""
        key, at, begun, ended, out, theirs = call
        ours, outside = (
            {"number": "201", "device": f"PJSIP/201-{key}"},
            {"number": theirs, "device": f"PJSIP/trunk-{key}"},
        )
        caller, target = (ours, outside) if out else (outside, ours)
        return [
            {"event": kind, "call": key, "at": when.isoformat(), **more}
            for kind, when, more in (
                ("begin", at, {"from": caller, "to": target["number"], "direction": "out" if out else "in"}),
                ("ring", at, {"from": caller, "target": target}),
                ("answer", begun, {"from": caller, "target": target}),
                ("hangup", ended, {"reason": "completed"}),
            )
        ]

    def log(self, path):
        """Write the call detail records of the same calls, which are exported in the night."""
        rows = []
        for key, at, begun, ended, out, theirs in self.calls:
            source, target = ("201", theirs) if out else (theirs, "201")
            ours, trunk = f"PJSIP/201-{key}", f"PJSIP/trunk-{key}"
            channels = (ours, trunk) if out else (trunk, ours)
            times = (f"{each:%Y-%m-%d %H:%M:%S}" for each in (at, begun, ended))
            took = (str((ended - at).seconds), str((ended - begun).seconds))
            row = ("", source, target, "office", source, *channels, "Dial", f"PJSIP/{target}", *times, *took)
            rows.append((*row, "ANSWERED", "DOCUMENTATION", key, ""))
        path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows), encoding="utf-8")
        return path


@pytest.mark.row("S1-24")
def test_a_week_of_a_rep_with_the_telephone_system_is_captured_without_typing(office, tmp_path, monkeypatch):
    """31 mails, 9 calls, 4 visits: all but two visits come from mailbox, telephone system and calendar."""
    office.clock.set(NOW)
    office.crm("user", "edit", "wang", "--email", "wang@us.example", user="ann")
    monkeypatch.setenv("LINE_KEY", "a-key-of-the-telephone-system")
    line = ("--kind", "post", "--system", "asterisk", "--password", "env:LINE_KEY")
    office.crm("callcenter", "line", "add", "Office", *line, user="ann")
    office.crm("callcenter", "agent", "add", "Wang", "--user", "wang", "--extension", "201", user="ann")

    def week():
        listed = office.json(
            "interaction", "list", "--user", "wang", "--since", "2026-11-16", "--limit", 1000, user="ann"
        )
        return {one["id"]: one for one in listed}

    there = week()  # what the office had before
    telephony = Telephony()
    for nth, call in enumerate(telephony.calls):
        file = tmp_path / f"call{nth}.json"
        file.write_text("\n".join(map(json.dumps, telephony.events(call))), encoding="utf-8")
        office.crm("callcenter", "event", "post", file, "--line", "Office", user="ann")
    captured = 9
    for file in (mailbox(tmp_path / "week.mbox"), calendar(tmp_path / "week.ics")):
        captured += office.json("import", file, user="wang")["created"]
    people = [office.json("contact", "show", office.contacts[n])["name"] for n in (2, 3)]
    office.crm("log", f"visited {people[0]} today, 45 min, pump test went well")
    office.crm("log", f"visited {people[1]} yesterday, 1 hour, wants a quote by Friday")

    mine = [one for key, one in week().items() if key not in there]
    kinds = Counter("visit" if one["channel"] == "meeting" else one["channel"] for one in mine)
    assert kinds == {"email": 31, "call": 9, "visit": 4}
    assert len(mine) == captured + 2
    assert captured / len(mine) >= 0.9
    assert all(one["contact_id"] and one["customer_id"] for one in mine)
    assert Counter(one["direction"] for one in mine if one["channel"] == "call") == {"in": 5, "out": 4}

    # The log of the telephone system tells of the same calls: nothing is there twice.
    told = office.json("import", telephony.log(tmp_path / "Master.csv"), "--format", "asterisk-cdr", user="ann")
    assert (told["created"], told["rejected"]) == (0, 0)
    assert len([key for key in week() if key not in there]) == 42 + 2

    # What the rep did is in the figures, and in the brief of whom it was done with.
    report = office.json("callcenter", "report", "--from", "2026-11-16", "--to", "2026-11-20", "--by", "agent")
    assert [(one["name"], one["calls_in"], one["calls_out"], one["reached"]) for one in report["lines"]] == [
        ("wang", 5, 4, 4)
    ]
    assert report["total"]["talk_seconds"] == sum(
        (ended - begun).seconds for _k, _a, begun, ended, *_ in telephony.calls
    )
    blocks = {one["title"]: one["data"] for one in office.json("brief", office.contacts[0])["blocks"]}
    assert [one["direction"] for one in blocks["Calls"]] == ["out", "in"]
