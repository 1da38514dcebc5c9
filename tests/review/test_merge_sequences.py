"""Random merges and unmerges of contacts and customers: counts never change, and taking all back restores all."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from crmcore.app import App
from crmcore.engine import tables as t
from crmcore.errors import Refused
from crmcore.model.interaction import Interaction
from crmcore.model.party import Contact, ContactPoint, Customer, CustomerRole, Position
from crmcore.review.merge import merge, unmerge

SIZE = 5
number = st.integers(0, SIZE - 1)
word = st.sampled_from(["", "x", "y"])
steps = st.lists(st.tuples(st.sampled_from(["merge", "merge", "unmerge"]), number, number), max_size=9)
people = st.lists(st.tuples(word, word, word, number, number), min_size=SIZE, max_size=SIZE)
houses = st.lists(st.tuples(word, word, st.none() | number), min_size=SIZE, max_size=SIZE)


def build(app: App, persons: Any, firms: Any) -> dict[str, list[int]]:
    with app.transaction() as tx:
        customers = [tx.add(Customer(name="Acme", zone=zone, note=note)) for zone, note, _parent in firms]
        tx.flush()
        for one, (_zone, note, parent) in zip(customers, firms, strict=True):
            if parent is not None and customers[parent] is not one:
                one.parent_id = customers[parent].id
            tx.add(CustomerRole(customer_id=one.id, role=note or "customer"))
        contacts = []
        for birthday, note, email, first, second in persons:
            details = {"identifiers": {note: birthday}} if note else {}
            one = tx.add(Contact(name="Anna", birthday=birthday, note=note, details=details))
            contacts.append(one)
            if email:
                tx.add(ContactPoint(kind="email", value=email, normal=email, contact_id=one.id))
            for place in (first, second):
                tx.add(Position(contact_id=one.id, customer_id=customers[place].id, title=email, department=note))
            tx.add(Interaction(channel="call", contact_id=one.id, customer_id=customers[first].id))
        return {"contact": [one.id for one in contacts], "customer": [one.id for one in customers]}


def take_back_all(app: App, open_merges: list[int]) -> None:
    """Take every merge back, the oldest that can be first."""
    while open_merges:
        for merge_id in list(open_merges):
            try:
                with app.transaction() as tx:
                    unmerge(tx, merge_id)
            except Refused:
                continue
            open_merges.remove(merge_id)
            break
        else:
            raise AssertionError(f"none of {open_merges} can be taken back")


@settings(max_examples=40, deadline=None)
@given(
    persons=people, firms=houses, todo=st.lists(st.tuples(st.sampled_from(["contact", "customer"]), steps), max_size=2)
)
def test_any_sequence_can_be_taken_back(
    app: App,
    stored: Callable[[App], Any],
    numbers: Callable[[App], dict[str, int]],
    persons: Any,
    firms: Any,
    todo: list[tuple[str, list[tuple[str, int, int]]]],
) -> None:
    ids = build(app, persons, firms)
    before, rows = stored(app), numbers(app)
    open_merges: list[int] = []
    for kind, each in todo:
        for action, a, b in each:
            try:
                with app.transaction() as tx:
                    if action == "merge" and a != b:
                        open_merges.append(merge(tx, kind, ids[kind][a], ids[kind][b], cause="test"))
                    elif action == "unmerge" and open_merges:
                        unmerge(tx, open_merges[a % len(open_merges)])
                        open_merges.pop(a % len(open_merges))
            except Refused:
                pass
            assert numbers(app) == rows
    take_back_all(app, open_merges)
    assert stored(app) == before
    with app.engine.begin() as connection:
        for table in (t.interaction, t.contact, t.customer):
            connection.execute(delete(table))
