"""Selections: what is told of each part, what is refused and where, and that the actor sees no more than elsewhere."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from click.testing import Result
from sqlalchemy import event, func, select

from crmcore.api import (
    TODAY,
    App,
    Contact,
    ContactPoint,
    Customer,
    InvalidInput,
    PluginError,
    Position,
    Reader,
    Task,
    Trait,
    askable,
    counted,
    impl,
    selection,
    tables,
)


def _overdue(reader: Reader, kind: str) -> Trait:
    if reader.value(select(tables.task.c.id).where(tables.task.c.kind == kind)) is None and kind != "promise":
        raise InvalidInput(f"There are no tasks of the kind “{kind}”.")
    c = tables.task.c
    late = (
        select(c.contact_id, func.count().label("number")).where(c.kind == kind, c.due < TODAY).group_by(c.contact_id)
        .subquery()
    )  # fmt: skip
    return Trait(
        name="late", title=kind, of="contact", kind="number", source=late, key=late.c.contact_id, value=late.c.number,
        empty=0,
    )  # fmt: skip


@impl
def crm_traits() -> Iterator[Trait]:
    yield Trait(name="late", title="What is late, by kind", of="contact", kind="number", by=_overdue)
    yield Trait(name="broken", title="Answers nothing", of="contact", kind="number", by=lambda *_asked: None)  # type: ignore[arg-type,return-value] # on purpose


@pytest.fixture
def app(workspace: str) -> Iterator[App]:
    """Six people: Li and Wang at Ji, and Wang at Glas for longer; three of the rest with no customer, one merged."""
    opened = App(workspace, plugins=[("probe", SimpleNamespace(crm_traits=crm_traits))], strict=True)
    with opened.transaction() as tx:
        ji, glas = tx.add(Customer(name="Ji")), tx.add(Customer(name="Glas", kind="individual"))
        people = [tx.add(Contact(name=name, language=said)) for name, said in _PEOPLE]
        tx.add(Position(contact_id=people[0].id, customer_id=ji.id))
        tx.add(Position(contact_id=people[1].id, customer_id=glas.id))
        tx.add(Position(contact_id=people[1].id, customer_id=ji.id))
        tx.add(ContactPoint(contact_id=people[0].id, kind="email", value="li@example.com"))
        tx.add(ContactPoint(contact_id=people[1].id, kind="email", value="w@example.com", status="bounced"))
        tx.add(Task(subject="call", contact_id=people[2].id, due=tx.now.date().replace(year=2020)))
        people[5].merged_into_id = people[0].id
    yield opened
    opened.close()


_PEOPLE = [("Li", "zh"), ("Wang", "zh"), ("Ann", "en"), ("Bo", ""), ("Cy", ""), ("Lee", "zh")]


def chosen(reader: Reader, expression: str, of: str = "contact") -> list[str]:
    table = tables.contact if of == "contact" else tables.customer
    found = selection(reader, expression, of).statement
    return [row.name for row in reader.rows(select(table.c.name).where(table.c.id.in_(found)).order_by(table.c.id))]


def test_whom_expressions_choose(app: App) -> None:
    with app.read() as reader:
        for expression, expected in (
            ("", ["Li", "Wang", "Ann", "Bo", "Cy"]),
            ("contact.language != 'zh'", ["Ann"]),
            ("!(contact.language == 'zh')", ["Ann"]),
            ("!has(contact.language)", ["Bo", "Cy"]),
            ("contact.language == '' || contact.language == null", ["Bo", "Cy"]),
            ("customer.name == 'Ji'", ["Li"]),
            ("!has(customer.name)", ["Ann", "Bo", "Cy"]),
            ("contact.has_email", ["Li"]),
            ("!contact.has_email && has(customer.id)", ["Wang"]),
            ("probe.late('task') > 0", ["Ann"]),
            ("probe.late('task') == 0 && probe.late('promise') == 0", ["Li", "Wang", "Bo", "Cy"]),
            ("contact.name.startsWith('L') // only these", ["Li"]),
        ):
            assert chosen(reader, expression) == expected, expression
        assert chosen(reader, "customer.contacts >= 2 && customer.kind == 'organisation'", "customer") == ["Ji"]


def test_every_part_tells_how_many_it_leaves_out(app: App) -> None:
    with app.read() as reader:
        one = selection(reader, "contact.language == 'zh' && (contact.has_email || contact.name == 'Ann')")
        asked: list[str] = []
        event.listen(reader.connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        found = counted(reader, one)
        judged = reader.rows(one.judged.order_by(tables.contact.c.id).limit(3))
    assert len(asked) == 2
    assert (found.total, found.chosen) == (5, 1)
    assert [(part.text, part.count, part.alone) for part in found.parts] == [
        ("contact.language == 'zh'", 3, 1), ("(contact.has_email || contact.name == 'Ann')", 3, 1)
    ]  # fmt: skip
    assert [(row.part_0, row.part_1) for row in judged] == [(True, True), (True, False), (False, True)]


REFUSED = [
    ("contact.nam == 'x'", "At character 1: there is no “contact.nam”; did you mean contact.name"),
    ("contact.language == 'zh' && nope", "At character 29: there is no “nope”."),
    ("contact.name > 3", "At character 1: a text cannot be compared with a number."),
    ("contact.name.matches('x')", "At character 1: “matches” cannot be asked of all at once."),
    ("[1].exists(a, a == contact.id)", "At character 1: “exists” cannot be asked of all at once."),
    ("has(contact.name) < true", "true is not less or more than false"),
    ("contact.name", "At character 1: “contact.name” is not true or false."),
    ("contact.created_at > date('2026-13-01')", "At character 22: “date('2026-13-01')” has no value."),
    ("days_since(contact.name) > 3", "At character 1: days_since(…) takes one date or instant."),
    ("days_since(contact.created_at) > contact.id", "At character 34: days_since(…) is compared with a number."),
    ("probe.late > 1", 'At character 1: probe.late is asked with a text: probe.late("…").'),
    ("contact.interactions('x') > 1", "contact.interactions is asked without a text"),
    ("probe.late('x') > 1", "At character 1: There are no tasks of the kind “x”."),
    ("contact.name + 1 == 'x'", "At character 16: “1” is not a text."),
    ("contact.language in contact.name", "At character 21: “in” takes a list"),
    ("contact.name == 'a' &&", "not a valid expression: it ends too early"),
    ("x" * 1001, "longer than 1000 characters"),
]


def test_refuses_with_the_place(app: App) -> None:
    with app.read() as reader:
        for expression, told in REFUSED:
            with pytest.raises(InvalidInput) as caught:
                selection(reader, expression)
            assert told in str(caught.value)
            assert "\n" not in str(caught.value)


def test_refuses_what_is_not_of_customers_and_what_answers_no_trait(app: App) -> None:
    with app.read() as reader:
        with pytest.raises(InvalidInput, match="known of contacts, and customers are selected"):
            selection(reader, "contact.name == 'x'", "customer")
        with pytest.raises(InvalidInput, match="Contacts or customers"):
            selection(reader, "", "order")
        with pytest.raises(PluginError, match="answers no trait for “x”"):
            selection(reader, "probe.broken('x') > 1")


def test_tells_what_can_be_asked(app: App) -> None:
    with app.read() as reader:
        known = {one.name: one for one in askable(reader)}
    assert known["contact.language"].kind == "text"
    assert known["customer.last_interaction"].kind == "instant"
    assert known["probe.late"].takes_text
    assert not {"contact.search", "contact.details", "contact.custom"} & known.keys()


def test_an_actor_chooses_only_whom_it_sees(app: App, crm: Callable[..., Result]) -> None:
    crm("user", "add", "bob", "--role", "rep")
    with app.transaction(app.actor("ann")) as tx:
        tx.add(Contact(name="Secret", language="zh", private=True, owner_id=tx.actor.user_id))
    for login, expected in (("ann", ["Li", "Wang", "Secret"]), ("bob", ["Li", "Wang"])):
        with app.read(app.actor(login)) as reader:
            assert chosen(reader, "contact.language == 'zh'") == expected
            assert counted(reader, selection(reader, "contact.language == 'zh'")).chosen == len(expected)


def test_a_plugin_that_fails_is_named_and_others_go_on(workspace: str) -> None:
    @impl
    def crm_traits() -> Iterator[Trait]:
        raise ValueError("boom")

    def by(_reader: Reader, _text: str) -> Trait:
        raise ZeroDivisionError("by nothing")

    @impl(specname="crm_traits")
    def traits() -> list[Trait]:
        return [Trait(name="odd", title="Odd", of="contact", kind="number", by=by)]

    app = App(
        workspace,
        plugins=[("bad", SimpleNamespace(crm_traits=crm_traits)), ("worse", SimpleNamespace(traits=traits))],
    )
    with app.read() as reader:
        assert reader.rows(selection(reader, "contact.interactions == 0").statement) == []
        with pytest.raises(PluginError, match=r"worse.*by nothing"):
            selection(reader, "worse.odd('x') > 1")
        with pytest.raises(InvalidInput, match=r"there is no “bad\.x”"):
            selection(reader, "bad.x > 1")
    assert [one.plugin for one in app.dispatcher.failures] == ["bad", "worse"]
    app.close()
