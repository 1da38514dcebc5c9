"""A field hidden from a role is in no answer to it: not by a name, a function, a condition, an order or a text."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from attrs import define
from sqlalchemy import (
    BigInteger,
    Column,
    MetaData,
    Numeric,
    Table,
    Text,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    text,
    union_all,
)  # fmt: skip

from crmcore.app import App
from crmcore.engine.tables import contact, definition, interaction, journal, task
from crmcore.errors import Denied
from crmcore.hooks.entities import EntityType
from crmcore.hooks.kinds import impl
from crmcore.lifecycle import generation
from crmcore.model.interaction import Interaction, Task
from crmcore.model.party import Contact
from crmcore.model.user import User

MARGIN = "the margin is 40 per cent"
PRICE = Decimal("98765.43")

metadata = MetaData()
deal = Table(
    "deals_deal",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    Column("product", Text, nullable=False),
    Column("price", Numeric(12, 2)),
    Column("cost", Numeric(12, 2), info={"hidden_from": ("service",)}),
    Column("contact_id", BigInteger),
)


@define(kw_only=True, eq=False)
class Deal:
    """What is sold."""

    product: str
    price: Decimal | None = None
    cost: Decimal = Decimal("7.00")
    contact_id: int | None = None
    id: int = 0
    version: int = 0


DEALS = SimpleNamespace(crm_entities=impl(lambda: [EntityType(cls=Deal, table=deal)]))


def define_(app, kind, name, **body):
    """Define a role or a field, as applying a configuration does."""
    with app.engine.begin() as connection:
        row = {"kind": kind, "name": name, "body": body, "place": 1, "at": datetime.now(UTC)}
        connection.execute(insert(definition).values(row))
        generation.advance(connection)


@pytest.fixture
def app(workspace):
    """Sue of the service does not see bodies, tasks' notes, nor what a deal costs; Bob sees everything."""
    opened = App(workspace, plugins=[("deals", DEALS)], strict=True)
    metadata.create_all(opened.engine)
    define_(opened, "field", "contact.rank")
    define_(opened, "field", "contact.shoe", type="number")
    with opened.transaction() as tx:
        tx.add(User(login="sue", role="service"))
        tx.add(User(login="bob", role="rep"))
        ida = tx.add(Contact(name="Ida", note="likes tea", custom={"rank": "gold", "shoe": 38}))
        tx.add(Interaction(channel="call", subject="a call", body=MARGIN, contact_id=ida.id))
        tx.add(Interaction(channel="call", subject="another", body="nothing much", contact_id=ida.id))
        tx.add(Deal(product="pump", price=PRICE, contact_id=ida.id))
        tx.add(Task(subject="call", note=MARGIN, contact_id=ida.id))
    hidden = ["interaction.body", "task.note", "deals_deal.price", "contact.rank"]
    define_(opened, "role", "service", hide=hidden)
    yield opened
    opened.close()


i = interaction.c
other = interaction.alias()
named = interaction.alias("named")
bodies = select(i.id, i.body).subquery()
renamed = select(i.body.label("zip"), i.id).subquery()
whole = select(interaction).subquery()
every = select(i.body).cte()
twice = union_all(select(i.body.label("said")), select(task.c.note)).subquery()
inner = select(i.contact_id, func.max(i.body).label("last")).group_by(i.contact_id).subquery()
lateral = select(named.c.body).where(named.c.contact_id == contact.c.id).limit(1).lateral()
ESCAPES = {
    "plain": select(i.body),
    "whole": select(interaction),
    "whole alias": select(other),
    "label": select(i.body.label("x")),
    "alias": select(other.c.body),
    "named alias": select(named.c.body),
    "function": select(func.upper(i.body)),
    "substr": select(func.substr(i.body, 1, 300).label("body")),
    "concatenated": select(i.subject + i.body),
    "coalesce": select(func.coalesce(i.body, "nothing")),
    "aggregate": select(func.max(i.body)),
    "window": select(func.max(i.body).over()),
    "case": select(case((i.id > 0, i.body), else_="")),
    "cast": select(cast(i.body, Text)),
    "subquery": select(bodies.c.body),
    "renamed in a subquery": select(renamed.c.zip),
    "whole in a subquery": select(whole.c.body),
    "whole of a subquery": select(select(whole).subquery()),
    "alias of a subquery": select(bodies.alias("b").c.body),
    "two deep": select(select(bodies.c.body.label("deep")).subquery().c.deep),
    "with": select(every.c.body),
    "with in a function": select(func.lower(every.c.body)),
    "union": select(twice.c.said),
    "aggregate in a subquery": select(inner.c.last),
    "scalar": select(contact.c.name, select(i.body).where(i.contact_id == contact.c.id).limit(1).scalar_subquery()),
    "join": select(i.body).join_from(contact, interaction, i.contact_id == contact.c.id),
    "outer join": select(i.body).select_from(contact.outerjoin(interaction, i.contact_id == contact.c.id)),
    "outer join of a subquery": select(bodies.c.body).select_from(contact.outerjoin(bodies, bodies.c.id > 0)),
    "own join": select(i.body).join_from(interaction, other, other.c.id == i.id),
    "distinct": select(i.body).distinct(),
    "grouped": select(i.body, func.count()).group_by(i.body),
    "as text": select(text("body")).select_from(interaction),
    "as a literal column": select(literal_column("interaction.body")).select_from(interaction),
    "as a star": select(text("*")).select_from(interaction),
}


def seen(app, login, statement):
    with app.read(app.actor(login)) as reader:
        return " ".join(str(value) for row in reader.rows(statement) for value in row).lower()


@pytest.mark.parametrize("statement", ESCAPES.values(), ids=ESCAPES.keys())
def test_a_hidden_text_is_in_no_answer(app, statement):
    assert MARGIN in seen(app, "bob", statement)
    assert MARGIN not in seen(app, "sue", statement)
    assert MARGIN in seen(app, "bob", statement), "what is kept with the statement is for one who sees the same"


def test_of_a_lateral_join_too(app):
    if app.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no lateral joins")
    statement = select(contact.c.name, lateral.c.body).join(lateral, lateral.c.body != "")
    assert MARGIN in seen(app, "bob", select(lateral.c.body).select_from(contact).join(lateral, text("true")))
    assert MARGIN not in seen(app, "sue", statement)


def test_names_and_types_stay(app):
    statement = select(i.id, i.body, i.body.label("b"), func.max(deal.c.price).label("most"), i.details).select_from(
        interaction.join(deal, deal.c.contact_id == i.contact_id)
    ).group_by(i.id, i.body, i.details).order_by(i.id)  # fmt: skip
    with app.read(app.actor("sue")) as reader:
        row = reader.rows(statement)[0]
        assert (row.body, row.b, row.most, row.details) == ("", "", None, {})
        assert row._fields == ("id", "body", "b", "most", "details")
        assert reader.value(select(func.sum(deal.c.price))) is None
        assert reader.withheld == {("interaction", "body"), ("deals_deal", "price")}


LEAKS = {
    "a filter": select(i.id).where(i.body.contains("40")),
    "a filter on nothing": select(i.id).where(i.body != ""),
    "a filter in a subquery": select(contact.c.id).where(exists().where(i.contact_id == contact.c.id, i.body != "")),
    "a number": select(deal.c.id).where(deal.c.price > 1000),
    "a filter on a subquery": select(bodies.c.id).where(bodies.c.body.contains("margin")),
    "having": select(i.contact_id).group_by(i.contact_id).having(func.max(i.body) > "the"),
    "a join": select(i.id).join(task, task.c.note == i.body).where(i.body != ""),
}


@pytest.mark.parametrize("statement", LEAKS.values(), ids=LEAKS.keys())
def test_a_condition_does_not_tell(app, statement):
    with app.read(app.actor("bob")) as reader:
        assert reader.rows(statement)
    with app.read(app.actor("sue")) as reader:
        assert reader.rows(statement) == []
        assert reader.withheld, "who asks for what is hidden learns that it is"


def test_an_order_does_not_tell(app):
    with app.read(app.actor("bob")) as reader:
        assert reader.value(select(i.subject).order_by(i.body.desc(), i.id)) == "a call"
    with app.read(app.actor("sue")) as reader:
        assert reader.value(select(i.subject).order_by(i.body.desc(), i.id.desc())) == "another"


def test_a_field_of_the_workspaces_own_is_hidden_alone(app):
    statement = select(contact.c.custom).where(contact.c.custom != {})
    with app.read(app.actor("sue")) as reader:
        assert reader.value(statement) == {"shoe": 38}
    with app.read(app.actor("bob")) as reader:
        assert reader.value(statement) == {"rank": "gold", "shoe": 38}


def test_the_journal_does_not_tell_of_hidden_fields(app):
    with app.transaction() as tx:
        for each in tx.load(Interaction):
            each.body = f"{MARGIN}!"
            each.subject = "edited"
        tx.remove(tx.load(Deal)[0])
    statement = select(journal.c.type, journal.c.data).where(
        journal.c.type.in_(["interaction.changed", "deals_deal.removed"])
    )
    with app.read(app.actor("sue")) as reader:
        told = {row.type: row.data for row in reader.rows(statement)}
    assert told["interaction.changed"].keys() == {"subject"}
    assert told["deals_deal.removed"].keys() == {"id", "product", "contact_id"} - {"id"} | set(
        told["deals_deal.removed"]
    ) & {"id"}
    assert MARGIN in seen(app, "bob", statement)
    assert str(PRICE) in seen(app, "bob", statement)


def test_who_hides_nothing_asks_as_before(app):
    with app.read(app.actor("bob")) as reader:
        for statement in ESCAPES.values():
            assert reader.visibility.limit(statement) is statement
        assert reader.withheld == set()
    with app.read(app.actor("sue")) as reader:
        kept = reader.visibility.limit(ESCAPES["plain"])
        assert reader.visibility.limit(ESCAPES["plain"]) is kept, "made once"
        assert reader.visibility.limit(select(contact.c.name)) is not None


def test_an_edit_leaves_what_is_hidden_as_it_is(app):
    with app.transaction(app.actor("sue")) as tx:
        record = tx.load(Deal)[0]
        assert (record.product, record.price) == ("pump", None)
        record.product = "big pump"
        for each in tx.load(Interaction, i.body != ""):
            assert each.body == ""
            each.subject = "edited"
        ida = tx.load(Contact)[0]
        assert ida.custom == {"shoe": 38}
        ida.custom["shoe"] = 39
        tx.flush()
        record.product = "bigger pump"
    with app.transaction() as tx:
        record = tx.load(Deal)[0]
        assert (record.product, record.price) == ("bigger pump", PRICE)
        assert tx.load(Contact)[0].custom == {"rank": "gold", "shoe": 39}
        assert {each.body for each in tx.load(Interaction)} == {MARGIN, "nothing much"}


def test_who_does_not_see_a_field_does_not_change_it(app):
    for change in (lambda tx: setattr(tx.load(Deal)[0], "price", Decimal(1)),
                   lambda tx: setattr(tx.load(Interaction)[0], "body", "nothing of the kind"),
                   lambda tx: tx.load(Contact)[0].custom.update(rank="lead")):  # fmt: skip
        with pytest.raises(Denied, match="hidden"), app.transaction(app.actor("sue"), cause="crm edit") as tx:
            change(tx)
    with app.read() as reader:
        denied = reader.rows(select(journal).where(journal.c.type == "access.denied"))
        assert len(denied) == 3
        assert denied[0].actor == "sue"
        assert denied[0].cause == "crm edit"
        assert "price" in denied[0].data["reason"]
        assert reader.value(select(func.max(deal.c.price))) == PRICE


def test_what_is_removed_unseen_is_told_whole_in_the_journal(app):
    with app.transaction(app.actor("sue")) as tx:
        tx.remove(tx.load(Deal)[0])
    with app.read() as reader:
        (entry,) = reader.rows(select(journal.c.data).where(journal.c.type == "deals_deal.removed"))
    assert entry.data["price"] == str(PRICE)


def test_a_new_record_may_have_it(app):
    with app.transaction(app.actor("sue")) as tx:
        tx.add(Deal(product="valve", price=Decimal(7)))
    with app.read() as reader:
        assert reader.value(select(deal.c.price).where(deal.c.product == "valve")) == 7


def test_what_a_plugin_hides_from_a_role_by_itself_the_workspace_can_show(app):
    tell = select(deal.c.product, deal.c.cost)
    assert seen(app, "sue", tell) == "pump none", "nobody defined that"
    assert seen(app, "bob", tell) == "pump 7.00"
    with app.engine.begin() as connection:
        connection.execute(delete(definition).where(definition.c.kind == "role"))
        generation.advance(connection)
    assert seen(app, "sue", tell) == "pump none", "with no definition of the role either"
    define_(app, "role", "service", show=["deals_deal.cost"])
    assert seen(app, "sue", tell) == "pump 7.00"
