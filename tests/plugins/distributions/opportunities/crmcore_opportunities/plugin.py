"""Opportunities: a process that asks for nothing at the beginning, and a table that says what is expected of each."""

from collections.abc import Iterable
from pathlib import Path

from attrs import define
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text, select

from crmcore.api import (
    Block,
    EntityType,
    Event,
    Field,
    Plugin,
    Process,
    ProcessItem,
    Reader,
    Reference,
    State,
    Subject,
    Transaction,
    Transition,
    impl,
)

PLUGIN = Plugin(
    name="opportunities",
    title="Opportunities, from the first word to the order",
    migrations=Path(__file__).parent / "migrations",
    tables=("opportunities_forecast",),
    hears=("process.moved",),
)

forecast = Table(
    "opportunities_forecast",
    MetaData(),
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("item_id", BigInteger, nullable=False),
    Column("contact_id", BigInteger),
    Column("state", Text, nullable=False),
)


@define(kw_only=True, eq=False)
class Forecast:
    """What is expected of an opportunity: the state it was last seen in."""

    item_id: int
    state: str
    contact_id: int | None = None
    id: int = 0
    version: int = 0


def _field(name: str, **more: object) -> Field:
    return Field(entity="process_item", name=name, **more)


@impl
def crm_processes() -> Iterable[Process]:
    """Declare the process; nothing must be typed to begin one."""
    yield Process(
        name="opportunity",
        title="Opportunity",
        states=(
            State(name="found"),
            State(name="quoted"),
            State(name="won", kind="won"),
            State(name="lost", kind="lost"),
        ),
        transitions=(
            Transition(origin="found", target="quoted", requires=("amount",)),
            Transition(origin="quoted", target="won"),
            Transition(origin="found", target="lost", requires=("reason",)),
            Transition(origin="quoted", target="lost", requires=("reason",)),
        ),
        fields=(_field("amount", type="money", currency="CNY"), _field("reason"), _field("source", default="note")),
    )


@impl
def crm_entities() -> Iterable[EntityType]:
    """Declare the forecasts."""
    return [EntityType(cls=Forecast, table=forecast, parents=("contact_id",))]


@impl
def crm_references() -> Iterable[Reference]:
    """Declare that forecasts point at contacts."""
    return [Reference(table=forecast, column="contact_id", target="contact")]


@impl
def crm_on_event(event: Event, tx: Transaction) -> None:
    """Keep a forecast of every opportunity."""
    if event.data["process"] != "opportunity":
        return
    held = tx.load(Forecast, forecast.c.item_id == event.subject_id)
    if held:
        held[0].state = event.data["to"]
    else:
        item = tx.get(ProcessItem, event.subject_id)
        tx.add(Forecast(item_id=item.id, contact_id=item.contact_id, state=event.data["to"]))


@impl
def crm_brief(subject: Subject, reader: Reader) -> Iterable[Block]:
    """Show the forecasts of a party."""
    rows = reader.rows(
        select(forecast.c.item_id, forecast.c.state).where(forecast.c.contact_id.in_(subject.contact_ids)).limit(20)
    )
    if rows:
        shown = tuple((str(row.item_id), row.state) for row in rows)
        yield Block(title="Forecast", weight=40, headings=("item", "state"), rows=shown)
