import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from click.testing import Result
from sqlalchemy import event, insert

from crmcore.app import App
from crmcore.engine.tables import contact, contact_point, duplicate
from crmcore.errors import NotFound
from crmcore.hooks.kinds import impl
from crmcore.hooks.reading import Quality
from crmcore.model.interaction import Interaction, Participant
from crmcore.model.party import Contact, ContactPoint, Customer
from crmcore.model.points import normalise
from crmcore.model.user import Actor, User
from crmcore.quality.mark import mark
from crmcore.quality.meter import fix_queue, measure
from crmcore.quality.staleness import cutoff

LONG_AGO = datetime.now(UTC) - timedelta(days=3 * 365)


def person(tx, name: str, *points: tuple[str, str], old: bool = False, **fields) -> Contact:
    stamp = LONG_AGO if old else None
    one = tx.add(Contact(name=name, created_at=stamp, updated_at=stamp, **fields))
    for kind, value in points:
        tx.add(ContactPoint(kind=kind, value=value, normal=normalise(kind, value, "CN"), contact_id=one.id))
    return one


@contextmanager
def counted(app: App) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(app.engine, "before_cursor_execute", note)
    yield statements
    event.remove(app.engine, "before_cursor_execute", note)


def figures(app: App) -> dict[str, tuple[int, int]]:
    with app.read() as reader:
        return {one.title: (one.total, one.bad) for one in measure(app.dispatcher, reader)}


def test_each_fault_is_found_once_and_only_where_it_is(app: App) -> None:
    with app.transaction() as tx:
        person(tx, "张伟", ("email", "wei@example.cn"), ("phone", "138 0013 8000"))
        person(tx, "李娜", ("email", "na@@example.cn"), ("phone", "138 0013 8001"))
        person(tx, "Ada Short", ("phone", "12"))
        person(tx, "13800138009", ("phone", "13800138009"))
        person(tx, "Nobody Reachable", ("url", "https://example.cn"))
        person(tx, "Olga Old", ("email", "olga@example.cn"), old=True)
        person(tx, "Old Friend", ("email", "friend@example.cn"), old=True)
        twin = person(tx, "Zhang Wei", ("email", "wei.zhang@example.cn"))
        first = person(tx, "Zhang Wei II", ("email", "wei.zhang2@example.cn"))
        pair = {"kind": "contact", "a": twin.id, "b": first.id, "score": 0.8, "evidence": [], "state": "open"}
        tx.flush()
        tx.connection.execute(insert(duplicate).values(at=tx.now, **pair))
        friend = next(c for c in tx.load(Contact, contact.c.name == "Old Friend"))
        meeting = tx.add(Interaction(channel="meeting", at=tx.now, subject="lunch"))
        tx.add(Participant(interaction_id=meeting.id, role="present", contact_id=friend.id))
        friend_updated = friend.updated_at
    assert friend_updated == LONG_AGO
    assert figures(app) == {
        "Contacts with a valid e-mail address": (9, 4),
        "E-mail addresses that are valid": (6, 1),
        "Phone numbers that are valid": (4, 1),
        "Contacts that are not stale": (9, 1),
        "Contacts without an open duplicate": (9, 1),
        "Contacts with a way to reach them": (9, 2),
        "Contacts with a name": (9, 1),
        "Customers without an open duplicate": (0, 0),
        # 李娜 (wrong mail only), Ada and Nobody (out of reach), the number, Olga, and one of the two Zhang Wei
        "Contacts that count in figures": (9, 6),
    }
    with app.read() as reader:
        queue = fix_queue(reader, limit=100)
    told = {(one.name, one.figure): one for one in queue}
    assert told["李娜", "E-mail addresses that are valid"].entity == "contact_point"
    assert "na@@example.cn" in told["李娜", "E-mail addresses that are valid"].wrong
    assert (
        told["Zhang Wei II", "Contacts without an open duplicate"].command == f"crm contact merge {twin.id} {first.id}"
    )
    assert not [one for one in queue if one.name in ("张伟", "Old Friend", "Zhang Wei")]


def test_merged_and_hidden_contacts_are_not_measured(app: App) -> None:
    with app.transaction() as tx:
        ben = tx.add(User(login="ben", role="manager"))
        winner = person(tx, "Wang Fang", ("email", "fang@example.cn"))
        person(tx, "Wang F.", ("email", "broken@"), merged_into_id=winner.id)
        person(tx, "Secret", ("email", "secret@"), private=True, owner_id=ben.id)
    with app.read(app.actor("ann")) as reader:
        measured = {one.title: (one.total, one.bad) for one in measure(app.dispatcher, reader)}
        queue = fix_queue(reader, limit=10)
    assert measured["Contacts with a valid e-mail address"] == (1, 0)
    assert queue == []
    with app.read(app.actor("ben")) as reader:
        assert {one.name for one in fix_queue(reader, limit=10)} == {"Secret"}


@pytest.mark.parametrize("size", [10, 2500])
def test_the_number_of_statements_does_not_grow(app: App, size: int) -> None:
    with app.transaction() as tx:
        for number in range(size):
            person(tx, f"Person {number}", ("email", f"p{number}@example.cn"), ("phone", f"1380013{number:04}"))
        tx.add(Customer(name="One"))
    with app.read() as reader, counted(app) as statements:
        found = measure(app.dispatcher, reader)
    assert found[0].total == size
    selects = [each for each in statements if each.lstrip().upper().startswith("SELECT")]
    assert len(selects) <= 8


def test_the_queue_goes_on_where_it_stopped(app: App) -> None:
    with app.transaction() as tx:
        for number in range(30):
            person(tx, f"Person {number}", ("email", "none"))
    with app.read() as reader:
        whole = fix_queue(reader, limit=1000)
        pages, after = [], None
        while page := fix_queue(reader, limit=7, after=after):
            assert len(page) < 10
            pages += page
            after = page[-1].contact
    assert pages == whole
    assert len(whole) == 90  # a wrong address, no valid one, and no way to reach


def test_marks(crm: Callable[..., Result], workspace: str) -> None:
    app = App(workspace)
    with app.transaction() as tx:
        one = person(tx, "Gone Away", ("email", "gone@example.cn"), ("phone", "13800138000"))
        old = person(tx, "Old But Right", ("email", "old@example.cn"), old=True)
    with app.engine.connect() as connection:
        mail = connection.execute(contact_point.select().where(contact_point.c.value == "gone@example.cn")).one()
    assert json.loads(crm("quality", "mark", mail.id, "invalid", "--json").stdout)[0]["status"] == "invalid"
    assert figures(app)["Contacts with a valid e-mail address"] == (2, 1)
    crm("quality", "mark", one.id, "stale")
    assert figures(app)["Contacts that are not stale"] == (2, 2)
    crm("quality", "mark", one.id, old.id, "ok")
    assert figures(app)["Contacts that are not stale"] == (2, 0)
    assert figures(app)["Contacts with a valid e-mail address"] == (2, 0)
    assert (
        "There is no contact, customer or way to reach one with the id 99999."
        in crm("quality", "mark", one.id, 99999, "ok", code=1).stderr
    )
    crm("quality", "mark", one.id, "fine", code=2)
    app.close()


def test_nobody_marks_what_he_may_not_see_or_change(app: App) -> None:
    with app.transaction() as tx:
        ben = tx.add(User(login="ben", role="manager"))
        secret = person(tx, "Secret", ("email", "secret@example.cn"), private=True, owner_id=ben.id)
    with app.engine.connect() as connection:
        point = connection.execute(contact_point.select()).one().id
    for record in (secret.id, point):
        with pytest.raises(NotFound), app.transaction(app.actor("ann")) as tx:
            mark(tx, [record], "invalid")


def test_stale_is_as_long_as_the_workspace_says(crm: Callable[..., Result], workspace: str) -> None:
    app = App(workspace)
    with app.transaction() as tx:
        one = tx.add(Contact(name="Half A Year", updated_at=tx.now - timedelta(days=200), created_at=LONG_AGO))
        tx.add(User(login="rep", role="rep"))
        tx.add(ContactPoint(kind="email", value="a@example.cn", normal="a@example.cn", contact_id=one.id))
    assert figures(app)["Contacts that are not stale"] == (1, 0)
    crm("quality", "stale-after", 6)
    assert figures(app)["Contacts that are not stale"] == (1, 1)
    assert "6 months" in crm("quality", "--fix-queue").stdout
    assert "Only an administrator" in crm("quality", "stale-after", 6, code=1, CRM_USER="rep").stderr
    app.close()


def test_months_before() -> None:
    assert cutoff(datetime(2026, 3, 31, tzinfo=UTC), 1) == datetime(2026, 2, 28, tzinfo=UTC)
    assert cutoff(datetime(2026, 1, 5, tzinfo=UTC), 24) == datetime(2024, 1, 5, tzinfo=UTC)
    assert cutoff(datetime(2024, 2, 29, tzinfo=UTC), 12) == datetime(2023, 2, 28, tzinfo=UTC)


def test_a_plugins_figure_stands_beside_the_cores(workspace: str) -> None:
    @impl
    def crm_quality(reader):
        return [Quality(title="Deals with a date", total=4, bad=1, fixes=(("deal", 7, "no closing date"),))]

    app = App(workspace, plugins=[("sales", SimpleNamespace(crm_quality=crm_quality))])
    with app.read(Actor(user_id=0, login="system")) as reader:
        last = measure(app.dispatcher, reader)[-1]
    app.close()
    assert (last.plugin, last.title, last.score, last.fixes[0][2]) == (
        "sales",
        "Deals with a date",
        75.0,
        "no closing date",
    )


def test_an_empty_workspace_is_all_right(crm: Callable[..., Result]) -> None:
    assert {one["score"] for one in json.loads(crm("quality", "--json").stdout)["figures"]} == {100.0}
    assert json.loads(crm("quality", "--fix-queue", "--json").stdout) == []


def test_the_queue_empties_by_its_own_commands(crm: Callable[..., Result], workspace: str) -> None:
    app = App(workspace)
    with app.transaction() as tx:
        person(tx, "Ada", ("email", "ada@@example.cn"))
        person(tx, "13800138009", ("phone", "13800138009"), old=True)
    values = {"VALUE": "ada@example.cn", "ADDRESS": "zhou@example.cn", "NUMBER": "13800138001", "NAME": "周杰"}
    followed = []
    while queue := json.loads(crm("quality", "--fix-queue", "--json").stdout):
        followed.append(queue[0]["figure"])
        crm(*[values.get(word, word) for word in queue[0]["command"].split()[1:]])
    assert followed == [
        "E-mail addresses that are valid",
        "Contacts with a valid e-mail address",
        "Contacts with a name",
    ]
    with app.read() as reader:
        point = next(each.id for each in reader.rows(contact_point.select()) if each.value == "ada@example.cn")
    assert "is not an e-mail address" in crm("quality", "correct", point, "nonsense", code=1).stderr
    assert "There is no" in crm("quality", "correct", 99999, "a@example.cn", code=1).stderr
    app.close()
