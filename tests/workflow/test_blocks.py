"""What is under way stands in the brief of the customer and of the contact, each step in their timelines."""

from crmcore.api import App, Contact, Customer, Position, ProcessItem, move, start
from crmcore.engine import clock
from crmcore.timeline.brief import brief


def _blocks(app: App, entity: str, record_id: int, name: str) -> dict:
    with app.read(app.actor("ann")) as reader:
        found = brief(reader, app.dispatcher, entity, record_id, name, clock.now())
    assert found.failures == ()
    return {block.title: block for _plugin, block in found.blocks}


def test_items_and_their_steps_are_shown_where_they_belong(shipping: App) -> None:
    with shipping.transaction(shipping.actor("ann")) as tx:
        aster = tx.add(Customer(name="Aster", kind="organisation", language="zh"))
        wang, other = tx.add(Contact(name="Wang Lin")), tx.add(Contact(name="Other"))
        tx.add(Position(contact_id=wang.id, customer_id=aster.id))
        first = start(tx, "shipping", customer_id=aster.id, title="Handles", values={"weight": 1})
        second = start(tx, "shipping", contact_id=wang.id, title="Locks", values={"weight": 1})
        start(tx, "shipping", contact_id=other.id, title="Not theirs")
    with shipping.transaction(shipping.actor("ann")) as tx:
        move(tx, tx.get(ProcessItem, first.id), "approved", {"tracking": "T", "note": "n"})
    for state in ("shipped", "received"):
        with shipping.transaction(shipping.actor("ann")) as tx:
            move(tx, tx.get(ProcessItem, first.id), state)

    customer = _blocks(shipping, "customer", aster.id, "Aster")
    assert [row[:3] for row in customer["Under way"].rows] == [("shipping", "Locks", "requested")], (
        "closed ones are not"
    )
    assert [(e["kind"], e["text"]) for e in customer["Timeline (5)"].data] == [
        ("shipping", "Handles: shipped → received"),
        ("shipping", "Handles: approved → shipped"),
        ("shipping", "Handles: requested → approved"),
        ("shipping", "Locks: → requested"),
        ("shipping", "Handles: → requested"),
    ]
    contact = _blocks(shipping, "contact", wang.id, "Wang Lin")
    assert [row["id"] for row in contact["Under way"].data] == [second.id]


def test_the_brief_keeps_the_items_of_a_plugin_that_is_gone(shipping: App, workspace: str) -> None:
    with shipping.transaction(shipping.actor("ann")) as tx:
        aster = tx.add(Customer(name="Aster", kind="organisation"))
        start(tx, "shipping", customer_id=aster.id, title="Handles")
    without = App(workspace, strict=True)
    assert _blocks(without, "customer", aster.id, "Aster")["Under way"].rows[0][1] == "Handles"
    without.close()
