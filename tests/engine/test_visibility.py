"""What an actor may not see is in no answer: not by a join, an alias, a subquery or a union."""

import gc
from weakref import ref

import pytest
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, cast, exists, func, insert, select, union_all

from crmcore.app import App
from crmcore.configuring.apply import apply
from crmcore.definitions.reading import read_text
from crmcore.engine.tables import (
    contact,
    contact_point,
    customer,
    external_id,
    interaction,
    journal,
    participant,
    position,
    task,
)
from crmcore.model.interaction import Interaction, Participant, Task
from crmcore.model.party import Contact, ContactPoint, Customer, ExternalId, Position
from crmcore.model.user import SYSTEM, Actor, User

HIDDEN = "Zelda"


@pytest.fixture
def people(app):
    """Ann (admin), Bob and Cid (reps of team red), Dee (rep of team blue); Zelda is on Bob's own list."""
    with app.transaction() as tx:
        bob, cid, dee = (
            tx.add(User(login=login, team=team, role="rep")).id
            for login, team in (("bob", "red"), ("cid", "red"), ("dee", "blue"))
        )
        acme = tx.add(Customer(name="Acme", owner_id=dee))
        zelda = tx.add(Contact(name=HIDDEN, private=True, owner_id=bob))
        ida = tx.add(Contact(name="Ida", owner_id=dee))
        for person in (zelda, ida):
            tx.add(ContactPoint(kind="email", value=f"{person.name}@x.hu", contact_id=person.id))
            tx.add(Position(contact_id=person.id, customer_id=acme.id))
            tx.add(Interaction(channel="call", subject=f"with {person.name}", contact_id=person.id, user_id=dee))
            tx.add(Task(subject=f"call {person.name}", contact_id=person.id, owner_id=dee))
    return {"bob": bob, "cid": cid, "dee": dee}


other = contact.alias()
names = select(contact.c.id, contact.c.name).subquery()
both = union_all(select(contact.c.name), select(customer.c.name)).subquery()
every = select(contact.c.name).cte()
ESCAPES = {
    "plain": select(contact.c.name),
    "alias": select(other.c.name),
    "alias of a column": select(contact.c.name.label("zip")),
    "join": select(contact.c.name).join_from(contact_point, contact, contact_point.c.contact_id == contact.c.id),
    "outer join": select(contact.c.name).select_from(customer.outerjoin(contact, contact.c.id > customer.c.id)),
    "part": select(contact_point.c.value),
    "interaction": select(interaction.c.subject),
    "sums": select(interaction.c.subject, func.count()).group_by(interaction.c.subject),
    "sums of parts": select(contact_point.c.value, func.count()).group_by(contact_point.c.value),
    "task": select(task.c.subject),
    "subquery": select(names.c.name),
    "subquery of a subquery": select(select(names.c.name).subquery().c.name),
    "union": select(both.c.name),
    "with": select(every.c.name),
    "scalar": select(customer.c.name, select(func.max(contact.c.name)).scalar_subquery()),
    "joined subquery": select(names.c.name).join_from(position, names, names.c.id == position.c.contact_id),
}


@pytest.mark.parametrize("statement", ESCAPES.values(), ids=ESCAPES.keys())
def test_a_private_contact_is_in_no_answer(app, people, statement):
    def seen(login):
        with app.read(SYSTEM if login == "system" else app.actor(login)) as reader:
            return " ".join(str(value) for row in reader.rows(statement) for value in row)

    assert HIDDEN in seen("system")
    assert HIDDEN in seen("bob")
    for login in ("cid", "dee", "ann"):
        assert HIDDEN not in seen(login), login


def test_conditions_do_not_tell_either(app, people):
    named = select(position.c.contact_id).join(contact, contact.c.id == position.c.contact_id)
    by_part = exists().where(contact_point.c.customer_id.is_(None), contact_point.c.value == f"{HIDDEN}@x.hu")
    for statement in (
        select(customer.c.name).where(customer.c.id.in_(
            select(position.c.customer_id).join(contact).where(contact.c.name == HIDDEN)
        )),
        select(customer.c.name).where(select(contact.c.id).where(contact.c.name == HIDDEN).exists()),
        select(customer.c.name).where(select(1).where(by_part).exists()),
        select(contact.c.name).where(contact.c.id.in_(named.where(contact.c.name == HIDDEN))),
    ):  # fmt: skip
        with app.read(app.actor("bob")) as reader:
            assert len(reader.rows(statement)) == 1, str(statement)
        with app.read(app.actor("cid")) as reader:
            assert reader.rows(statement) == [], str(statement)


def test_a_record_out_of_sight_is_not_found_nor_counted(app, people):
    with app.read(app.actor("cid")) as reader:
        assert reader.value(select(func.count()).select_from(contact)) == 1
    with app.transaction(app.actor("cid")) as tx:
        assert [each.name for each in tx.load(Contact)] == ["Ida"]


def narrowed(workspace, read):
    app = App(workspace)
    with app.transaction() as tx:
        apply(tx, read_text(f"[role.rep]\nread = '{read}'\n", "roles.toml"))
    return app


@pytest.mark.parametrize(
    ("read", "login", "sees"),
    [
        ("all", "cid", {"customer": 1, "contact": 1, "interaction": 1, "task": 1}),
        ("team", "dee", {"customer": 1, "contact": 1, "interaction": 1, "task": 1}),
        ("team", "cid", {"customer": 0, "contact": 0, "interaction": 0, "task": 0}),
        ("team", "bob", {"customer": 0, "contact": 1, "interaction": 0, "task": 0}),
        ("own", "dee", {"customer": 1, "contact": 1, "interaction": 1, "task": 1}),
        ("own", "bob", {"customer": 0, "contact": 1, "interaction": 0, "task": 0}),
        ("none", "dee", {"customer": 0, "contact": 0, "interaction": 0, "task": 0}),
    ],
)
def test_a_role_sees_as_far_as_the_workspace_says(workspace, app, people, read, login, sees):
    opened = narrowed(workspace, read)
    with opened.read(opened.actor(login)) as reader:
        found = {
            table.name: reader.value(select(func.count()).select_from(table))
            for table in (customer, contact, interaction, task)
        }
    opened.close()
    assert found == sees


def test_an_unknown_role_sees_nothing(app, people):
    stranger = Actor(user_id=people["dee"], login="dee", role="guest")
    with app.read(stranger) as reader:
        for table in (customer, contact, interaction, task):
            assert reader.rows(select(table.c.id)) == []


def test_an_outer_join_keeps_its_rows(app, people):
    """Who may not see a contact sees the position of nobody's, not one customer less."""
    met = select(customer.c.name, contact.c.name).select_from(
        customer.outerjoin(position, position.c.customer_id == customer.c.id).outerjoin(
            contact, contact.c.id == position.c.contact_id
        )
    )
    with app.transaction() as tx:
        lonely = tx.add(Customer(name="Lonely"))
        zelda = tx.load(Contact, contact.c.name == HIDDEN)[0]
        tx.add(Position(contact_id=zelda.id, customer_id=lonely.id))
    with app.read(app.actor("bob")) as reader:
        assert set(reader.rows(met)) == {("Acme", "Ida"), ("Acme", HIDDEN), ("Lonely", HIDDEN)}
    with app.read(app.actor("cid")) as reader:
        assert set(reader.rows(met)) == {("Acme", "Ida"), ("Lonely", None)}


def test_what_hangs_on_hidden_records_is_hidden_too(app, people):
    with app.transaction() as tx:
        zelda = tx.load(Contact, contact.c.name == HIDDEN)[0]
        talk = tx.load(Interaction, interaction.c.contact_id == zelda.id)[0]
        tx.add(Participant(interaction_id=talk.id, role="caller", name=HIDDEN))
        tx.add(ExternalId(kind="contact", record_id=zelda.id, scheme="old", value=HIDDEN))
        zelda.note = f"{HIDDEN} likes tea"
        talk.subject = f"{HIDDEN} called"
    hanging = (
        select(participant.c.name),
        select(external_id.c.value),
        select(cast(journal.c.data, Text)),
    )
    for statement in hanging:
        with app.read(app.actor("bob")) as reader:
            assert any(HIDDEN in value for (value,) in reader.rows(statement)), str(statement)
        with app.read(app.actor("cid")) as reader:
            assert not any(HIDDEN in value for (value,) in reader.rows(statement)), str(statement)


def test_a_plugins_table_about_a_hidden_contact_is_limited_as_the_cores(app, people):
    noted = Table("notes_note", MetaData(), Column("contact_id", BigInteger), Column("said", Text))
    with app.engine.begin() as connection:
        noted.create(connection)
        for row in connection.execute(select(contact.c.id, contact.c.name)).all():
            connection.execute(insert(noted).values(contact_id=row.id, said=f"about {row.name}"))
    with app.read(app.actor("bob")) as reader:
        assert len(reader.rows(select(noted.c.said))) == 2
    with app.read(app.actor("cid")) as reader:
        assert reader.rows(select(noted.c.said)) == [("about Ida",)]


def test_what_is_kept_with_a_statement_does_not_keep_it(app, people):
    with app.read(app.actor("cid")) as reader:
        statement = select(contact.c.name).where(contact.c.id > 0)
        gone = ref(statement)
        reader.rows(statement)
        del statement
        gc.collect()
        assert gone() is None
