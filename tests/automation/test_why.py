"""`crm automation why`: every way in which an automation can have run or not is told in plain words."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

RULES = """
[automation.greet]
on = "contact.created"
when = 'language == "zh" && customer == null'
actions = [{ do = "create_task", subject = "Call {name}", due = 3 }]

[automation.broken]
on = "customer.created"
actions = [{ do = "create_task", subject = "x", owner = "{name}" }]
"""


@pytest.fixture
def rules(crm: Callable, tmp_path: Path) -> Callable:
    """Run commands in a workspace where a contact came before the automations, and one after."""
    crm("contact", "add", "Early", "--language", "zh")
    (tmp_path / "rules.toml").write_text(RULES)
    crm("config", "apply", tmp_path / "rules.toml")
    return crm


def _why(crm: Callable, name: str, *said: object) -> list[dict]:
    return json.loads(crm("automation", "why", name, *said, "--json").stdout)


def _told(crm: Callable, name: str, *said: object) -> str:
    return crm("automation", "why", name, *said).stdout


def test_it_ran(rules: Callable) -> None:
    rules("contact", "add", "王琳", "--language", "zh")
    (answer,) = _why(rules, "greet", "王琳")
    assert answer["outcome"] == "done"
    task = json.loads(rules("task", "list", "--json").stdout)[0]
    assert answer["made"] == [
        {"do": "create_task", "subject": "Call 王琳", "due": 3, "entity": "task", "id": task["id"]}
    ]
    assert f"→ task {task['id']}" in _told(rules, "greet", f"#{answer['event_id']}")


def test_its_condition_did_not_hold_and_the_values_are_told_as_they_were(rules: Callable) -> None:
    rules("contact", "add", "Ann Lee", "--language", "en")
    rules("contact", "edit", "Ann Lee", "--language", "zh")
    (answer,) = _why(rules, "greet", "Ann Lee")
    assert answer["outcome"] == "not"
    assert answer["reason"].startswith('“language == "zh" && customer == null” does not hold (')
    assert "language is en" in answer["reason"]


def test_it_was_not_in_force_yet(rules: Callable) -> None:
    (answer,) = _why(rules, "greet", "Early")
    assert answer["outcome"] == "before"
    assert answer["reason"].startswith("it was applied on 2")


def test_it_does_not_listen(rules: Callable) -> None:
    made = json.loads(rules("task", "add", "x", "--json").stdout)
    (answer,) = _why(rules, "greet", made["id"])
    assert (answer["outcome"], answer["reason"]) == (
        "deaf", "it listens to contact.created, and this was task.created",
    )  # fmt: skip


def test_it_failed_and_when_it_is_tried_again(rules: Callable) -> None:
    rules("customer", "add", "Aster")
    (answer,) = _why(rules, "broken", "Aster")
    assert answer["outcome"] == "waiting"
    assert answer["reason"].startswith("it failed 1 times: NotFound: There is no user “Aster”.; it is tried again at 2")


def test_it_was_taken_away(rules: Callable, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text("[automation.greet]\nremove = true\n")
    rules("config", "apply", tmp_path / "rules.toml")
    told = rules("automation", "why", "greet", "#1", code=1).output
    assert "Automation greet is not in force: ann took it away on 2" in told
    assert (
        "There is no automation “gret”; there are: broken." in rules("automation", "why", "gret", "#1", code=1).output
    )


def test_what_is_hidden_is_not_told(rules: Callable) -> None:
    rules("user", "add", "ben", "--role", "rep")
    made = json.loads(rules("contact", "add", "Secret", "--private", "--language", "en", "--json").stdout)
    (answer,) = _why(rules, "greet", made["id"])
    told = rules("automation", "why", "greet", f"#{answer['event_id']}", code=1, CRM_USER="ben").output
    assert f"There is no entry #{answer['event_id']} in the journal." in told
    assert "no record" in rules("automation", "why", "greet", made["id"], code=1, CRM_USER="ben").output


def test_the_list_counts_runs(rules: Callable) -> None:
    rules("contact", "add", "王琳", "--language", "zh")
    found = {one["name"]: one for one in json.loads(rules("automation", "list", "--json").stdout)}
    assert (found["greet"]["done"], found["greet"]["cut"], found["greet"]["failed"]) == (1, 0, 0)
    assert found["broken"]["last"] is None
    assert "greet" in rules("automation", "list").stdout
