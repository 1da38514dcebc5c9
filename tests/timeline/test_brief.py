"""`crm brief`: who is meant, what is hidden, and how many statements it takes."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import event

from crmcore.app import App
from crmcore.model.interaction import Interaction, Participant, Task
from crmcore.model.party import Contact, ContactPoint, Customer, Position
from crmcore.model.permission import Consent, Preference
from crmcore.model.user import User
from crmcore.search.naming import the_one
from crmcore.timeline.brief import brief

Crm = Callable[..., Result]
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def blocks(crm: Crm, *arguments: object, **extra: str) -> dict[str, dict[str, Any]]:
    found = json.loads(crm("brief", *arguments, "--json", CRM_NOW=NOW.isoformat(), **extra).stdout)["blocks"]
    return {block["title"]: block for block in found}


def fill(app: App, people: int, talks: int) -> int:
    """Add a customer with so many contacts, each with a wish, a task, a promise and so many interactions."""
    with app.transaction(app.actor("ann")) as tx:
        me = tx.actor.user_id
        acme = tx.add(Customer(name=f"Acme {people}"))
        for number in range(people):
            one = tx.add(Contact(name=f"Person {people} {number}"))
            tx.add(Position(contact_id=one.id, customer_id=acme.id))
            tx.add(ContactPoint(kind="email", value=f"p{number}@x.example", normal=f"p{number}", contact_id=one.id))
            tx.add(Preference(kind="taste", text="tea", contact_id=one.id))
            for kind, topic in (("task", ""), ("promise", "delivery")):
                tx.add(
                    Task(kind=kind, subject="send it", topic=topic, customer_id=acme.id, contact_id=one.id, owner_id=me)
                )
            for talk in range(talks):
                at = NOW - timedelta(days=talk)
                tx.add(Interaction(channel="call", at=at, customer_id=acme.id, contact_id=one.id, user_id=me))
    return acme.id


def test_nine_statements_whatever_the_data(app: App) -> None:
    counted: list[int] = []
    for people, talks in ((1, 1), (12, 9), (60, 2)):
        acme = fill(app, people, talks)
        statements: list[str] = []
        with app.read(app.actor("ann")) as reader:

            def note(_c: Any, _u: Any, statement: str, *_rest: Any, seen: list[str] = statements) -> None:
                if statement != "BEGIN":
                    seen.append(statement)

            event.listen(app.engine, "before_cursor_execute", note)
            party = the_one(reader, f"Acme {people}")
            assert len(statements) == 2  # the second asks whether anything is private to others, once for a reader
            found = brief(reader, app.dispatcher, party.entity, party.id, party.name, NOW)
            event.remove(app.engine, "before_cursor_execute", note)
        assert party.id == acme
        assert [block.title for _plugin, block in found.blocks][:2] == [f"Acme {people}", "Wishes and consents"]
        assert len(found.blocks[-1][1].rows) == min(people * talks, 50)
        counted.append(len(statements) - 1)
    assert counted == [9, 9, 9], "two more where there are processes"


@pytest.fixture
def people(app: App) -> dict[str, int]:
    with app.transaction(app.actor("ann")) as tx:
        me = tx.actor.user_id
        tom = tx.add(User(login="tom", name="Tom"))
        acme, old = tx.add(Customer(name="Acme Routers")), tx.add(Customer(name="Globex"))
        hidden = tx.add(Contact(name="Hidden Person", private=True, owner_id=tom.id))
        li, anna = tx.add(Contact(name="李伟", zone="Asia/Shanghai")), tx.add(Contact(name="Anna Schmidt"))
        tx.add(Position(contact_id=li.id, customer_id=old.id, title="Clerk", ended=date(2025, 12, 31)))
        tx.add(Position(contact_id=li.id, customer_id=acme.id, title="Buyer", started=date(2026, 1, 1)))
        tx.add(Position(contact_id=hidden.id, customer_id=acme.id))
        tx.add(Preference(kind="taste", text="hidden taste", contact_id=hidden.id))
        tx.add(ContactPoint(kind="email", value="li@acme.example", normal="li@acme.example", contact_id=li.id))
        for state, day in (("granted", 1), ("denied", 9)):
            at = datetime(2026, 3, day, tzinfo=UTC)
            tx.add(Consent(state=state, channel="email", purpose="marketing", contact_id=li.id, at=at, evidence="mail"))
        meeting = tx.add(Interaction(channel="meeting", at=NOW, contact_id=anna.id, user_id=me, subject="Kick-off"))
        tx.add(Participant(interaction_id=meeting.id, role="attendee", contact_id=li.id))
        tx.add(
            Interaction(
                channel="note", at=NOW, contact_id=li.id, customer_id=acme.id, user_id=tom.id, private=True,
                subject="secret", body="secret of Tom",
            )
        )  # fmt: skip
        tx.add(Task(subject="Ask Hidden Person", contact_id=hidden.id, customer_id=acme.id, owner_id=tom.id))
    return {"acme": acme.id, "old": old.id, "li": li.id, "anna": anna.id}


@pytest.mark.parametrize("said", ["李伟", "Li Wei", "wei li", "li@acme.example", "伟"])
def test_resolves_a_name(crm: Crm, people: dict[str, int], said: str) -> None:
    assert next(iter(blocks(crm, said).values()))["data"]["id"] == people["li"]


def test_lists_the_candidates_when_several_are_meant(crm: Crm, app: App, people: dict[str, int]) -> None:
    with app.transaction() as tx:
        other = tx.add(Contact(name="Anna Schmidt"))
    refused = crm("brief", "Anna Schmidt", code=1)
    assert f"contact {people['anna']}  Anna Schmidt" in refused.stderr
    assert f"contact {other.id}  Anna Schmidt" in refused.stderr
    assert next(iter(blocks(crm, str(other.id)).values()))["data"]["id"] == other.id
    assert crm("brief", "Nobody Known", code=1).stderr == "Error: Nobody here is called “Nobody Known”.\n"


def test_a_contact_with_positions_consents_and_meetings(crm: Crm, people: dict[str, int]) -> None:
    found = blocks(crm, "李伟")
    assert found["Positions"]["rows"] == [
        ["Acme Routers", "Buyer", "since 2026-01-01"],
        ["Globex", "Clerk", "left 2025-12-31"],
    ]
    assert found["Wishes and consents"]["rows"] == [["does NOT allow marketing by email  (2026-03-09) mail"]]
    talks = found["Timeline (2)"]["data"]
    assert {talk["data"]["subject"] for talk in talks} == {"Kick-off", ""}  # a meeting it took part in; Tom's note


def test_what_is_private_is_shown_without_its_words(crm: Crm, people: dict[str, int]) -> None:
    shown = crm("brief", "Acme Routers", CRM_NOW=NOW.isoformat()).stdout
    assert "(private)" in shown
    for secret in ("secret", "Hidden Person", "hidden taste"):
        assert secret not in shown
        assert secret not in crm("brief", "Acme Routers", "--json").stdout
    own = crm("brief", "Acme Routers", CRM_USER="tom", CRM_NOW=NOW.isoformat()).stdout
    assert "secret" in own
    assert "Hidden Person" in own
    assert crm("brief", "Hidden Person", code=1).stderr.startswith("Error: Nobody here")
