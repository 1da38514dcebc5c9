"""Links between what is converted, trails along them in both directions, and handing over (row S4-01)."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from attrs import evolve
from sqlalchemy import select

from crmcore.api import Contact, Customer, Interaction, Plugin, Prospect, Taker, Task, impl, tables
from crmcore.app import App
from crmcore.delivery.run import deliver
from crmcore.engine.mapping import CORE_ENTITIES, Entities
from crmcore.errors import InvalidInput, NotFound, PluginError, Refused
from crmcore.hooks.entities import EntityType
from crmcore.review.merge import merge, unmerge
from crmcore.testing.statements import Statements
from crmcore.trails.naming import entity_named, record_named, short
from crmcore.trails.trail import Trail, trail


def taking(name: str, take: Callable[..., Any], entity: str = "task") -> tuple[str, ModuleType]:
    """Return a plugin that takes over."""
    module = ModuleType(name)
    module.PLUGIN = Plugin(name=name, title=name)  # type: ignore[attr-defined] # a module made here
    module.crm_takers = impl(  # type: ignore[attr-defined] # likewise
        lambda: [Taker(name="tasks", title="tasks", entity=entity, take=take)]
    )
    return name, module


def tasks(tx: Any, prospects: Any) -> list[int]:
    """Make a task of each prospect, as a desk would."""
    made = [
        tx.add(Task(subject=one.title, contact_id=one.contact_id, due=one.need_by, amount=one.quantity))
        for one in prospects
    ]
    return [one.id for one in made]


@pytest.fixture
def opened(workspace: str) -> Iterator[Callable[..., App]]:
    """Open the workspace with plugins."""
    apps: list[App] = []

    def make(*plugins: tuple[str, ModuleType], strict: bool = False) -> App:
        apps.append(App(workspace, plugins=plugins, strict=strict))
        return apps[-1]

    yield make
    for one in apps:
        one.close()


def along(app: App, entity: str, record_id: int, limit: int = 200, login: str = "") -> Trail:
    with app.read(app.actor(login)) if login else app.read() as reader:
        return trail(reader, app.assembly.entities, (entity, record_id), limit=limit)


def stops(found: Trail) -> list[tuple[int, str, int]]:
    return [(one.step, one.entity, one.id) for one in found.stops]


def chain(app: App) -> tuple[Contact, Interaction, list[Task]]:
    """A person who led to a talk, which led to two tasks, one of which led to a third."""
    with app.transaction() as tx:
        ida = tx.add(Contact(name="Ida Rhodes"))
        talk = tx.add(Interaction(channel="call", subject="Pumps", at=tx.now, contact_id=ida.id))
        made = [tx.add(Task(subject=f"Task {place}", contact_id=ida.id)) for place in range(3)]
        tx.link(ida, talk, "asked")
        tx.link(talk, made[0])
        tx.link(talk, ("task", made[1].id))
        tx.link(made[1], made[2])
    return ida, talk, made


def test_a_trail_leads_from_any_record_to_both_ends(app: App, crm: Callable[..., Any]) -> None:
    ida, talk, (one, two, three) = chain(app)
    whole = [(0, "contact", ida.id), (1, "interaction", talk.id), (2, "task", one.id), (2, "task", two.id)]
    assert stops(along(app, "contact", ida.id)) == [*whole, (3, "task", three.id)]
    found = along(app, "task", three.id)
    assert stops(found) == [
        (-3, "contact", ida.id), (-2, "interaction", talk.id), (-1, "task", two.id), (0, "task", three.id)
    ]  # fmt: skip
    assert [one.came_of.link if one.came_of else "" for one in found.stops] == ["", "asked", "became", "became"]
    assert [(one.title, one.state) for one in found.stops[1:3]] == [("Pumps", ""), ("Task 1", "open")]
    assert [step for step, _entity, _id in stops(along(app, "task", two.id))] == [-2, -1, 0, 1]
    cut = along(app, "contact", ida.id, limit=2)
    assert (len(cut.stops), cut.cut) == (3, True)
    printed = crm("trail", "task", three.id).stdout
    assert "Ida Rhodes" in printed
    assert "→" in printed
    told = json.loads(crm("trail", "interaction", talk.id, "--json").stdout)
    assert [(each["step"], each["name"], each["id"]) for each in told["trail"]][:2] == [
        (-1, "contact", ida.id), (0, "interaction", talk.id)
    ]  # fmt: skip
    assert told["trail"][2]["came_of"] == {
        "entity": "interaction", "name": "interaction", "id": talk.id, "link": "became"
    }  # fmt: skip
    assert "There is no task 999999" in crm("trail", "task", 999999, code=1).stderr
    assert "no kind of record “cow”; there are: contact" in crm("trail", "cow", 1, code=1).stderr
    journalled = json.loads(crm("history", talk.id, "--json").stdout)
    assert [each["data"] for each in journalled if each["type"] == "interaction.linked"] == [
        {"kind": "became", "to": ["task", two.id]}, {"kind": "became", "to": ["task", one.id]}
    ]  # fmt: skip


def test_the_statements_of_a_trail_grow_with_its_steps_not_with_its_records(app: App) -> None:
    ida, talk, _tasks = chain(app)
    with Statements(app) as few:
        along(app, "contact", ida.id)
    with app.transaction() as tx:
        for place in range(100):
            tx.link(talk, tx.add(Task(subject=f"More {place}")))
    with Statements(app) as many:
        assert len(along(app, "contact", ida.id).stops) == 105
    assert len(many) == len(few) <= 12


def test_what_is_hidden_ends_a_trail_and_what_was_removed_is_told(app: App, crm: Callable[..., Any]) -> None:
    ida, _talk, (one, two, three) = chain(app)
    crm("user", "add", "bob", "--role", "rep")
    assert len(along(app, "task", three.id, login="bob").stops) == 4
    with app.transaction() as tx:
        tx.remove(tx.get(Task, two.id))
        bob = app.actor("bob").user_id
    found = along(app, "task", three.id)
    assert [(each.step, each.present, each.title) for each in found.stops][2:] == [(-1, False, ""), (0, True, "Task 2")]
    assert "not here any more" in crm("trail", "task", three.id).stdout
    with app.transaction() as tx:
        person = tx.get(Contact, ida.id)
        person.private, person.owner_id = True, app.actor("ann").user_id
    assert bob
    with pytest.raises(NotFound):
        along(app, "task", one.id, login="bob")
    with pytest.raises(NotFound):
        along(app, "contact", ida.id, login="bob")
    assert len(along(app, "task", one.id).stops) == 3


def test_links_go_with_a_merge_and_come_back(app: App) -> None:
    ida, talk, _tasks = chain(app)
    with app.transaction() as tx:
        other = tx.add(Contact(name="Ida M. Rhodes"))
    with app.transaction() as tx:
        key = merge(tx, "contact", other.id, ida.id, cause="a test")
    assert stops(along(app, "interaction", talk.id))[0] == (-1, "contact", other.id)
    with app.transaction() as tx:
        unmerge(tx, key)
    assert stops(along(app, "interaction", talk.id))[0] == (-1, "contact", ida.id)


def test_links_travel_in_a_backup(app: App, crm: Callable[..., Any], tmp_path: Any) -> None:
    ida, *_rest = chain(app)
    before = json.loads(crm("trail", "contact", ida.id, "--json").stdout)
    crm("backup", tmp_path / "all.zip")
    crm("restore", tmp_path / "all.zip", CRM_DATABASE_URL=f"sqlite:///{tmp_path / 'again.db'}")
    after = crm("trail", "contact", ida.id, "--json", CRM_DATABASE_URL=f"sqlite:///{tmp_path / 'again.db'}").stdout
    assert json.loads(after) == before


def test_what_is_handed_over_is_taken_as_a_whole_and_linked(opened: Callable[..., App]) -> None:
    asked: list[Any] = []

    def take(tx: Any, prospects: Any) -> list[int]:
        asked.append((type(tx).__name__, len(prospects)))
        return tasks(tx, prospects)

    app = opened(taking("desk", take), taking("later", lambda tx, prospects: []), strict=True)
    with app.transaction() as tx:
        people = [tx.add(Contact(name=f"Person {place}")) for place in range(50)]
        prospect = Prospect(title="Wants 40", quantity=Decimal(40), need_by=date(2027, 2, 1))
        taken = tx.hand_over([evolve(prospect, contact_id=one.id, origin=("contact", one.id)) for one in people])
    assert asked == [("NotifyTransaction", 50)]
    with app.read() as reader:
        rows = reader.rows(select(tables.task.c["id", "contact_id", "amount", "due"]).order_by(tables.task.c.id))
    assert [("task", row.id) for row in rows] == list(taken)
    assert {(row.amount, row.due) for row in rows} == {(Decimal(40), date(2027, 2, 1))}
    for one, row in zip(people, rows, strict=True):
        assert row.contact_id == one.id
    assert stops(along(app, "contact", people[7].id)) == [(0, "contact", people[7].id), (1, "task", rows[7].id)]


def test_a_plugin_hands_over_on_what_it_hears(opened: Callable[..., App]) -> None:
    module = ModuleType("giver")
    module.PLUGIN = Plugin(name="giver", title="giver", hears=("contact.created",))

    def crm_on_event(event: Any, tx: Any) -> None:
        assert [one.title for one in tx.declared("crm_takers")] == ["tasks"]
        ((entity, record_id),) = tx.hand_over([Prospect(title="Call", contact_id=event.subject_id)])
        tx.link(("contact", event.subject_id), (entity, record_id), "called")

    module.crm_on_event = impl(crm_on_event)
    app = opened(("giver", module), taking("desk", tasks), strict=True)
    with app.transaction() as tx:
        ida = tx.add(Contact(name="Ida"))
    deliver(app)
    assert [(one.entity, one.title) for one in along(app, "contact", ida.id).stops] == [
        ("contact", "Ida"), ("task", "Call")
    ]  # fmt: skip


def test_who_takes_nothing_or_too_little_or_fails_leaves_nothing_behind(opened: Callable[..., App]) -> None:
    def broken(tx: Any, prospects: Any) -> list[int]:
        tasks(tx, prospects)
        raise RuntimeError("boom")

    def refusing(tx: Any, prospects: Any) -> list[int]:
        raise Refused(["not today"])

    for plugins, error, said in (
        ((), NotFound, "Nobody here takes over"),
        ((taking("short", lambda tx, prospects: []),), PluginError, "answered 0 records for 1"),
        ((taking("broken", broken),), PluginError, "Plugin broken failed in taker tasks: RuntimeError: boom"),
        ((taking("refusing", refusing),), Refused, "not today"),
    ):
        app = opened(*plugins)
        with pytest.raises(error, match=said), app.transaction() as tx:
            ida = tx.add(Contact(name="Ida"))
            tx.hand_over([Prospect(title="Call", contact_id=ida.id, origin=("contact", ida.id))])
        with app.read() as reader:
            assert reader.rows(select(tables.task.c.id)) == []
            assert reader.rows(select(tables.link.c.id)) == []
    with pytest.raises(PluginError, match="no kind of record"), app.transaction() as tx:
        tx.link(("cow", 1), ("contact", 2))


def test_a_short_name_means_one_kind_of_record() -> None:
    made = [EntityType(cls=one.cls, table=one.table.to_metadata(other, name=name)) for one, other, name in _twins()]
    entities = Entities([*CORE_ENTITIES, *made])
    assert entity_named(entities, "task").name == "task"
    assert entity_named(entities, "Quote").name == "sales_quote"
    assert entity_named(entities, "quote-line").name == "sales_quote_line"
    assert entity_named(entities, "sales_task").name == "sales_task"
    names = {each.name: short(entities, each.name) for each in made}
    assert names == {
        "sales_task": "sales_task", "sales_quote": "quote", "sales_quote_line": "quote_line", "sales_line": "line",
        "sales_case": "sales_case", "service_case": "service_case",
    }  # fmt: skip
    with pytest.raises(InvalidInput, match="may be sales_case, service_case"):
        entity_named(entities, "case")


def test_a_record_is_named_by_its_id_or_by_what_it_is_called(app: App) -> None:
    with app.transaction() as tx:
        one, *others = (tx.add(Customer(name=name)) for name in ("东方机械", "Twin", "Twin"))
    with app.read() as reader:
        kind = app.assembly.entities.named("customer").table
        said = ("东方机械", str(one.id), f"C{one.id}")
        assert {record_named(reader, kind, text, prefix="C") for text in said} == {one.id}
        with pytest.raises(InvalidInput, match=str(others[1].id)):
            record_named(reader, kind, "twin")
        with pytest.raises(NotFound):
            record_named(reader, kind, "nobody")


def _twins() -> Iterator[tuple[Any, Any, str]]:
    from sqlalchemy import MetaData

    of_task = next(one for one in CORE_ENTITIES if one.cls is Task)
    names = ("sales_task", "sales_quote", "sales_quote_line", "sales_line", "sales_case", "service_case")
    for name in names:
        yield of_task, MetaData(), name
