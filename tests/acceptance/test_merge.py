"""Merging keeps history: everything is there afterwards, and one command takes the merge back.

What users of other systems complain about: timeline, tasks and roles of the losing record vanish, and there is no undo.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

Crm = Callable[..., Result]


def data(crm: Crm, *arguments: object) -> Any:
    return json.loads(crm(*arguments, "--json").stdout)


def person(crm: Crm, name: str, number: int, customer: str) -> int:
    """Add a contact with calls, a task, a promise and a consent, as a busy week leaves them."""
    added = data(
        crm, "contact", "add", name, "--email", "li.wei@acme.cn", "--phone", f"+86 138 0013 800{number}",
        "--customer", customer, "--title", f"Buyer {number}", "--note", f"Met at fair {number}",
    )  # fmt: skip
    key = int(added["id"])
    for call in range(3):
        crm("interaction", "add", f"Asked for a quote, call {call}", "--contact", key, "--channel", "call")
    crm("task", "add", "Send the quote", "--contact", key, "--due", "2026-12-01")
    crm("log", "--contact", key, "10 min call, I will send the drawings by Friday")
    crm("consent", "deny", key, "--channel", "sms")
    return key


def history(crm: Crm, who: int) -> dict[str, Any]:
    """Return what a user sees of a contact, without who changed it last and the latest interactions, listed apart."""
    shown = data(crm, "contact", "show", who)
    for name in ("sources", "latest"):
        shown.pop(name)
    return {
        "shown": shown,
        "interactions": data(crm, "interaction", "list", "--contact", who),
        "tasks": data(crm, "task", "list", "--contact", who),
        "consents": data(crm, "consent", "list", who),
    }


def number_of(seen: dict[str, Any]) -> dict[str, int]:
    return {name: len(rows) for name, rows in seen.items() if isinstance(rows, list)}


def without_versions(value: Any) -> Any:
    if isinstance(value, list):
        return [without_versions(one) for one in value]
    if isinstance(value, dict):
        return {name: without_versions(one) for name, one in value.items() if name not in ("version", "updated_at")}
    return value


@pytest.fixture
def both(crm: Crm) -> tuple[int, int]:
    return person(crm, "李伟", 1, "Acme"), person(crm, "Li Wei", 2, "Acme Trading")


def test_nothing_is_lost_and_everything_comes_back(crm: Crm, both: tuple[int, int]) -> None:
    winner, loser = both
    before = {one: history(crm, one) for one in both}
    rows = {name: sum(number_of(before[one])[name] for one in both) for name in number_of(before[winner])}
    assert rows["interactions"] == 8
    assert rows["tasks"] == 4
    assert rows["consents"] == 2

    done = data(crm, "contact", "merge", winner, loser)

    merged = history(crm, winner)
    assert number_of(merged) == rows
    assert {one["value"] for one in merged["shown"]["points"]} >= {"li.wei@acme.cn"}
    assert len(merged["shown"]["points"]) == 3  # one address, two numbers
    assert set(merged["shown"]["customers"]) == {"Acme", "Acme Trading"}
    assert "Met at fair 1" in merged["shown"]["note"]
    assert "Met at fair 2" in merged["shown"]["note"]
    assert loser not in [one["id"] for one in data(crm, "contact", "list")]
    assert "contact.merged" in [one["type"] for one in data(crm, "history", winner)]

    crm("interaction", "add", "After the merge", "--contact", winner, "--channel", "call")
    crm("contact", "unmerge", done["merge"])

    after = {one: history(crm, one) for one in both}
    assert without_versions(after[loser]) == without_versions(before[loser])
    assert len(after[winner]["interactions"]) == len(before[winner]["interactions"]) + 1
    for part in ("shown", "tasks", "consents"):
        assert without_versions(after[winner][part]) == without_versions(before[winner][part])


def test_customers_are_merged_with_their_people(crm: Crm, both: tuple[int, int]) -> None:
    firms = {one["name"]: one["id"] for one in data(crm, "customer", "list")}
    crm("customer", "merge", firms["Acme"], firms["Acme Trading"])
    people = {one["id"] for one in data(crm, "contact", "list", "--customer", firms["Acme"])}
    assert people == set(both)
    crm("customer", "unmerge", firms["Acme Trading"])
    assert [one["id"] for one in data(crm, "contact", "list", "--customer", firms["Acme"])] == [both[0]]
