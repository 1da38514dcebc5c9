"""`crm policy`: who objects, why, until when and what would lift it; and what was decided."""

import json

import pytest


def out(result):
    return json.loads(result.stdout)


@pytest.fixture
def li(crm):
    """Li Wei, who wants no call before ten and opted out of marketing mail, after allowing it."""
    key = out(crm("contact", "add", "Li Wei", "--email", "li@example.com", "--customer", "Huaxin", "--json"))["id"]
    crm("log", "Li Wei: no call before 10:00", CRM_NOW="2026-11-20T08:00+08:00")
    crm("consent", "grant", key, "--purpose", "marketing", "--evidence", "web form", "--at", "2026-11-01T10:00")
    crm("consent", "deny", key, "--channel", "email", "--purpose", "marketing", "--evidence", "unsubscribed",
        "--at", "2026-11-21T09:00", "--until", "2027-01-01T00:00")  # fmt: skip
    return key


MAIL = ("--channel", "email", "--purpose", "marketing", "--at", "2026-11-23T09:30")
CALL = ("--channel", "call", "--purpose", "sales", "--at", "2026-11-23T09:30")


def test_it_says_who_objects_why_until_when_and_what_would_lift_it(crm, li):
    told = out(crm("policy", "explain", "Li Wei", *MAIL, "--json"))
    assert told["allowed"] is False
    assert told["until"] == "2026-12-31T16:00:00+00:00"
    (objection,) = told["objections"]
    assert objection["plugin"] == "core.policy.consent"
    assert objection["severity"] == "blocks"
    assert "unsubscribed" in objection["reason"]
    assert "crm consent grant" in objection["lift"]
    assert [(one["kind"], one["standing"]) for one in told["considered"]] == [
        ("consent", "decides"),
        ("consent", "overruled"),
        ("preference", "other channel"),
    ]
    shown = crm("policy", "explain", "Li Wei", *MAIL, COLUMNS="160").stdout
    assert shown.startswith("Li Wei: refused until 2027-01-01")
    assert "web form" in shown


def test_it_explains_quiet_hours(crm, li):
    told = out(crm("policy", "explain", li, *CALL, "--json"))
    assert [one["plugin"] for one in told["objections"]] == ["core.policy.quiet"]
    assert told["until"].startswith("2026-11-23T10:00")
    assert {one["standing"] for one in told["considered"]} == {"holds", "other channel", "other purpose"}
    later = out(crm("policy", "explain", li, *CALL[:4], "--at", "2026-11-23T11:00", "--json"))
    assert (later["allowed"], later["objections"]) == (True, [])


def test_other_acts_and_customers(crm, li):
    assert crm("policy", "explain", "Huaxin", "--act", "discount", "--percent", "15").stdout == "Huaxin: allowed\n"
    quoted = out(
        crm("policy", "explain", "Huaxin", "--act", "quote", "--amount", "1200.50", "--currency", "EUR", "--json")
    )
    assert quoted["act"]["amount"] == "1200.50"
    assert "channel and a purpose" in crm("policy", "explain", li, code=1).stderr
    assert "no number" in crm("policy", "explain", li, "--act", "discount", "--percent", "much", code=2).stderr
    assert "Nobody here" in crm("policy", "explain", "Nobody", *CALL, code=1).stderr


def test_explaining_leaves_no_trace_and_asking_does(crm, li):
    crm("policy", "explain", li, *MAIL)
    assert out(crm("policy", "log", "--json")) == []
    assert "No decision" in crm("policy", "log").stderr
    crm("consent", "check", li, *MAIL)
    crm("consent", "check", li, *CALL[:4], "--at", "2026-11-23T11:00")
    crm("consent", "check", li, *CALL)
    assert [one["allowed"] for one in out(crm("policy", "log", "--json"))] == [False, True, False]
    refused = out(crm("policy", "log", "Li Wei", "--refused", "--json"))
    assert [one["objections"][0][0] for one in refused] == ["core.policy.quiet", "core.policy.consent"]
    assert refused[1]["objections"][0][2:] == ["blocks", "2026-12-31T16:00:00+00:00"]
    (quiet,) = out(crm("policy", "log", "--plugin", "core.policy.quiet", "--json"))
    assert quiet["id"] == refused[0]["id"]
    assert out(crm("policy", "log", "--since", "2999-01-01", "--json")) == []
    page = out(crm("policy", "log", "--limit", "2", "--json"))
    rest = out(crm("policy", "log", "--limit", "2", "--after", page[-1]["id"], "--json"))
    assert len(rest) == 1
    assert rest[0]["id"] < page[-1]["id"]
    assert "asked for quiet" in crm("policy", "log", COLUMNS="200").stdout


def test_it_speaks_chinese(crm, li):
    shown = crm("policy", "explain", "Li Wei", *MAIL, CRM_LANG="zh_CN", COLUMNS="160").stdout
    assert "Li Wei" in shown
    assert "拒绝，直到" in shown
    assert "有凭据的同意" in shown
    assert "refuse" not in shown
