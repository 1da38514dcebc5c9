"""A form of one plugin, filled in by somebody who knows nothing of it (decision 0042)."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from crmcore.api import (
    Answered,
    Contact,
    Customer,
    Form,
    Plugin,
    Position,
    Question,
    Sum,
    answers_known,
    form_named,
    forms,
    impl,
    tables,
)
from crmcore.app import App
from crmcore.errors import InvalidInput, NotFound, PluginError
from crmcore.testing.statements import Statements


@pytest.fixture
def bargaining(here, workspace):
    here.environment["CRM_DATABASE_URL"] = workspace
    here.install("bargains")
    here.crm("plugin", "enable", "bargains")
    opened = App(workspace, strict=True)
    yield opened
    opened.close()


def test_a_form_is_filled_in_set_wise_linked_and_known_afterwards(bargaining):
    app = bargaining
    with app.transaction() as tx:
        firm = tx.add(Customer(name="Huaxin"))
        people = [tx.add(Contact(name=f"Person {place}")) for place in range(40)]
        for one in people[:39]:
            tx.add(Position(contact_id=one.id, customer_id=firm.id))
        alone = people[39].id
    with app.read() as reader:
        assert [one.name for one in forms(reader)] == ["bargains.wish"]
        assert answers_known(reader, form_named(reader, "bargains.wish"), [people[0].id]) == {}
    values = {"product": "valve", "price": Sum(value=Decimal(12)), "region": "north"}

    def fill(some):
        with app.transaction() as tx, Statements(app) as said:
            told = tx.fill_in("bargains.wish", [
                Answered(contact_id=one.id, at=tx.now, values=values, about="L7", origin=("contact", one.id))
                for one in some
            ])  # fmt: skip
            tx.flush()
        return told, len(said)

    (one,), few = fill(people[:1])
    assert (one.entity, one.result, one.problem) == ("bargains_deal", "offered", "")
    kept, many = fill(people[1:])
    assert many <= few + 2  # ids are drawn in blocks
    assert [each.problem for each in kept[-2:]] == ["", "works nowhere"]
    with app.read() as reader:
        link = tables.link.c
        linked = {row.from_id: row.to_id for row in reader.rows(select(link.from_id, link.to_id))}
        assert linked == {person.id: done.id for person, done in zip(people, [one, *kept], strict=True) if done.id}
        assert alone not in linked
        form = form_named(reader, "bargains.wish")
        assert answers_known(reader, form, [people[3].id])[people[3].id] == {"region": "north"}
    answer = Answered(contact_id=alone, at=tx.now, values={"colour": "red"})
    for name, said, error in (
        ("bargains.wish", "Wish does not ask for colour", InvalidInput),
        ("absent", "there are: bargains.wish", NotFound),
    ):
        with pytest.raises(error, match=said), app.transaction() as tx:
            tx.fill_in(name, [answer])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda tx, answers: [], "kept 0 of 1"),
        (lambda tx, answers: ["kept"], "kept 0 of 1"),
        (lambda tx, answers: answers[0].values.clear(), "form desk.wish"),
        (lambda tx, answers: 1 / 0, "Plugin desk failed in form desk.wish: ZeroDivisionError"),
    ],
)
def test_a_form_that_keeps_nothing_leaves_nothing_behind_and_is_named(workspace, answer, said):
    def keep(tx, answers):
        tx.add(Contact(name="Half done"))
        return answer(tx, answers)

    questions = (Question(name="what", label="What"),)
    made = Form(name="desk.wish", title="", questions=questions, keep=keep, known=lambda reader, ids: ids[7])
    desk = SimpleNamespace(PLUGIN=Plugin(name="desk", title="desk"), crm_forms=impl(lambda: [made]))
    app = App(workspace, plugins=[("desk", desk)])
    with app.transaction() as tx:
        ida = tx.add(Contact(name="Ida"))
    given = Answered(contact_id=ida.id, at=tx.now, values={"what": "x"})
    with pytest.raises(PluginError, match=said), app.transaction() as tx:
        tx.fill_in("desk.wish", [given])
    with app.read() as reader:
        assert [row.name for row in reader.rows(select(tables.contact.c.name))] == ["Ida"]
        assert answers_known(reader, form_named(reader, "desk.wish"), [ida.id]) == {}
    app.close()


def test_without_any_form_that_is_said(app):
    with pytest.raises(NotFound, match="no plugin that has one is enabled"), app.transaction() as tx:
        tx.fill_in("marketing.qualification", [])
