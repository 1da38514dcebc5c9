"""Merging and taking back, on both databases: nothing is lost, everything returns, later edits stay."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, UniqueConstraint, insert, select

from crmcore.app import App
from crmcore.engine import tables as t
from crmcore.errors import Conflict, CrmError, Denied, InvalidInput, NotFound, Refused
from crmcore.hooks.kinds import impl
from crmcore.hooks.references import Reference
from crmcore.model.interaction import Interaction
from crmcore.model.party import Contact, ContactPoint, Customer, Position
from crmcore.model.user import User
from crmcore.review.merge import merge, unmerge
from crmcore.review.undo import find_merge, summary

KINDS = ("contact", "customer")


def pair(two: Any, kind: str) -> tuple[int, int]:
    found: tuple[int, int] = getattr(two, f"{kind}s")
    return found


def pointing(app: App, kind: str, record_id: int) -> dict[str, int]:
    """Count what points at a record, by table."""
    found = {}
    with app.engine.connect() as connection:
        for reference in app.dispatcher.declared("crm_references"):
            if reference.target == kind:
                statement = select(reference.table).where(reference.table.c[reference.column] == record_id)
                if reference.where:
                    statement = statement.where(reference.table.c[reference.where[0]] == reference.where[1])
                found[reference.table.name] = len(connection.execute(statement).all())
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_everything_moves_and_returns(
    app: App, two: Any, kind: str, stored: Callable[[App], Any], numbers: Callable[[App], dict[str, int]]
) -> None:
    winner, loser = pair(two, kind)
    before, rows = stored(app), numbers(app)
    of_winner, of_loser = pointing(app, kind, winner), pointing(app, kind, loser)

    with app.transaction() as tx:
        merge_id = merge(tx, kind, winner, loser, cause="test")

    assert numbers(app) == rows
    stays = {"contact_point": 1, "customer_role": 1}  # the equal address and role
    stays["position"] = 1 if kind == "contact" else 0
    left = pointing(app, kind, loser)
    assert {name: number for name, number in left.items() if number} == {
        name: number for name, number in stays.items() if number and name in left
    }
    now = pointing(app, kind, winner)
    assert {name: now[name] + left[name] for name in now} == {name: of_winner[name] + of_loser[name] for name in now}
    with app.read() as reader:
        row = reader.first(select(t.journal).where(t.journal.c.type == f"{kind}.merged"))
        assert row is not None
        assert (row.subject_id, row.data["loser"], row.data["merge"]) == (winner, loser, merge_id)

    with app.transaction() as tx:
        assert unmerge(tx, merge_id) == (winner, loser)
    assert stored(app) == before
    with app.read() as reader:
        assert reader.value(select(t.journal.c.subject_id).where(t.journal.c.type == f"{kind}.unmerged")) == winner


def test_empty_fields_are_filled_and_edits_are_kept(app: App, two: Any) -> None:
    winner, loser = two.contacts
    with app.transaction() as tx:
        merge_id = merge(tx, "contact", winner, loser, cause="test")
    with app.transaction() as tx:
        one = tx.get(Contact, winner)
        assert (one.given, one.family, one.birthday) == ("Wei", "Li", "1980-02-03")
        assert one.note == "note 0\n\nnote 1"
        assert one.details == {"Size": "L", "identifiers": {"tax": "77"}, "Color": "red"}
        one.birthday = "1981-02-03"
        one.details = {**one.details, "Color": "green"}
        added = tx.add(Interaction(channel="note", contact_id=winner, subject="after the merge"))
    with app.transaction() as tx:
        unmerge(tx, merge_id)
    with app.transaction() as tx:
        one, other = tx.get(Contact, winner), tx.get(Contact, loser)
        assert (one.given, one.family, one.birthday, one.note) == ("", "", "1981-02-03", "note 0")
        assert one.details == {"Size": "L", "Color": "green"}
        assert other.birthday == "1980-02-03"
        assert tx.get(Interaction, added.id).contact_id == winner


def test_a_row_that_went_elsewhere_stays_there(app: App, two: Any) -> None:
    winner, loser = two.contacts
    with app.transaction() as tx:
        third = tx.add(Contact(name="Somebody else"))
        moved = tx.load(Interaction, t.interaction.c.contact_id == loser)[0].id
    with app.transaction() as tx:
        merge_id = merge(tx, "contact", winner, loser, cause="test")
    with app.transaction() as tx:
        tx.get(Interaction, moved).contact_id = third.id
    with app.transaction() as tx:
        unmerge(tx, merge_id)
        assert tx.get(Interaction, moved).contact_id == third.id


def test_who_edits_a_moved_row_meanwhile_is_told(app: App, two: Any) -> None:
    winner, loser = two.contacts

    def edit_while_merging() -> None:
        with app.transaction() as late:
            late.load(Interaction, t.interaction.c.contact_id == loser)[0].contact_id = None
            with app.transaction() as tx:
                merge(tx, "contact", winner, loser, cause="test")

    with pytest.raises(Conflict):
        edit_while_merging()


def test_versions_of_moved_rows_rise(app: App, two: Any) -> None:
    winner, loser = two.contacts
    with app.transaction() as tx:
        moved = [each.id for each in tx.load(Interaction, t.interaction.c.contact_id == loser)]
    with app.transaction() as tx:
        merge(tx, "contact", winner, loser, cause="test")
    with app.transaction() as tx:
        assert [each.version for each in tx.load(Interaction, t.interaction.c.id.in_(moved))] == [2, 2, 2]


@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_be_merged_is_refused_with_a_reason(app: App, two: Any, kind: str) -> None:
    winner, loser = pair(two, kind)
    other = pair(two, "customer" if kind == "contact" else "contact")[0]

    def refused(error: type[CrmError], match: str, a: int, b: int) -> None:
        with pytest.raises(error, match=match), app.transaction() as tx:
            merge(tx, kind, a, b, cause="test")

    refused(InvalidInput, "itself", winner, winner)
    refused(InvalidInput, "one kind", winner, other)
    refused(NotFound, "There is no", winner, 999_999)
    with app.transaction() as tx:
        merge_id = merge(tx, kind, winner, loser, cause="test")
    refused(Refused, "merged into", winner, loser)
    refused(Refused, "merged into", loser, winner)
    with app.transaction() as tx:
        unmerge(tx, merge_id)
    with pytest.raises(Refused, match="taken back"), app.transaction() as tx:
        unmerge(tx, merge_id)
    with pytest.raises(NotFound, match="no merge"), app.transaction() as tx:
        unmerge(tx, winner)


def test_private_and_foreign_records_are_refused(app: App) -> None:
    with app.transaction() as tx:
        ben = tx.add(User(login="ben", name="Ben", role="rep"))
        cid = tx.add(User(login="cid", name="Cid", role="rep"))
        open_, hidden = (
            tx.add(Contact(name="A", owner_id=ben.id)),
            tx.add(Contact(name="A", private=True, owner_id=ben.id)),
        )
        foreign = tx.add(Contact(name="A", owner_id=cid.id))
    with pytest.raises(Refused, match="private"), app.transaction(app.actor("ben")) as tx:
        merge(tx, "contact", open_.id, hidden.id, cause="test")
    for a, b in ((open_, foreign), (foreign, open_)):
        with pytest.raises(Denied, match="somebody else"), app.transaction(app.actor("ben")) as tx:
            merge(tx, "contact", a.id, b.id, cause="test")
    with pytest.raises(NotFound), app.transaction(app.actor("cid")) as tx:
        merge(tx, "contact", foreign.id, hidden.id, cause="test")


def test_a_chain_comes_apart_from_its_end(app: App, two: Any, stored: Callable[[App], Any]) -> None:
    a, b = two.contacts
    with app.transaction() as tx:
        c = tx.add(Contact(name="Li, Wei")).id
    before = stored(app)
    with app.transaction() as tx:
        first = merge(tx, "contact", a, b, cause="test")
        second = merge(tx, "contact", c, a, cause="test")
    with pytest.raises(Refused, match=f"merged into {c}"), app.transaction() as tx:
        unmerge(tx, first)
    for merge_id in (second, first):
        with app.transaction() as tx:
            unmerge(tx, merge_id)
    assert stored(app) == before


def test_of_several_losers_any_may_leave_first(app: App, stored: Callable[[App], Any]) -> None:
    with app.transaction() as tx:
        ids = []
        for turn in range(3):
            one = tx.add(Contact(name="Anna Berg", birthday="1990-01-01" if turn else "", note="tall" if turn else ""))
            ids.append(one.id)
            if turn:
                tx.add(ContactPoint(contact_id=one.id, kind="email", value="anna@x.de", normal="anna@x.de"))
    before = stored(app)
    with app.transaction() as tx:
        first = merge(tx, "contact", ids[0], ids[1], cause="test")
        second = merge(tx, "contact", ids[0], ids[2], cause="test")
    with app.transaction() as tx:
        with pytest.raises(Refused, match="Several"):
            find_merge(tx, "contact", ids[0])
        assert find_merge(tx, "contact", ids[1]) == first
        unmerge(tx, first)
    with app.transaction() as tx:  # what the first had brought, the second has as well
        winner = tx.get(Contact, ids[0])
        assert (winner.birthday, winner.note) == ("1990-01-01", "tall")
        assert len(tx.load(ContactPoint, t.contact_point.c.contact_id == ids[0])) == 1
        assert find_merge(tx, "contact", ids[0]) == second
        unmerge(tx, second)
    assert stored(app) == before


def test_a_parent_and_its_subsidiary_become_one(app: App, stored: Callable[[App], Any]) -> None:
    with app.transaction() as tx:
        top = tx.add(Customer(name="Group"))
        parent = tx.add(Customer(name="Acme", parent_id=top.id))
        tx.flush()
        between = tx.add(Customer(name="Acme Europe", parent_id=parent.id))
        tx.flush()
        child = tx.add(Customer(name="Acme", parent_id=between.id))
    before = stored(app)
    with app.transaction() as tx:
        merge_id = merge(tx, "customer", child.id, parent.id, cause="test")
    with app.transaction() as tx:
        assert tx.get(Customer, child.id).parent_id == top.id
        assert tx.get(Customer, between.id).parent_id == child.id
        unmerge(tx, merge_id)
    assert stored(app) == before


PLUGIN = MetaData()
visit = Table(
    "tour_visit", PLUGIN, Column("id", Integer, primary_key=True), Column("contact_id", Integer), Column("place", Text)
)
guest = Table(
    "tour_guest",
    PLUGIN,
    Column("tour", Integer, primary_key=True),
    Column("contact_id", Integer, primary_key=True),
    Column("seat", Integer),
    UniqueConstraint("seat", "tour", name="uq_tour_guest_seat"),
)
card = Table("tour_card", PLUGIN, Column("contact_id", Integer, primary_key=True), Column("number", Text))


class Tour:
    """A plugin with a plain column, a column in a composite key, and one that is the key."""

    @impl
    def crm_references(self) -> list[Reference]:
        return [Reference(table=table, column="contact_id", target="contact") for table in (visit, guest, card)]


class Broken:
    @impl
    def crm_references(self) -> list[Reference]:
        raise KeyError("gone")


def test_the_rows_of_a_plugin_move_too(workspace: str) -> None:
    app = App(workspace, plugins=[("tour", Tour())], strict=True)
    PLUGIN.create_all(app.engine)
    with app.transaction() as tx:
        a, b = tx.add(Contact(name="A")).id, tx.add(Contact(name="A")).id
        tx.connection.execute(insert(visit), [{"id": 1, "contact_id": a}, {"id": 2, "contact_id": b}])
        tx.connection.execute(
            insert(guest), [{"tour": 7, "contact_id": a}, {"tour": 7, "contact_id": b}, {"tour": 8, "contact_id": b}]
        )
        tx.connection.execute(insert(card), [{"contact_id": b, "number": "B"}])

    def rows() -> list[list[Any]]:
        with app.engine.connect() as connection:
            tables = (visit, guest, card)
            return [[tuple(row) for row in connection.execute(select(e).order_by(*e.c[:2]))] for e in tables]

    before = rows()
    with app.transaction() as tx:
        merge_id = merge(tx, "contact", a, b, cause="test")
    # A guest cannot have two seats in one tour: the loser keeps that row.
    assert rows() == [[(1, a, None), (2, a, None)], [(7, a, None), (7, b, None), (8, a, None)], [(a, "B")]]
    without = App(workspace, strict=True)  # the plugin was uninstalled meanwhile
    with without.transaction() as tx:
        unmerge(tx, merge_id)
    without.close()
    assert rows() == before
    with app.transaction() as tx:
        merge_id = merge(tx, "contact", a, b, cause="test")
    PLUGIN.drop_all(app.engine)  # and purged
    with app.transaction() as tx:
        unmerge(tx, merge_id)
    app.close()


def test_a_plugin_that_fails_to_say_stops_the_merge(workspace: str) -> None:
    app = App(workspace, plugins=[("broken", Broken())])
    with app.transaction() as tx:
        a, b = tx.add(Contact(name="A")).id, tx.add(Contact(name="A")).id
    for _turn in range(2):
        with pytest.raises(CrmError, match="broken"), app.transaction() as tx:
            merge(tx, "contact", a, b, cause="test")
    app.close()


def positions(app: App, contact_id: int) -> list[tuple[str, str, date | None]]:
    c = t.position.c
    with app.read() as reader:
        rows = reader.rows(select(c.title, c.department, c.started).where(c.contact_id == contact_id).order_by(c.id))
    return [(row.title, row.department, row.started) for row in rows]


def test_positions_at_one_customer_that_agree_become_one_and_two_again(app: App, stored: Callable[[App], Any]) -> None:
    with app.transaction() as tx:
        firm = tx.add(Customer(name="Acme")).id
        winner, first, second = (tx.add(Contact(name=name)).id for name in ("Li Wei", "李伟", "Wei Li"))
        tx.add(Position(contact_id=winner, customer_id=firm))
        tx.add(Position(contact_id=first, customer_id=firm, title="CEO", started=date(2024, 5, 1)))
        tx.add(Position(contact_id=second, customer_id=firm, title="CEO", department="Sales"))
        tx.add(Position(contact_id=second, customer_id=firm, title="CTO"))
        tx.add(Position(contact_id=second, customer_id=firm, title="CEO", ended=date(2020, 1, 1)))
    before = stored(app)
    with app.transaction() as tx:
        one = merge(tx, "contact", winner, first, cause="test")
        assert summary(tx, one).filled == ["position.title", "position.started"]
    assert positions(app, winner) == [("CEO", "", date(2024, 5, 1))]
    with app.transaction() as tx:
        two = merge(tx, "contact", winner, second, cause="test")
    assert positions(app, winner) == [("CEO", "Sales", date(2024, 5, 1)), ("CTO", "", None), ("CEO", "", None)]
    with app.transaction() as tx:
        unmerge(tx, one)  # the second, still merged, now gives the title
    assert positions(app, winner) == [("CEO", "Sales", None), ("CTO", "", None), ("CEO", "", None)]
    assert positions(app, first) == [("CEO", "", date(2024, 5, 1))]
    with app.transaction() as tx:
        unmerge(tx, two)
    assert stored(app) == before


def test_what_was_edited_in_a_filled_position_stays(app: App) -> None:
    with app.transaction() as tx:
        firm = tx.add(Customer(name="Acme")).id
        winner, loser = (tx.add(Contact(name="Li Wei")).id for _turn in range(2))
        held = tx.add(Position(contact_id=winner, customer_id=firm)).id
        tx.add(Position(contact_id=loser, customer_id=firm, title="CEO", department="Sales"))
    with app.transaction() as tx:
        merge_id = merge(tx, "contact", winner, loser, cause="test")
    with app.transaction() as tx:
        tx.get(Position, held).title = "Chair"
    with app.transaction() as tx:
        unmerge(tx, merge_id)
    assert positions(app, winner) == [("Chair", "", None)]
    assert positions(app, loser) == [("CEO", "Sales", None)]


def test_one_number_written_in_two_ways_is_not_doubled(app: App, stored: Callable[[App], Any]) -> None:
    with app.transaction() as tx:
        winner, loser = (tx.add(Contact(name="Li Wei")).id for _turn in range(2))
        for owner, value in ((winner, "+86 138 0000 0101"), (loser, "+86-138-0000-0101")):
            tx.add(ContactPoint(kind="phone", value=value, normal="+8613800000101", contact_id=owner))
            tx.add(ContactPoint(kind="phone", value=f"ext {value}", normal="", contact_id=owner))
    before = stored(app)
    with app.transaction() as tx:
        merge_id = merge(tx, "contact", winner, loser, cause="test")
    c = t.contact_point.c
    with app.read() as reader:
        values = [row.value for row in reader.rows(select(c.value).where(c.contact_id == winner).order_by(c.id))]
    assert values == ["+86 138 0000 0101", "ext +86 138 0000 0101", "ext +86-138-0000-0101"]  # no normal form: no guess
    with app.transaction() as tx:
        unmerge(tx, merge_id)
    assert stored(app) == before
