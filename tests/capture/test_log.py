"""`crm log` through the command line: who is meant, what is stored, how many statements it takes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import event, select

from crmcore.app import App
from crmcore.engine.tables import contact, contact_point, interaction, participant, position, preference, task
from crmcore.model.interaction import Interaction
from crmcore.model.party import Contact, ContactPoint, Customer, Position
from crmcore.model.user import User

Crm = Callable[..., Result]
NOW = "2026-11-18T10:00+08:00"


@pytest.fixture
def book(app: App) -> dict[str, int]:
    with app.transaction(app.actor("ann")) as tx:
        acme, globex = tx.add(Customer(name="Acme Routers Ltd")), tx.add(Customer(name="环球电子"))
        wei, ming = tx.add(Contact(name="李伟")), tx.add(Contact(name="Li Ming"))
        tom, oliver = tx.add(Contact(name="Tom Jones")), tx.add(Contact(name="Oliver Twist"))
        tx.add(Position(contact_id=wei.id, customer_id=acme.id))
        for kind, value, owner in (
            ("email", "oliver@twist.example", oliver),
            ("phone", "+8613912345678", tom),
            ("messenger", "tomj", tom),
        ):
            tx.add(ContactPoint(kind=kind, value=value, normal=value, contact_id=owner.id))
        at = datetime(2026, 11, 1, tzinfo=UTC)
        tx.add(Interaction(channel="call", contact_id=ming.id, user_id=tx.actor.user_id, at=at))
    with app.transaction() as tx:
        tx.add(User(login="tom"))
    return {"acme": acme.id, "globex": globex.id, "wei": wei.id, "ming": ming.id, "tom": tom.id, "oliver": oliver.id}


def logged(crm: Crm, *arguments: object, **extra: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(crm("log", *arguments, "--json", **{"CRM_NOW": NOW, **extra}).stdout)
    return said


def test_finds_who_is_meant(crm: Crm, book: dict[str, int]) -> None:
    lines = {
        "Li Wei 10 min call": "wei",
        "Wei Li called about routers": "wei",
        "和李伟通了10分钟电话": "wei",
        "Tom Jones visited": "tom",
        "met Jones, wants demo on Tuesday": "tom",
        "oliver@twist.example asked for the price list": "oliver",
        "139 1234 5678 called back": "tom",
        "@tomj wants a demo": "tom",
        "Li 10 min, wants quote Fri": "ming",  # ann was in touch with Li Ming, not with 李伟
    }
    for line, name in lines.items():
        said = logged(crm, line, "--dry-run")
        assert (said["contact"] or {}).get("id") == book[name], line
        assert said["id"] is None
    assert logged(crm, "Li Wei called", "--dry-run")["customer"]["id"] == book["acme"]
    assert logged(crm, "Visited Acme Routers, met somebody new", "--dry-run")["customer"]["id"] == book["acme"]


def test_says_who_else_might_have_been_meant(crm: Crm, book: dict[str, int]) -> None:
    told = crm("log", "Li 10 min, wants quote Fri", CRM_NOW=NOW).stderr
    assert "Taken for Li Ming" in told
    assert f"{book['wei']} 李伟" in told
    said = crm("log", "Li 10 min", "--json", CRM_NOW=NOW, CRM_USER="tom")
    assert json.loads(said.stdout)["contact"] is None  # tom was in touch with neither
    assert "may be any of" in said.stderr


def test_stores_what_the_line_says(crm: Crm, app: App, book: dict[str, int]) -> None:
    line = "和李伟通了10分钟电话，我们承诺两周内交货，他不要早上10点前打电话"
    said = logged(crm, line)
    with app.read() as reader:
        stored = reader.rows(select(interaction).where(interaction.c.id == said["id"]))[0]
        assert (stored.channel, stored.seconds, stored.body) == ("call", 600, line)
        assert (stored.contact_id, stored.customer_id, stored.zone) == (book["wei"], book["acme"], "Asia/Shanghai")
        assert stored.at == datetime(2026, 11, 18, 2, tzinfo=UTC)
        people = reader.rows(select(participant).where(participant.c.interaction_id == said["id"]))
        assert {(one.contact_id, one.user_id is None) for one in people} == {(None, False), (book["wei"], True)}
        [promise] = reader.rows(select(task).where(task.c.interaction_id == said["id"]))
        assert (promise.kind, promise.by, promise.topic, promise.unit) == ("promise", "us", "delivery", "week")
        assert (str(promise.amount), str(promise.due), promise.sentence) == ("2", "2026-12-02", line)
        [wish] = reader.rows(select(preference))
        assert (wish.kind, wish.channel, wish.allow) == ("quiet_hours", "call", False)
        assert (wish.ends, wish.contact_id, wish.interaction_id) == ("10:00", book["wei"], said["id"])


def test_an_unknown_name_is_kept_and_can_be_added(crm: Crm, app: App, book: dict[str, int]) -> None:
    result = crm("log", "Zhang San 5 min call, wants brochure", "--json", CRM_NOW=NOW)
    said = json.loads(result.stdout)
    assert (said["contact"], said["name"]) == (None, "Zhang San")
    assert "not in the address book" in result.stderr
    with app.read() as reader:
        names = {row.name for row in reader.rows(select(participant.c.name))}
    assert "Zhang San" in names
    added = logged(crm, "Zhang San from Acme Routers called, zhang@san.example", "--add")
    with app.read() as reader:
        row = reader.first(select(contact).where(contact.c.id == added["contact"]["id"]))
        assert row is not None
        assert row.name == "Zhang San"
        way = reader.first(select(contact_point.c.value).where(contact_point.c.contact_id == row.id))
        assert way is not None
        assert way.value == "zhang@san.example"
        job = reader.first(select(position.c.customer_id).where(position.c.contact_id == row.id))
        assert job is not None
        assert job.customer_id == book["acme"]
    assert logged(crm, "Zhang San called", "--add")["contact"]["id"] == row.id


def test_what_is_said_by_options_goes_first(crm: Crm, book: dict[str, int]) -> None:
    said = logged(
        crm, "5 min, wants demo", "--contact", "oliver twist", "--customer", "环球电子", "--at", "2026-11-10T08:00"
    )
    assert (said["contact"]["id"], said["customer"]["id"]) == (book["oliver"], book["globex"])
    assert said["at"] == "2026-11-10T08:00:00+08:00"
    assert (
        crm("log", "x", "--contact", "Nobody Known", code=1).stderr == "Error: Nobody here is called “Nobody Known”.\n"
    )


def test_what_is_private_is_only_the_users(crm: Crm, app: App, book: dict[str, int]) -> None:
    logged(crm, "Tom Jones told a secret, send flowers on Friday", "--private")
    assert json.loads(crm("search", "flowers", "--json").stdout)
    assert json.loads(crm("search", "flowers", "--json", CRM_USER="tom").stdout) == []
    brief = crm("brief", "Tom Jones", CRM_USER="tom", CRM_NOW=NOW).stdout
    assert "(private)" in brief
    assert "flowers" not in brief


def test_a_line_takes_few_statements(crm: Crm, app: App, book: dict[str, int]) -> None:
    from crmcore.capture.store import store
    from crmcore.capture.understanding import understand

    now = datetime.fromisoformat(NOW)
    line = "Li 10 min call, wants quote by Friday, we promised delivery within 2 weeks. No call before 10:00"
    with app.transaction(app.actor("ann")) as tx:
        store(tx, understand(tx, "Tom Jones called", now))  # ids are taken in blocks: the first block is taken here
    statements: list[str] = []
    event.listen(app.engine, "before_cursor_execute", lambda _c, _u, statement, *_r: statements.append(statement))
    with app.transaction(app.actor("ann")) as tx:
        actor = len(statements)
        understood = understand(tx, line, now, region="CN")
        assert len(statements) - actor <= 7
        read = len(statements)
        stored = store(tx, understood)
    assert (len(stored.tasks), len(stored.preferences)) == (2, 1)
    assert len(statements) - read <= 9, statements[read:]
