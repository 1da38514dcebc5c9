"""A plugin's own records can go through a process; plugins begin and move items; automations do a plugin's action."""

from collections.abc import Iterator
from datetime import datetime
from types import ModuleType
from typing import Any

import attrs
import pytest
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text, select

from crmcore.api import (
    Action,
    App,
    Contact,
    EntityType,
    Event,
    Instant,
    Interaction,
    Plugin,
    Process,
    ProcessItem,
    Refused,
    State,
    Transition,
    impl,
    move,
    start,
)
from crmcore.delivery.run import deliver
from crmcore.engine.tables import interaction, journal, process_item
from crmcore.workflow.items import counts, one, onward, page

deal_table = Table(
    "deals_deal",
    MetaData(),
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("amount", Integer),
    Column("contact_id", BigInteger),
    Column("owner_id", BigInteger),
    Column("closed_at", Instant),
)


@attrs.define(kw_only=True, eq=False)
class Deal:
    name: str
    stage: str = ""
    amount: int | None = None
    contact_id: int | None = None
    owner_id: int | None = None
    closed_at: datetime | None = None
    id: int = 0
    version: int = 0


def _two_states(name: str, **more: Any) -> Process:
    return Process(
        name=name,
        states=(State(name="open"), State(name="won", kind="won")),
        transitions=(Transition(origin="open", target="won", **more),),
    )


def plugin() -> ModuleType:
    module = ModuleType("deals")
    module.PLUGIN = Plugin(name="deals", title="Deals", hears=("contact.created", "interaction.created"))

    @impl
    def crm_entities() -> list[EntityType]:
        return [EntityType(cls=Deal, table=deal_table)]

    @impl
    def crm_processes() -> list[Process]:
        own = _two_states("deal", requires=("amount",), guard="amount > 100 && contact.name != ''")
        return [attrs.evolve(own, entity="deals_deal", field="stage"), _two_states("welcome")]

    @impl
    def crm_on_event(event: Event, tx: Any) -> None:
        if event.type == "contact.created":
            start(tx, "welcome", contact_id=event.subject_id, title="By itself")
        else:
            for item in tx.load(ProcessItem, process_item.c.closed_at.is_(None)):
                move(tx, item, "won")

    @impl
    def crm_actions() -> list[Action]:
        return [Action(name="deals.note", title="Note", arguments={"text": "what"}, run=_note)]

    for function in (crm_entities, crm_processes, crm_on_event, crm_actions):
        setattr(module, function.__name__, function)
    return module


def _note(tx: Any, event: Event, arguments: dict[str, Any]) -> Interaction:
    return tx.add(Interaction(channel="note", body=arguments["text"], contact_id=event.subject_id, at=tx.now))


@pytest.fixture
def deals(workspace: str, app: App) -> Iterator[App]:
    deal_table.metadata.create_all(app.engine)
    opened = App(workspace, plugins=[("deals", plugin())])
    yield opened
    opened.close()


def test_a_plugins_own_record_goes_by_the_same_rules(deals: App) -> None:
    with deals.transaction(deals.actor("ann")) as tx:
        wang = tx.add(Contact(name="Wang"))
        deal = tx.add(Deal(name="Handles", contact_id=wang.id, owner_id=tx.actor.user_id))
    assert deal.stage == "open"
    with pytest.raises(Refused) as refused, deals.transaction(deals.actor("ann")) as tx:
        tx.get(Deal, deal.id).stage = "won"
    assert list(refused.value.reasons) == [
        f"deal {deal.id} cannot go from open to won: it needs amount.",
        f"deal {deal.id} cannot go from open to won: “amount > 100 && contact.name != ''” does not hold "
        "(amount is empty, contact.name is Wang).",
    ]
    with pytest.raises(Refused), deals.transaction() as tx:
        tx.add(Deal(name="x", stage="lost"))
    tables, definitions = deals.assembly.entities.tables, deals.assembly.definitions
    with deals.transaction(deals.actor("ann"), cause="crm process move") as tx:
        move(tx, tx.get(Deal, deal.id), "won", {"amount": 500})
    with deals.read(deals.actor("ann")) as reader:
        found = one(reader, definitions, tables, deal.id)
        assert (found.item.process, found.item.title, found.item.state) == ("deal", "Handles", "won")
        assert found.item.closed_at is not None
        assert onward(reader, deals.assembly.entities, found.process, found.row) == []
        assert [view.id for view in page(reader, definitions, tables, "deal", limit=5)] == [deal.id]
        assert counts(reader, definitions, tables)["deal"] == {"open": 0, "won": 1}
        facts = reader.rows(select(journal.c.data).where(journal.c.type == "process.moved").order_by(journal.c.id))
        assert [row.data["typed"] for row in facts] == [["name", "contact_id"], ["amount"]]


def test_a_plugin_begins_and_moves_items_when_it_hears_of_something(deals: App) -> None:
    with deals.transaction(deals.actor("ann")) as tx:
        wang = tx.add(Contact(name="Wang"))
    deliver(deals, seconds=20)
    with deals.transaction(deals.actor("ann")) as tx:
        tx.add(Interaction(channel="call", contact_id=wang.id))
    deliver(deals, seconds=20)
    with deals.read() as reader:
        (item,) = reader.rows(select(process_item))
        assert (item.process, item.title, item.state, item.contact_id) == ("welcome", "By itself", "won", wang.id)
        causes = {row.cause.partition(" #")[0] for row in reader.rows(select(journal).where(journal.c.depth > 0))}
        assert causes == {"plugin deals on contact.created", "plugin deals on interaction.created"}


def test_an_automation_does_what_a_plugin_brings(deals: App, tmp_path: Any) -> None:
    from crmcore.configuring.apply import apply
    from crmcore.definitions.reading import read_files

    (tmp_path / "x.toml").write_text(
        '[automation.note]\non = "contact.created"\nactions = [{ do = "deals.note", text = "Hello {name}" }]\n'
    )
    with deals.transaction(deals.actor("ann")) as tx:
        apply(tx, read_files([tmp_path / "x.toml"]))
    with deals.transaction(deals.actor("ann")) as tx:
        wang = tx.add(Contact(name="Wang"))
    deliver(deals, seconds=20)
    with deals.read() as reader:
        (row,) = reader.rows(select(interaction))
        assert (row.body, row.contact_id) == ("Hello Wang", wang.id)
