"""`crm call-list`: who has something due and may be called; bounded."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import event

from crmcore.app import App
from crmcore.calling.call_list import call_list
from crmcore.model.interaction import Task
from crmcore.model.party import Contact, ContactPoint
from crmcore.model.permission import Consent
from crmcore.model.user import User

Crm = Callable[..., Result]
NOW, TODAY = datetime(2026, 11, 23, 2, tzinfo=UTC), date(2026, 11, 23)


@pytest.fixture
def people(app: App) -> None:
    """Five contacts of ann with tasks, one of tom's; one refused calls, one has no number, one's number is dead."""
    with app.transaction(app.actor("ann")) as tx:
        me, tom = tx.actor.user_id, tx.add(User(login="tom"))
        for place, name in enumerate(("first", "second", "refused", "numberless", "dead", "later", "toms")):
            one = tx.add(Contact(name=name))
            if name != "numberless":
                number = f"+861390000000{place}"
                status = "invalid" if name == "dead" else ""
                tx.add(ContactPoint(kind="phone", value=number, normal=number, contact_id=one.id, status=status))
            if name == "refused":
                tx.add(Consent(state="denied", channel="call", purpose="sales", contact_id=one.id, at=NOW))
            due = date(2026, 12, 1) if name == "later" else date(2026, 11, 10 + place)
            for kind in ("task", "promise"):
                owner = tom.id if name == "toms" else me
                tx.add(Task(subject=f"{kind} for {name}", kind=kind, due=due, contact_id=one.id, owner_id=owner))


def named(found: list[dict[str, Any]]) -> list[str]:
    return [one["name"] for one in found]


def test_who_is_called_and_who_is_not(crm: Crm, people: None) -> None:
    found = json.loads(crm("call-list", "--json", CRM_NOW=NOW.isoformat()).stdout)
    assert named(found["call"]) == ["first", "second"]
    assert [reason["subject"] for reason in found["call"][0]["why"]] == ["task for first", "promise for first"]
    assert named(found["no_number"]) == ["numberless", "dead"]
    [refused] = found["left_out"]
    assert refused["name"] == "refused"
    assert "opted out of sales by call on 2026-11-23" in refused["objections"][0]
    service = json.loads(crm("call-list", "--purpose", "service", "--json", CRM_NOW=NOW.isoformat()).stdout)
    assert named(service["call"]) == ["first", "second", "refused"]
    everybody = json.loads(crm("call-list", "--all", "--json", CRM_NOW=NOW.isoformat()).stdout)
    assert named(everybody["call"]) == ["first", "second", "toms"]
    assert "Nobody is to be called" in crm("call-list", "--at", "2026-11-01T09:00").stderr


def test_statements_are_the_same_for_one_contact_and_for_many(app: App, people: None) -> None:
    counted = []
    for limit in (1, 3):
        statements: list[str] = []

        def note(_c: Any, _u: Any, statement: str, *_rest: Any, seen: list[str] = statements) -> None:
            seen.append(statement)

        with app.transaction(app.actor("ann")) as tx:
            event.listen(app.engine, "before_cursor_execute", note)
            found = call_list(tx, NOW, TODAY, purpose="sales", owner_id=tx.actor.user_id, limit=limit)
            event.remove(app.engine, "before_cursor_execute", note)
        assert len(found.call) + len(found.left_out) == limit
        counted.append(len([each for each in statements if each != "BEGIN"]))
    assert counted[0] == counted[1] <= 9
