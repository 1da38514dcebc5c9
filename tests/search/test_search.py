"""`crm search` on a small address book, through the command line."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import event, func, insert, select, text

from crmcore.app import App
from crmcore.engine.tables import contact, contact_point
from crmcore.model.interaction import Interaction, Task
from crmcore.model.party import Contact, ContactPoint, Customer, Position
from crmcore.model.user import User
from crmcore.search.query import search

Crm = Callable[..., Result]


@pytest.fixture
def people(app: App) -> dict[str, int]:
    """An address book of five, and what was said; Tom keeps some of it to himself."""
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    with app.transaction() as tx:
        tom = tx.add(User(login="tom", name="Tom"))
        acme = tx.add(Customer(name="Acme Routers Ltd"))
        li = tx.add(Contact(name="李伟"))
        wang = tx.add(Contact(name="王芳"))
        anna = tx.add(Contact(name="Anna Müller-Lüdenscheidt"))
        hidden = tx.add(Contact(name="李秘密", private=True, owner_id=tom.id))
        tx.add(Position(contact_id=anna.id, customer_id=acme.id))
        tx.add(
            ContactPoint(kind="email", value="Anna.M@acme.example", normal="anna.m@acme.example", contact_id=anna.id)
        )
        tx.add(ContactPoint(kind="phone", value="139 1234 5678", normal="+8613912345678", contact_id=wang.id))
        tx.add(ContactPoint(kind="phone", value="+49 30 9012", normal="+49309012", customer_id=acme.id))
        call = tx.add(
            Interaction(
                channel="call", contact_id=li.id, at=at, subject="报价单", body="他要八台路由器的报价单，周五前"
            )
        )
        private = tx.add(
            Interaction(
                channel="note",
                contact_id=li.id,
                at=at,
                subject="路由器",
                body="秘密路由器",
                private=True,
                user_id=tom.id,
            )
        )
        li.note = "喜欢喝茶，问过蝶阀的价格"
        acme.note = "Buys butterfly valves (蝶阀)"
        hidden.note = "蝶阀，不要告诉别人"
        tx.add(Contact(name="蝶阀专家", note="什么蝶阀都懂"))
        task = tx.add(Task(subject="Send the café brochure", contact_id=anna.id, sentence="wants the brochure"))
        tx.add(Task(subject="秘密路由器 quote", interaction_id=private.id, owner_id=tom.id))
        tx.add(Task(subject="Ask 李秘密 about the brochure", contact_id=hidden.id))
    named = {"tom": tom, "acme": acme, "li": li, "wang": wang, "anna": anna, "call": call, "task": task}
    return {name: int(record.id) for name, record in named.items()}  # type: ignore[attr-defined] # records have ids


def found(crm: Crm, *arguments: object) -> list[tuple[int, str]]:
    hits: list[dict[str, Any]] = json.loads(crm("search", *arguments, "--json").stdout)
    return [(hit["id"], hit["matched"]) for hit in hits]


CASES: list[tuple[str, list[tuple[str, str]]]] = [
    ("李伟", [("li", "name")]),
    ("Li Wei", [("li", "name")]),
    ("wei li", [("li", "name")]),
    ("伟", [("li", "name")]),
    ("王", [("wang", "name")]),
    ("muller", [("anna", "name")]),
    ("denscheidt anna", [("anna", "name")]),
    ("router", [("acme", "name")]),
    ("anna.m@acme.example", [("anna", "email")]),
    ("Anna.M", [("anna", "email")]),
    ("13912345678", [("wang", "phone")]),
    ("139 1234", [("wang", "phone")]),
    ("+86 139", [("wang", "phone")]),
    ("+4930", [("acme", "phone")]),
    ("报价单", [("call", "subject")]),
    ("八台", [("call", "body")]),
    ("路由器", [("call", "body")]),
    ("cafe", [("task", "subject")]),
    ("brochure", [("task", "subject")]),
    ("nobody at all", []),
    ("!?", []),
]


def test_finds(crm: Crm, people: dict[str, int]) -> None:
    for sought, expected in CASES:
        assert found(crm, sought) == [(people[name], matched) for name, matched in expected], sought


def test_an_underscore_is_between_two_words(app: App, crm: Crm, people: dict[str, int]) -> None:
    with app.transaction() as tx:
        tx.add(ContactPoint(kind="email", value="li_wei@x.example", normal="li_wei@x.example", contact_id=people["li"]))
        tx.add(Interaction(channel="note", contact_id=people["li"], at=tx.now, subject="offer_2026_v2.pdf"))
    for sought in ("offer_2026", "2026_v2", "_", "li_wei"):
        crm("search", sought)
        crm("contact", "list", sought)
    assert [hit["entity"] for hit in json.loads(crm("search", "offer_2026_v2", "--json").stdout)] == ["interaction"]
    assert [hit["id"] for hit in json.loads(crm("search", "li_wei@x", "--json").stdout)] == [people["li"]]


def test_shows_what_matched_and_where(crm: Crm, people: dict[str, int]) -> None:
    [hit] = json.loads(crm("search", "路由器", "--json").stdout)
    assert (hit["entity"], hit["context"], hit["snippet"]) == ("interaction", "李伟", "他要八台路由器的报价单，周五前")
    [hit] = json.loads(crm("search", "lüdenscheidt", "--json").stdout)
    assert (hit["title"], hit["context"]) == ("Anna Müller-Lüdenscheidt", "Acme Routers Ltd")
    shown = crm("search", "路由器").stdout
    assert "李伟" in shown
    assert "2026-11-20" in shown


def test_notes_on_parties_are_found_after_names(crm: Crm, people: dict[str, int]) -> None:
    hits = json.loads(crm("search", "蝶阀", "--json").stdout)
    assert [(hit["title"], hit["matched"]) for hit in hits] == [
        ("蝶阀专家", "name"), ("李伟", "note"), ("Acme Routers Ltd", "note"),
    ]  # fmt: skip
    assert [hit["snippet"] for hit in hits[1:]] == ["喜欢喝茶，问过蝶阀的价格", "Buys butterfly valves (蝶阀)"]
    owner = json.loads(crm("search", "蝶阀", "--json", CRM_USER="tom").stdout)
    assert "李秘密" in {hit["title"] for hit in owner}
    paged, after = [], None
    while page := found(crm, "蝶阀", "--limit", 1, *(("--after", after) if after else ())):
        paged += page
        after = page[-1][0]
    assert paged == found(crm, "蝶阀")


def test_the_index_follows_the_note(app: App, crm: Crm, people: dict[str, int]) -> None:
    wang = people["wang"]
    assert found(crm, "围棋") == []
    crm("contact", "edit", wang, "--note", "会下围棋")
    assert found(crm, "围棋") == [(wang, "note")]
    crm("contact", "edit", wang, "--note", "会打桥牌")
    assert (found(crm, "围棋"), found(crm, "桥牌")) == ([], [(wang, "note")])
    assert crm("doctor").exit_code == 0
    crm("contact", "edit", wang, "--note", "")
    assert found(crm, "桥牌") == []
    crm("contact", "edit", wang, "--note", "会打桥牌")
    crm("contact", "remove", wang, "--yes")
    assert found(crm, "桥牌") == []
    assert crm("doctor").exit_code == 0


def test_what_others_keep_private_is_not_found(crm: Crm, people: dict[str, int]) -> None:
    assert found(crm, "秘密") == []
    assert "Nothing found" in crm("search", "秘密").stderr
    owner = json.loads(crm("search", "秘密", "--json", CRM_USER="tom").stdout)
    assert {hit["title"] for hit in owner} == {"李秘密", "路由器", "秘密路由器 quote", "Ask 李秘密 about the brochure"}


def test_pages_follow_each_other_without_gap_or_repetition(crm: Crm, people: dict[str, int]) -> None:
    whole = found(crm, "o")
    assert len(whole) >= 2
    paged, after = [], None
    while page := found(crm, "o", "--limit", 1, *(("--after", after) if after else ())):
        paged += page
        after = page[-1][0]
    assert paged == whole


def test_statements_are_few_and_use_the_indexes(app: App, people: dict[str, int]) -> None:
    with app.engine.begin() as connection:
        template = dict(connection.execute(select(contact).where(contact.c.id == people["li"])).mappings().one())
        last = connection.execute(select(func.max(contact.c.id))).scalar_one()
        connection.execute(
            insert(contact),
            [
                {
                    **template,
                    "id": last + n,
                    "name": f"Zoe {n}",
                    "note": "",
                    "search": f"zoe {n}",
                    "name_key": f"{n} zoe",
                }
                for n in range(1000, 6000)
            ],
        )
        way = dict(
            connection.execute(select(contact_point).where(contact_point.c.contact_id == people["wang"]))
            .mappings()
            .one()
        )
        connection.execute(
            insert(contact_point),
            [
                {**way, "id": last + 10_000 + n, "normal": f"+8613812{n}", "contact_id": last + n}
                for n in range(1000, 6000)
            ],
        )
        connection.execute(text("ANALYZE"))
    for sought in ("李伟", "伟", "李", "Li Wei", "muller", "13912", "报价单", "蝶阀"):
        assert_indexed(app, sought)


def assert_indexed(app: App, sought: str) -> None:
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        statements.append((statement, parameters))

    with app.read(app.actor("ann")) as reader:
        event.listen(app.engine, "before_cursor_execute", note)
        hits = search(reader, sought, limit=50, region="CN")
        event.remove(app.engine, "before_cursor_execute", note)
        assert hits
        assert len(statements) <= 15
        sqlite = app.engine.dialect.name == "sqlite"
        for statement, parameters in statements:
            plan = reader.connection.exec_driver_sql(
                ("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + statement, parameters
            ).all()
            steps = [str(row[-1]) for row in plan]
            scanned = [step for step in steps if "SCAN contact" in step or "Seq Scan on contact " in step]
            scanned = [step for step in scanned if "ix_contact_private" not in step]  # holds private ones alone
            assert not scanned, (statement, steps)
