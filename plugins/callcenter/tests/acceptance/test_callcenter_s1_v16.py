"""Row S1-V16, its call side: a web request is answered by a call of ours, and by nothing less than a talk.

Owner within 15 minutes, answer due in one business day, escalates at 4 hours and 1 day; the customer sees the status.
"""

import json
import re
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from crmcore.api import run_job

URL = "https://service.huaxin.example"
WORDS = "I wrote a month ago, nobody answered: the compressor leaks."


@pytest.fixture
def promised(office_with_service, tmp_path):
    """A queue whose level promises what the row says; liu takes its tickets at extension 202, mei answers for it."""
    office, crm = office_with_service, office_with_service.crm
    crm("setting", "set", "web.url", URL, user="ann")
    crm("web", "key", tmp_path / "web.key", user="ann")
    crm(
        "service", "level", "add", "web", "--target", "owner=15m", "--target", "response=1d", "--step",
        "response after 4h owner", "--step", "response due manager", user="mei",
    )  # fmt: skip
    crm(
        "service", "queue", "add", "Repairs", "--code", "repairs", "--level", "web", "--manager", "mei", "--team",
        "north", "--assign", "automatic", user="mei",
    )  # fmt: skip
    crm("callcenter", "wrap-code", "add", "Reached", "--code", "reached", "--means", "reached", user="ann")
    crm("callcenter", "wrap-code", "add", "Not reached", "--code", "away", "--means", "not_reached", user="ann")
    return office


def asked(office, site, method, path, **fields):
    connection = HTTPConnection(*site, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"}
    connection.request(method, path.removeprefix(URL), body=urlencode(fields) if fields else None, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 200, text
    return text


def calls(office, tmp_path, key, extension, number, *, seconds):
    """Somebody of us calls; `seconds` of talk, 0 where nobody takes it."""
    at = office.clock.now
    events = [
        {"event": "begin", "call": key, "from": {"number": extension}, "to": number, "direction": "out"},
        {"event": "ring", "call": key, "target": {"number": number}},
    ]
    for event in events:
        event["at"] = at.isoformat()
    office.clock.advance(seconds=10)
    if seconds:
        events.append(
            {"event": "answer", "call": key, "at": office.clock.now.isoformat(), "target": {"number": number}}
        )
        office.clock.advance(seconds=seconds)
    reason = "completed" if seconds else "no-answer"
    events.append({"event": "hangup", "call": key, "at": office.clock.now.isoformat(), "reason": reason})
    file = tmp_path / "events.json"
    file.write_text(json.dumps(events))
    office.crm("callcenter", "event", "post", file, user="ann")


@pytest.mark.row("S1-V16")
def test_our_call_answers_a_web_request_and_ends_its_clock(promised, crm_web, tmp_path):
    office = promised
    office.clock.set("2026-11-26T16:30+08:00")  # Thursday; the office is open from 9 to 18
    with crm_web(office.app) as site:
        said = {"name": "李明", "email": "ming@kunde.example", "phone": "138 1111 2222", "text": WORDS}
        page = asked(office, site, "POST", "/request/repairs", subject="Compressor", **said)
        (number,), (link,) = re.findall(r"number (T\d+)", page), re.findall(r'href="([^"]+)"', page)
        assert "You will have an answer by 2026-11-27 16:30 (Asia/Shanghai)." in page
        found = office.json("service", "ticket", "show", number, user="sam")
        owner = found["owner"]
        assert (found["assigned_at"], found["owner_due"]) == (found["opened_at"], "2026-11-26T08:45:00+00:00")
        office.crm(
            "callcenter", "agent", "add", owner.title(), "--user", owner, "--extension", "202", user="ann"
        )  # fmt: skip

        # Four working hours later the owner is told. He calls; nobody takes it: that is no answer.
        office.clock.set("2026-11-27T11:30+08:00")
        run_job(office.app, "service", "escalations")
        assert sum(number in one["subject"] for one in office.json("task", "list", "--owner", owner, user="mei")) == 1
        calls(office, tmp_path, "o-1", "202", "13811112222", seconds=0)
        office.crm("callcenter", "wrap", "o-1", "away", "--note", f"{number}: the compressor, not reached", user=owner)
        assert office.json("service", "ticket", "show", number, user="sam")["responded_at"] is None

        # He calls again, and they talk: the clock ends with that call, in time, and the customer sees it.
        office.clock.set("2026-11-27T15:00+08:00")
        calls(office, tmp_path, "o-2", "202", "13811112222", seconds=240)
        wrapped = office.json(
            "callcenter", "wrap", "o-2", "reached", "--note", "The compressor leaks at the shaft; a technician comes"
            " on Monday.", user=owner,
        )  # fmt: skip
        shown = office.json("service", "ticket", "show", number, user="sam")
        assert (shown["responded_at"], shown["breaches"]) == ("2026-11-27T07:00:00+00:00", [])
        assert shown["interactions"][-1] == wrapped["interaction"]
        assert [one["channel"] for one in shown["thread"]] == ["form", "call"]
        assert "We are working on it." in asked(office, site, "GET", link)

        # The day after nobody is told: it was answered.
        office.clock.set("2026-11-27T17:00+08:00")
        run_job(office.app, "service", "escalations")
        assert not any(number in one["subject"] for one in office.json("task", "list", "--owner", "mei", user="mei"))
