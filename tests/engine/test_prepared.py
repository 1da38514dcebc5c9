"""Statements that are made once and asked with values answer as those made anew, whoever asks."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import bindparam, func, literal, select
from sqlalchemy.exc import StatementError

from crmcore.engine.prepared import prepared
from crmcore.engine.tables import contact, interaction
from crmcore.engine.types import Amount, Instant
from crmcore.model.interaction import Interaction
from crmcore.model.party import Contact
from crmcore.model.user import User

_SINCE = (
    select(contact.c.id, contact.c.name, contact.c.private, interaction.c.at, interaction.c.details)
    .join(interaction, interaction.c.contact_id == contact.c.id)
    .where(interaction.c.at >= bindparam("since", type_=Instant()), interaction.c.channel == "call")
    .where(contact.c.merged_into_id.is_(None), interaction.c.seconds != 7, contact.c.version != 7)
    .order_by(interaction.c.at.desc(), interaction.c.id)
    .limit(bindparam("most"))
)
_AT = datetime(2026, 11, 24, 2, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(autouse=True)
def people(app):
    with app.transaction() as tx:
        people = [tx.add(Contact(name=name)) for name in ("李娜", "Ann: 5 o'clock", "%s ? :name")]
        for place, one in enumerate(people):
            tx.add(
                Interaction(
                    channel="call", contact_id=one.id, at=_AT + timedelta(hours=place), zone="UTC", seconds=place,
                    details={"a": [1, None, "二"]},
                )
            )  # fmt: skip


def test_rows_and_their_types_are_those_of_the_statement_itself(app):
    with app.read() as reader:
        for most, since in ((3, _AT), (2, _AT), (3, _AT + timedelta(minutes=1)), (3, _AT + timedelta(days=1))):
            values = {"most": most, "since": since}
            wanted = reader.connection.execute(_SINCE, values).all()
            found = reader.rows(_SINCE, values)
            assert found == wanted
            assert [dict(row._mapping) for row in found] == [dict(row._mapping) for row in wanted]
        assert found == []
        assert reader.rows(_SINCE, {"most": 1, "since": _AT})[0].name == "%s ? :name"


def test_everybody_is_told_what_they_may_see(app):
    with app.transaction() as tx:
        users = [tx.add(User(login=login, role="rep")) for login in ("bob", "cid")]
        tx.add(Contact(name="mine", private=True, owner_id=users[0].id))
    rep, other = (app.actor(one.login) for one in users)
    named = select(contact.c.name).where(contact.c.name == bindparam("name"))
    for actor, seen in ((rep, 1), (other, 0), (rep, 1)):
        with app.read(actor) as reader:
            assert len(reader.rows(named, {"name": "mine"})) == seen


def test_a_value_that_is_missing_is_told(app):
    with app.read() as reader, pytest.raises(StatementError, match="since"):
        reader.rows(_SINCE, {"most": 3})


def test_values_that_change_the_text_and_words_with_colons_are_left_as_they_are(app):
    names, colon = bindparam("names", expanding=True), literal("x").op("||")(func.quote("a:b"))
    among = select(contact.c.name).where(contact.c.name.in_(names)).order_by(contact.c.name)
    said = select(colon.label("said"), literal(Decimal("1.50"), Amount()).label("amount")).where(
        contact.c.id > bindparam("low")
    )
    with app.read() as reader:
        dialect = reader.connection.dialect
        assert prepared(among, dialect) is among
        assert len(reader.rows(among, {"names": ["李娜", "Ann: 5 o'clock"]})) == 2
        assert len(reader.rows(among, {"names": ["李娜"]})) == 1
        if dialect.name == "sqlite":
            assert prepared(said, dialect) is not said
            rows = reader.rows(said, {"low": 0})
            assert {(row.said, row.amount) for row in rows} == {("x'a:b'", Decimal("1.50"))}
            assert prepared(said, dialect) is prepared(said, dialect)
