"""`crm process`: defined in TOML, begun, moved, listed, searched, merged, shown to whom it may be shown."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

SHIPPING = """
[process.shipping]
title = "Sample shipping"
states = [{ name = "requested", label = "申请" }, "approved", { name = "received", kind = "done" }]
transitions = [
  { from = "requested", to = "approved", guard = "weight <= 5 && customer.language == 'zh'", requires = ["weight"] },
  { from = "approved", to = "received", roles = ["manager"] },
]
fields = [{ name = "weight", type = "number", maximum = 50 }, { name = "until", type = "date" }]

[process.visit]
states = [
  { name = "planned", steps = ["Call", "Print the map"], template = "visit.docx", expert = "liu", probability = 30 },
  { name = "made", kind = "done" },
]
transitions = [{ from = "planned", to = "made" }]
"""


@pytest.fixture
def shipping(crm: Callable[..., Result], tmp_path: Path) -> Callable[..., Result]:
    """Run commands where two processes are defined and Aster Locks is a customer."""
    (tmp_path / "shipping.toml").write_text(SHIPPING, encoding="utf-8")
    crm("config", "apply", "shipping.toml")
    crm("customer", "add", "Aster Locks", "--language", "zh")
    return crm


def _json(crm: Callable[..., Result], *arguments: object, **extra: str) -> Any:
    return json.loads(crm(*arguments, "--json", **extra).stdout)


def test_from_the_definition_to_the_end_of_an_item(shipping: Callable[..., Result]) -> None:
    made = _json(shipping, "process", "start", "shipping", "--customer", "Aster Locks", "--set", "weight=9",
                 "--set", "until=2026-12-01", "--title", "Two handles")  # fmt: skip
    assert (made["state"], made["custom"], made["owner"], made["customer"]) == (
        "requested", {"weight": 9, "until": "2026-12-01"}, "ann", "Aster Locks",
    )  # fmt: skip
    (way,) = made["ways"]
    assert (way["to"], way["open"]) == ("approved", False)
    assert way["why_not"] == [
        "“weight <= 5 && customer.language == 'zh'” does not hold (customer.language is zh, weight is 9)"
    ]
    item = made["id"]
    refused = shipping("process", "move", item, "received", code=1).output
    assert f"shipping {item} cannot go from requested to received: ways from here are approved." in refused
    assert "weight" in shipping("process", "set", item, "weight=heavy", code=1).output
    assert "has no field “colour”" in shipping("process", "set", item, "colour=red", code=1).output
    shipping("process", "set", item, "weight=3", "note=by air")
    assert _json(shipping, "process", "move", item, "approved")["state"] == "approved"
    refused = shipping("process", "move", item, "received", code=1).output
    assert "that is for manager, and ann is admin" in refused
    shipping("user", "add", "mia", "--role", "manager")
    done = _json(shipping, "process", "move", item, "received", CRM_USER="mia")
    assert done["closed_at"] is not None
    told = shipping("history", item).stdout
    assert "process.moved" in told
    assert "process_item.changed" in told


def test_lists_are_paged_and_counted(shipping: Callable[..., Result]) -> None:
    shipping("user", "add", "ben", "--role", "rep")
    for n in range(5):
        shipping("process", "start", "visit", "--title", f"Visit {n}", CRM_USER="ben" if n % 2 else "ann")
    first = _json(shipping, "process", "items", "visit", "--limit", 3)
    rest = _json(shipping, "process", "items", "visit", "--limit", 3, "--after", first[-1]["id"])
    assert [one["title"] for one in [*first, *rest]] == [f"Visit {n}" for n in range(5)]
    shipping("process", "move", first[0]["id"], "made")
    assert [one["title"] for one in _json(shipping, "process", "items", "visit", "--owner", "ben")] == [
        "Visit 1",
        "Visit 3",
    ]
    assert [one["title"] for one in _json(shipping, "process", "items", "visit", "--state", "made")] == ["Visit 0"]
    listed = {one["name"]: (one["open"], one["closed"]) for one in _json(shipping, "process", "list")}
    assert listed == {"shipping": (0, 0), "visit": (4, 1)}
    shown = _json(shipping, "process", "show", "visit")
    planned = shown["states"][0]
    assert (planned["steps"], planned["template"], planned["expert"], planned["probability"], planned["days"]) == (
        ["Call", "Print the map"], "visit.docx", "liu", 30, None,
    )  # fmt: skip
    told = shipping("process", "show", "visit").stdout
    assert "1. Call" in told
    assert "2. Print the map" in told
    assert "30%" in told
    assert {state["name"]: state["items"] for state in shown["states"]} == {"planned": 4, "made": 1}
    assert "no process “visits”" in shipping("process", "items", "visits", code=1).output
    assert "there are: shipping, visit" in shipping("process", "show", "visits", code=1).output


def test_people_read_it_in_their_language(shipping: Callable[..., Result]) -> None:
    shipping("process", "start", "shipping", "--customer", "Aster Locks", "--title", "两个把手")
    assert "申请" in shipping("process", "show", "shipping").stdout
    assert "两个把手" in shipping("process", "items", "shipping").stdout
    assert "两个把手" in shipping("search", "把手").stdout
    (hit,) = _json(shipping, "search", "把手")
    assert (hit["entity"], hit["context"]) == ("process_item", "Aster Locks")


def test_somebody_elses_item_is_not_moved_and_a_private_one_not_seen(shipping: Callable[..., Result]) -> None:
    shipping("user", "add", "ben", "--role", "rep")
    item = _json(shipping, "process", "start", "visit", "--title", "Mine")["id"]
    assert "belongs to somebody else" in shipping("process", "move", item, "made", code=1, CRM_USER="ben").output
    secret = _json(shipping, "customer", "add", "Secret", "--private")["id"]
    hidden = _json(shipping, "process", "start", "visit", "--customer", secret, "--title", "Hidden")["id"]
    seen = _json(shipping, "process", "items", "visit", CRM_USER="ben")
    assert [one["title"] for one in seen] == ["Mine"]
    assert f"no process item {hidden}" in shipping("process", "item", hidden, code=1, CRM_USER="ben").output
    assert {one["name"]: one["open"] for one in _json(shipping, "process", "list", CRM_USER="ben")}["visit"] == 1


def test_items_follow_their_contact_into_a_merge_and_back(shipping: Callable[..., Result]) -> None:
    winner = _json(shipping, "contact", "add", "Wang Lin")["id"]
    loser = _json(shipping, "contact", "add", "Lin Wang")["id"]
    item = _json(shipping, "process", "start", "visit", "--contact", loser, "--title", "Theirs")["id"]
    merged = _json(shipping, "contact", "merge", winner, loser)
    assert _json(shipping, "process", "item", item)["contact_id"] == winner
    shipping("contact", "unmerge", merged["id"] if "id" in merged else merged["merge"])
    assert _json(shipping, "process", "item", item)["contact_id"] == loser


def test_a_definition_that_would_strand_items_is_refused(shipping: Callable[..., Result], tmp_path: Path) -> None:
    shipping("process", "start", "visit", "--title", "x")
    text = SHIPPING.replace('"planned"', '"set"')
    (tmp_path / "shipping.toml").write_text(text, encoding="utf-8")
    assert "1 record is in the state planned" in shipping("config", "apply", "shipping.toml", code=1).output


def test_notes_are_asked_about_one_by_one_on_a_terminal(shipping: Callable[..., Result], workspace: str) -> None:
    for n in range(4):
        shipping("contact", "add", f"Contact {n}", "--note", f"Wants a visit in week {n} #visit")
    master, slave = pty.openpty()
    environment = {**os.environ, "CRM_DATABASE_URL": workspace, "CRM_USER": "ann", "CRM_LANG": "en"}
    os.write(master, b"y\nn\nt\nA title of mine\nq\n")
    done = subprocess.run(
        [sys.executable, "-m", "crmcore.cli", "process", "convert", "visit", "--tag", "visit", "--json"],
        stdin=slave, capture_output=True, text=True, env=environment, check=True,
    )  # fmt: skip
    os.close(master)
    os.close(slave)
    found = json.loads(done.stdout)
    assert [one["title"] for one in found["converted"]] == ["Wants a visit in week 0", "A title of mine"]
    assert [one["reason"] for one in found["skipped"]] == ["declined", "not asked about"]
    assert "becomes: Wants a visit in week 0" in done.stderr
    again = _json(shipping, "process", "convert", "visit", "--tag", "visit", "--yes")
    assert (len(again["converted"]), len(again["skipped"])) == (2, 2)
    measured = _json(shipping, "process", "meter", "visit")
    assert measured["measured_seconds"] >= 0
    assert measured["total"]["typed"] == 1, "the title that was typed"
