"""S1-V16: a web request has an owner within 15 minutes, an answer due in one business day, escalates at 4 h and 1 d."""

import re
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from crmcore.api import run_job

URL = "https://service.huaxin.example"


def _ask(site, method, path, language="en", **fields):
    connection = HTTPConnection(*site, timeout=60)
    headers = {"Accept-Language": language, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path.removeprefix(URL), body=urlencode(fields) if fields else None, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 200, text
    return text


@pytest.fixture
def promised(office, tmp_path):
    """A queue whose level promises what the row says; two people take its tickets, and mei answers for it."""
    crm = office.crm
    crm("setting", "set", "web.url", URL, user="ann")
    crm("web", "key", tmp_path / "web.key", user="ann")
    crm(
        "service", "level", "add", "web", "--target", "owner=15m", "--target", "response=1d", "--step",
        "response after 4h owner", "--step", "response due manager", "--step", "owner due manager", user="mei",
    )  # fmt: skip
    crm(
        "service", "queue", "add", "Repairs", "--code", "repairs", "--level", "web", "--manager", "mei", "--team",
        "north", "--assign", "automatic", user="mei",
    )  # fmt: skip


@pytest.mark.row("S1-V16")
def test_a_web_request_has_an_owner_a_promise_and_escalates_and_its_customer_sees_it(office, crm_web, promised):
    office.clock.set("2026-11-26T16:30+08:00")  # Thursday; the office is open from 9 to 18
    said = {"name": "李明", "email": "ming@kunde.example", "text": "The compressor has stood still for a month."}
    with crm_web(office.app) as site:
        page = _ask(site, "POST", "/request/repairs", subject="Compressor", **said)
        (number,), (link,) = re.findall(r"number (T\d+)", page), re.findall(r'href="([^"]+)"', page)
        assert "You will have an answer by 2026-11-27 16:30 (Asia/Shanghai)." in page
        found = office.json("service", "ticket", "show", number, user="sam")
        owner = found["owner"]
        assert (owner in {"wang", "liu", "zhang"}, found["channel"], found["queue"]["name"]) == (
            True,
            "form",
            "Repairs",
        )
        assert found["assigned_at"] == found["opened_at"] == "2026-11-26T08:30:00+00:00"  # within no minute at all
        assert (found["owner_due"], found["first_response_due"]) == (
            "2026-11-26T08:45:00+00:00", "2026-11-27T08:30:00+00:00",
        )  # fmt: skip
        status = _ask(site, "GET", link)
        assert (f"{number}: Compressor" in status, "We are working on it." in status) == (True, True)

        steps = (("11:29", 0, 0), ("11:30", 1, 0), ("16:29", 1, 0), ("16:30", 1, 1), ("17:00", 1, 1))
        for at, to_owner, to_manager in steps:  # four working hours, and one business day
            office.clock.set(f"2026-11-27T{at}+08:00")
            run_job(office.app, "service", "escalations")
            told = [one["owner"] for one in office.json("task", "list", user="mei") if number in one["subject"]]
            assert (told.count(owner), told.count("mei"), at) == (to_owner, to_manager, at)
        late = office.json("service", "breach", "list", "--late", user="mei")
        assert [(one["number"], one["clock"]) for one in late] == [(number, "response")]
        assert "We are late, and sorry." in _ask(site, "GET", link)

        # It is answered at last, and the customer sees that, too.
        body = "A technician comes on Monday."
        office.crm("log", f"Called 李明 about {number}: {body}", user=owner)
        office.crm("service", "ticket", "resolve", number, "--resolution", "new fuse", user=owner)
        assert "We think that it is solved." in _ask(site, "GET", link)
        assert "It is done." in _ask(site, "POST", link, do="solved")
        status = _ask(site, "GET", link, language="zh-CN")
        assert "fuse" not in status
        assert body not in status
    shown = office.json("service", "ticket", "show", number, user="sam")
    assert (shown["status"], shown["breaches"], len(shown["interactions"])) == ("closed", ["response"], 2)


@pytest.mark.row("S1-V16")
def test_without_an_owner_somebody_hears_of_it_after_15_minutes(office, crm_web, promised):
    office.crm("service", "queue", "edit", "Repairs", "--assign", "by_hand", user="mei")
    with crm_web(office.app) as site:
        page = _ask(site, "POST", "/request/repairs", email="ming@kunde.example", text="Nobody answers.")
        (number,) = re.findall(r"number (T\d+)", page)
    for at, tasks in (("10:14", 0), ("10:15", 1), ("10:40", 1)):
        office.clock.set(f"2026-11-24T{at}+08:00")
        run_job(office.app, "service", "escalations")
        assert sum(number in one["subject"] for one in office.json("task", "list", user="mei")) == tasks
    office.crm("service", "ticket", "take", number, user="wang")
    assert office.json("service", "ticket", "show", number, user="sam")["breaches"] == ["owner"]
