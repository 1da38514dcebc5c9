import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

WEEK = ("Mon, 16", "Tue, 17", "Wed, 18", "Thu, 19", "Fri, 20")
CUSTOMERS = [(f"Buyer {name}", f"{name.lower()}@{name.lower()}.example", f"+86 139 0013 90{n:02}", f"{name} Ltd")
             for n, name in enumerate(("Alder", "Birch", "Cedar", "Damson", "Elder", "Fir", "Gorse"))]  # fmt: skip


def mailbox(path: Path) -> Path:
    """31 mails of a week, to and from seven customers."""
    messages = []
    for n in range(31):
        theirs = f"{CUSTOMERS[n % 7][0]} <{CUSTOMERS[n % 7][1]}>"
        sender, receiver = ("Ann <ann@us.example>", theirs) if n % 3 else (theirs, "Ann <ann@us.example>")
        messages.append(
            f"From ann@us.example Mon Nov 16 09:00:00 2026\nFrom: {sender}\nTo: {receiver}\nSubject: offer {n}\n"
            f"Date: {WEEK[n % 5]} Nov 2026 {8 + n % 9:02}:{n:02}:00 +0800\nMessage-ID: <w{n}@us.example>\n\n"
            f"About offer {n}.\n\n"
        )
    path.write_text("".join(messages), encoding="utf-8")
    return path


def calls(path: Path) -> Path:
    """9 calls, as the telephone system exports them."""
    rows = ["Call ID,Call Time,From,To,Direction,Duration,Agent"]
    rows += [
        f"t{n},2026-11-{16 + n % 5}T10:{n:02}:00+08:00,1001,{CUSTOMERS[n % 7][2]},outbound,{60 + n},ann"
        for n in range(9)
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def calendar(path: Path) -> Path:
    """2 visits that were in the calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//week//"]
    for n in range(2):
        lines += ["BEGIN:VEVENT", f"UID:visit{n}@us.example", f"DTSTART:202611{17 + n}T060000Z", "DURATION:PT2H",
                  f"SUMMARY:Visit to {CUSTOMERS[n][3]}", "ORGANIZER:mailto:ann@us.example",
                  f"ATTENDEE:mailto:{CUSTOMERS[n][1]}", "END:VEVENT"]  # fmt: skip
    path.write_text("\r\n".join([*lines, "END:VCALENDAR", ""]), encoding="utf-8")
    return path


@pytest.mark.row("S1-24")
def test_a_week_of_a_rep_is_captured_without_typing(crm: Callable[..., Result], tmp_path: Path) -> None:
    """31 mails, 9 calls, 4 visits: 90% or more come from mailbox, telephone and calendar; the rest is one line each."""
    now = "2026-11-20T18:00+08:00"

    def data(*words: object) -> Any:
        return json.loads(crm(*words, "--json", CRM_NOW=now).stdout)

    people = tmp_path / "people.csv"
    people.write_text("\n".join(["Name,E-mail,Phone,Company", *(",".join(row) for row in CUSTOMERS)]), encoding="utf-8")
    crm("user", "edit", "ann", "--email", "ann@us.example")
    crm("import", people)

    captured = sum(
        data("import", path)["created"]
        for path in (mailbox(tmp_path / "week.mbox"), calls(tmp_path / "calls.csv"), calendar(tmp_path / "week.ics"))
    )
    typed = 2
    crm("log", "visited Buyer Cedar today, 45 min, pump test went well", CRM_NOW=now)
    crm("log", "visited Buyer Damson yesterday, 1 hour, wants a quote by Friday", CRM_NOW=now)

    week = data("interaction", "list", "--user", "ann", "--since", "2026-11-16", "--limit", 1000)
    kinds = Counter("visit" if one["channel"] == "meeting" else one["channel"] for one in week)
    assert kinds == {"email": 31, "call": 9, "visit": 4}
    assert len(week) == captured + typed == 44
    assert captured / len(week) >= 0.9
    assert all(one["contact_id"] and one["customer_id"] for one in week)
    assert {one["direction"] for one in week if one["channel"] == "email"} == {"in", "out"}
    again = [data("import", tmp_path / name)["unchanged"] for name in ("week.mbox", "calls.csv", "week.ics")]
    assert again == [31, 9, 2]
