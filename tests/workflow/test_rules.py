"""Every write path meets the same rules: created in the first state, moved on defined ways, complete and allowed."""

from datetime import UTC

import pytest
from sqlalchemy import event, insert, select

from crmcore.api import App, Contact, Customer, InvalidInput, NotFound, ProcessItem, Refused, User, move, start
from crmcore.engine.tables import journal, process_item


def _begin(app: App, **values: object) -> int:
    with app.transaction(app.actor("ann"), cause="crm process start") as tx:
        return start(tx, "shipping", title="Two handles", values=values).id


def _row(app: App, item_id: int) -> dict:
    with app.read() as reader:
        return dict(reader.first(select(process_item).where(process_item.c.id == item_id))._mapping)


def _facts(app: App, item_id: int) -> list[tuple[str, dict]]:
    with app.read() as reader:
        rows = reader.rows(
            select(journal)
            .where(journal.c.subject_id == item_id, journal.c.type.like("process.%"))
            .order_by(journal.c.id)
        )
    return [(row.type, row.data) for row in rows]


def test_an_item_begins_in_the_first_state_with_defaults_and_computed_fields(shipping: App) -> None:
    row = _row(shipping, _begin(shipping, weight=4))
    assert row["state"] == "requested"
    assert row["custom"] == {"weight": 4, "priority": "normal", "heavy": True}
    assert row["entered_at"].tzinfo is UTC
    assert row["entered_at"] == row["created_at"]
    assert row["closed_at"] is None


def test_an_item_in_another_state_than_the_first_cannot_begin(shipping: App) -> None:
    with pytest.raises(Refused) as refused, shipping.transaction() as tx:
        made = tx.add(ProcessItem(process="shipping", title="x", state="shipped"))
    assert refused.value.reasons == (f"shipping {made.id} cannot begin in shipped: it begins in requested.",)


def test_a_way_that_is_not_defined_is_refused_with_those_that_are(shipping: App) -> None:
    item = _begin(shipping, weight=4)
    with pytest.raises(Refused) as refused, shipping.transaction() as tx:
        move(tx, tx.get(ProcessItem, item), "shipped")
    assert refused.value.reasons == (
        f"shipping {item} cannot go from requested to shipped: ways from here are approved, refused.",
    )
    with pytest.raises(Refused, match="lost, which is no state of it"), shipping.transaction() as tx:
        move(tx, tx.get(ProcessItem, item), "lost")
    assert _row(shipping, item)["state"] == "requested"


def test_a_guard_refuses_in_its_own_words_with_the_values(shipping: App) -> None:
    item = _begin(shipping, weight=7)
    with pytest.raises(Refused) as refused, shipping.transaction() as tx:
        move(tx, tx.get(ProcessItem, item), "approved")
    assert refused.value.reasons == (
        f"shipping {item} cannot go from requested to approved: “weight <= 5” does not hold (weight is 7).",
    )


def test_all_that_is_against_a_step_is_told_together(shipping: App) -> None:
    first, second = _begin(shipping, weight=9), _begin(shipping)
    with pytest.raises(Refused) as refused, shipping.transaction() as tx:
        for item in (first, second):
            move(tx, tx.get(ProcessItem, item), "approved")
    assert list(refused.value.reasons) == [
        f"shipping {first} cannot go from requested to approved: “weight <= 5” does not hold (weight is 9).",
        f"shipping {second} cannot go from requested to approved: it needs weight.",
        f"shipping {second} cannot go from requested to approved: “weight <= 5” does not hold (weight is empty).",
    ]


def test_roles_are_asked_of_people_and_not_of_the_system(shipping: App) -> None:
    item, other = _begin(shipping), _begin(shipping)
    with shipping.transaction() as tx:
        tx.add(User(login="ben", name="ben", role="service"))
    with shipping.transaction() as tx:
        for each in (item, other):
            tx.get(ProcessItem, each).owner_id = shipping.actor("ben").user_id
    ben = shipping.actor("ben")
    with pytest.raises(Refused, match="that is for manager, admin, and ben is"), shipping.transaction(ben) as tx:
        move(tx, tx.get(ProcessItem, item), "refused")
    with shipping.transaction(shipping.actor("ann")) as tx:
        move(tx, tx.get(ProcessItem, item), "refused")
    with shipping.transaction() as tx:
        move(tx, tx.get(ProcessItem, other), "refused")
    assert {_row(shipping, each)["state"] for each in (item, other)} == {"refused"}


def test_a_direct_assignment_of_the_state_comes_out_right(shipping: App) -> None:
    item = _begin(shipping, weight=1)
    before = _row(shipping, item)["entered_at"]
    with shipping.transaction(shipping.actor("ann")) as tx:
        tx.get(ProcessItem, item).state = "approved"
        at = tx.now
    row = _row(shipping, item)
    assert (row["state"], row["entered_at"], row["closed_at"]) == ("approved", at, None)
    assert at > before
    with shipping.transaction(shipping.actor("ann")) as tx:
        tx.get(ProcessItem, item).title = "Three handles"
    assert _row(shipping, item)["entered_at"] == at, "a change within the state does not begin it anew"


def test_an_end_closes_the_item_and_own_fields_can_be_required(shipping: App) -> None:
    with shipping.transaction(shipping.actor("ann")) as tx:
        customer = tx.add(Customer(name="Aster", kind="organisation", language="zh"))
        item = start(tx, "shipping", customer_id=customer.id, values={"weight": 1})
    assert item.title == "Sample shipping – Aster"
    with shipping.transaction(shipping.actor("ann")) as tx:
        move(tx, tx.get(ProcessItem, item.id), "approved")
    with pytest.raises(Refused, match="it needs tracking, note"), shipping.transaction(shipping.actor("ann")) as tx:
        move(tx, tx.get(ProcessItem, item.id), "shipped")
    with shipping.transaction(shipping.actor("ann")) as tx:
        move(tx, tx.get(ProcessItem, item.id), "shipped", {"tracking": "SF1", "note": "by air"})
    with shipping.transaction(shipping.actor("ann")) as tx:
        move(tx, tx.get(ProcessItem, item.id), "received")
        at = tx.now
    row = _row(shipping, item.id)
    assert (row["state"], row["closed_at"], row["entered_at"]) == ("received", at, at)


def test_a_guard_sees_the_customer_of_the_same_transaction(shipping: App) -> None:
    with shipping.transaction() as tx:
        customer = tx.add(Customer(name="Birch", kind="organisation", language="en"))
        item = start(tx, "shipping", customer_id=customer.id, values={"weight": 1, "tracking": "SF", "note": "n"})
    with shipping.transaction() as tx:
        tx.get(ProcessItem, item.id).state = "approved"
    with pytest.raises(Refused, match=r"customer\.language is en"), shipping.transaction() as tx:
        tx.get(ProcessItem, item.id).state = "shipped"
    with shipping.transaction() as tx:
        tx.get(Customer, customer.id).language = "zh"
        tx.get(ProcessItem, item.id).state = "shipped"
    assert _row(shipping, item.id)["state"] == "shipped"


def test_items_of_a_process_that_is_gone_are_kept_but_do_not_move(shipping: App, app: App) -> None:
    item = _begin(shipping, weight=1)
    with pytest.raises(Refused, match="There is no process “shipping” now"), app.transaction() as tx:
        tx.get(ProcessItem, item).state = "approved"
    with pytest.raises(Refused, match="There is no process “shipping” now"), app.transaction() as tx:
        tx.add(ProcessItem(process="shipping", title="x"))
    with app.transaction() as tx:
        tx.get(ProcessItem, item).note = "kept"
    assert _row(app, item)["note"] == "kept"


def test_unknown_names_are_told(shipping: App) -> None:
    with pytest.raises(NotFound, match="no process “ship”; there are: shipping"), shipping.transaction() as tx:
        start(tx, "ship")
    with pytest.raises(InvalidInput, match="no field “colour”; it has: heavy, priority"), shipping.transaction() as tx:
        start(tx, "shipping", title="x", values={"colour": "red"})
    with pytest.raises(NotFound), shipping.transaction() as tx:
        start(tx, "shipping", contact_id=10**9)


def test_the_journal_tells_what_was_typed_and_what_was_filled_in(shipping: App) -> None:
    with shipping.transaction(shipping.actor("ann"), cause="crm process start") as tx:
        contact = tx.add(Contact(name="Wang Lin"))
        item = start(tx, "shipping", contact_id=contact.id, values={"weight": 4})
    with shipping.transaction(shipping.actor("ann"), cause="crm process move") as tx:
        move(tx, tx.get(ProcessItem, item.id), "approved", {"tracking": "SF1"})
    with shipping.transaction(shipping.actor("ann"), cause="crm process set") as tx:
        tx.get(ProcessItem, item.id).note = "by air"
    with shipping.transaction(cause="automation x") as tx:
        tx.get(ProcessItem, item.id).note = "by sea"
    assert _facts(shipping, item.id) == [
        ("process.moved", {"process": "shipping", "from": "", "to": "requested", "typed": ["contact_id", "weight"],
                           "filled": ["title", "owner_id", "priority", "heavy"]}),
        ("process.moved", {"process": "shipping", "from": "requested", "to": "approved", "typed": ["tracking"],
                           "filled": []}),
        ("process.edited", {"process": "shipping", "state": "approved", "typed": ["note"], "filled": []}),
        ("process.edited", {"process": "shipping", "state": "approved", "typed": [], "filled": ["note"]}),
    ]  # fmt: skip


def _statements(app: App, work) -> int:
    count = 0

    def counted(*_arguments: object) -> None:
        nonlocal count
        count += 1

    event.listen(app.engine, "before_cursor_execute", counted)
    try:
        work()
    finally:
        event.remove(app.engine, "before_cursor_execute", counted)
    return count


def test_a_set_costs_what_one_costs_and_others_pay_nothing(shipping: App, app: App) -> None:
    with shipping.transaction() as tx:
        customers = [tx.add(Customer(name=f"C{n}", kind="organisation", language="zh")).id for n in range(40)]
    with shipping.transaction() as tx:
        items = [
            start(tx, "shipping", customer_id=each, title="x", values={"weight": 1, "tracking": "t", "note": "n"}).id
            for each in customers
        ]
    with shipping.transaction() as tx:
        for item in tx.load(ProcessItem, process_item.c.id.in_(items)):
            item.state = "approved"

    def ship(chosen: list[int]) -> None:
        with shipping.transaction() as tx:
            for item in tx.load(ProcessItem, process_item.c.id.in_(chosen)):
                item.state = "shipped"

    assert _statements(shipping, lambda: ship(items[:2])) == _statements(shipping, lambda: ship(items[2:]))

    def add(into: App, name: str) -> None:
        with into.transaction() as tx:
            tx.add(Contact(name=name))

    add(shipping, "warm"), add(app, "warm")
    assert _statements(shipping, lambda: add(shipping, "One")) == _statements(app, lambda: add(app, "Two"))


def test_a_row_put_in_by_hand_is_refused_its_next_undefined_step(shipping: App) -> None:
    with shipping.transaction() as tx:
        key = tx.new_id()
        tx.connection.execute(
            insert(process_item).values(
                id=key, version=1, process="shipping", title="x", state="requested", entered_at=tx.now, custom={},
                created_at=tx.now, updated_at=tx.now,
            )
        )  # fmt: skip
    with pytest.raises(Refused), shipping.transaction() as tx:
        tx.get(ProcessItem, key).state = "received"
