"""S1-V19: nobody came to a repair asked for a month ago: on the breach list, planned, promised, seen by the client.

The service level promises a visit within 5 working days.
"""

import re
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from crmcore.api import deliver

CLIENT = 7


def promises(office, status="all"):
    found = office.json("promise", "list", "--customer", office.customers[CLIENT], "--status", status, user="sam")
    return [(one["due"], one["status"], one["who"]) for one in found if one["what"].startswith("W")]


@pytest.fixture
def asked(office):
    """Tom, a technician, and the repair that was asked for on Friday, 23 October 2026."""
    office.crm("user", "add", "tom", "--name", "Tom Weber", "--role", "service", user="ann")
    office.crm("service", "technician", "add", "tom", user="ann")
    office.crm("service", "level", "add", "Repairs", "--target", "visit=5d", user="ann")
    office.crm("setting", "set", "service.level", "Repairs", user="ann")
    person = office.staff[CLIENT][0]
    at = "2026-10-23T10:00"
    said = ("service", "ticket", "open", "The pump leaks, please repair it", "--contact", person, "--at", at)
    ticket = office.json(*said, "--take", user="sam")["number"]
    order = office.json("service", "order", "add", "--ticket", ticket, "--received", at, user="sam")
    assert order["customer"]["id"] == office.customers[CLIENT]
    assert order["due_at"] == "2026-10-30T02:00:00+00:00"  # 10 o'clock in Shanghai, five working days later
    return ticket, order["number"]


@pytest.mark.row("S1-V19")
def test_nobody_came_for_a_month_until_somebody_was_promised_and_came(office, asked, crm_web, tmp_path):
    ticket, order = asked
    [late] = office.json("service", "order", "late", user="sam")
    assert (late["number"], late["ticket"], late["visits"], late["technician"]) == (order, ticket, 0, "")
    breaches = office.json("service", "breach", "list", "--clock", "visit", "--late", user="mei")
    assert [one["number"] for one in breaches] == [order]
    assert order in office.crm("service", "order", "late", user="mei").out

    planned = office.json(
        "service", "order", "plan", order, "--technician", "tom", "--at", "2026-11-25T09:00", user="sam"
    )
    assert (planned["status"], planned["technician"], planned["promised_on"]) == ("planned", "tom", "2026-11-25")
    assert promises(office) == [("2026-11-25", "open", "Tom Weber")]
    assert order in office.crm("due", user="tom").out

    office.crm("setting", "set", "web.url", "https://service.example", user="ann")
    office.crm("web", "key", tmp_path / "key", user="ann")
    link = office.json("service", "ticket", "link", ticket, user="sam")["link"]
    with crm_web(office.app) as (host, port):
        connection = HTTPConnection(host, port)
        connection.request("GET", urlsplit(link).path)
        page = connection.getresponse().read().decode()
    assert "Tom" in page
    assert "Weber" not in page
    assert "2026-11-25" in page

    said = ("service", "order", "start", order, "--at", "2026-11-25T09:05")
    office.clock.set("2026-11-25T01:30:00+00:00")
    office.crm(*said, user="tom")
    done = office.json(
        "service", "order", "done", order, "--result", "New seal", "--cause", "wear", "--at", "2026-11-25T09:25",
        user="tom",
    )  # fmt: skip
    assert (done["status"], done["fixed"], len(done["visits"])) == ("done", True, 1)
    deliver(office.app)
    assert promises(office) == [("2026-11-25", "done", "Tom Weber")]
    assert office.json("service", "order", "late", user="sam") == []
    assert office.json("service", "breach", "list", "--clock", "visit", "--late", user="mei") == []
    assert re.search(r"New seal", office.crm("service", "order", "show", order, user="wang").out)


@pytest.mark.row("S1-V19")
def test_what_is_moved_was_broken_and_what_is_not_fixed_stays_open(office, asked):
    _ticket, order = asked

    def plan(day):
        return office.crm("service", "order", "plan", order, "--technician", "tom", "--at", f"{day}T14:00", user="sam")

    plan("2026-11-25")
    deliver(office.app)
    office.clock.set("2026-11-25T06:00:00+00:00")
    plan("2026-11-27")  # a later day: what was promised first is not kept
    deliver(office.app)
    assert promises(office) == [("2026-11-25", "broken", "Tom Weber"), ("2026-11-27", "open", "Tom Weber")]
    refused = office.crm("service", "order", "done", order, "--result", " ", user="tom", code=1)
    assert "Say what was done" in refused.err

    office.clock.set("2026-11-27T08:00:00+00:00")
    again = office.json("service", "order", "done", order, "--result", "A part is missing", "--not-fixed", user="tom")
    assert (again["status"], again["fixed"], again["promised_on"], again["closed_at"]) == ("new", False, None, None)
    office.crm("service", "order", "part", order, "Seal", "--quantity", "2", "--cost", "120.50", user="tom")
    used = office.json("service", "order", "part", order, "Bearing", "--cost", "80", "--warranty", user="tom")
    assert [(one["cost"], one["currency"], one["warranty"]) for one in used["parts"]] == [
        ("241.00", "CNY", False), ("80.00", "CNY", True)
    ]  # fmt: skip
    plan("2026-11-30")
    deliver(office.app)
    office.clock.set("2026-12-02T01:00:00+00:00")
    [late] = office.json("service", "order", "late", user="sam")  # the second visit, of a promise that was not kept
    assert (late["number"], late["visits"], late["promised_on"]) == (order, 1, "2026-11-30")
    done = office.json(
        "service", "order", "done", order, "--result", "New bearing", "--at", "2026-12-02T08:50", user="tom"
    )
    assert (done["status"], done["fixed"], len(done["visits"])) == ("done", False, 2)  # not at the first visit
    deliver(office.app)
    assert [each[1] for each in promises(office)] == ["broken", "done", "broken"]
    assert "is done" in office.crm("service", "order", "start", order, user="tom", code=1).err
