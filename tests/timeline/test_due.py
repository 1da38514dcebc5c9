"""`crm due`: overdue, today, this week, later; mine and everybody's; page by page."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import Result

from crmcore.app import App
from crmcore.model.interaction import Interaction, Task
from crmcore.model.user import User

TODAY = date(2026, 11, 25)  # a Wednesday
Crm = Callable[..., Result]


@pytest.fixture
def tasks(app: App) -> None:
    with app.transaction(app.actor("ann")) as tx:
        me, tom = tx.actor.user_id, tx.add(User(login="tom"))
        for days in (-3, 0, 4, 5, 30):
            tx.add(Task(subject=f"in {days}", due=TODAY + timedelta(days=days), owner_id=me))
        tx.add(Task(subject="done", due=TODAY, owner_id=me, status="done"))
        tx.add(Task(subject="some day", owner_id=me))
        tx.add(Task(subject="tom's", kind="promise", due=TODAY, owner_id=tom.id))
        note = tx.add(Interaction(channel="note", private=True, user_id=tom.id))
        tx.add(Task(subject="tom's secret", due=TODAY, owner_id=tom.id, interaction_id=note.id))


def due(crm: Crm, *arguments: object, **extra: str) -> list[tuple[str, str]]:
    found: list[dict[str, Any]] = json.loads(crm("due", *arguments, "--json", **extra).stdout)
    return [(one["when"], one["subject"]) for one in found]


def test_what_is_due(crm: Crm, tasks: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_NOW", "2026-11-25T00:30+08:00")  # the 24th in UTC: the workspace is in Shanghai
    week = [("overdue", "in -3"), ("today", "in 0"), ("this week", "in 4")]
    assert due(crm) == week
    assert due(crm, "--until", "2026-12-25") == [*week, ("later", "in 5"), ("later", "in 30")]
    assert due(crm, "--until", "2026-11-25") == week[:2]
    assert due(crm, "--all") == [week[0], week[1], ("today", "tom's"), week[2]]
    assert ("today", "tom's secret") in due(crm, "--all", CRM_USER="tom")
    shown = crm("due", "--all").stdout
    assert shown.index("overdue") < shown.index("today") < shown.index("this week")
    assert "(promise)" in shown


def test_pages(crm: Crm, tasks: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_NOW", "2026-11-25T09:00+08:00")
    whole = json.loads(crm("due", "--until", "2026-12-25", "--json").stdout)
    paged, after = [], None
    while page := json.loads(
        crm("due", "--until", "2026-12-25", "--limit", 2, "--json", *(("--after", after) if after else ())).stdout
    ):
        paged += page
        after = page[-1]["id"]
    assert paged == whole
    assert "no task 999999" in crm("due", "--after", 999999, code=1).stderr


def test_a_clock_that_says_nothing_is_refused(crm: Crm) -> None:
    for said in ("tomorrow", "2026-11-25T09:00"):
        assert "CRM_NOW" in crm("due", CRM_NOW=said, code=1).stderr
