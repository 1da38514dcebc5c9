"""Conditions may ask more of a plugin's record than its fields; its kind and the day of its end are kept with it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from sqlalchemy import BigInteger, Column, Date, ForeignKey, Integer, MetaData, Table, Text, select, update

from crmcore.api import (
    App,
    EntityType,
    Fact,
    Instant,
    Json,
    Plugin,
    Process,
    Refused,
    State,
    Transition,
    impl,
    move,
)
from crmcore.configuring.apply import apply
from crmcore.definitions.reading import read_text
from crmcore.delivery.run import deliver
from crmcore.engine.tables import automation_run, journal, setting, task
from crmcore.workflow.items import one, onward

_tables = MetaData()
pitch = Table(
    "pitches_pitch",
    _tables,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("owner_id", BigInteger),
    Column("closed_on", Date),
    Column("entered_at", Instant),
    Column("custom", Json, nullable=False),
)
person = Table(
    "pitches_person",
    _tables,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("pitch_id", BigInteger, ForeignKey("pitches_pitch.id"), nullable=False),
    Column("role", Text, nullable=False),
)


@attrs.define(kw_only=True, eq=False)
class Pitch:
    title: str
    stage: str = ""
    status: str = ""
    owner_id: int | None = None
    closed_on: date | None = None
    entered_at: datetime | None = None
    custom: dict[str, Any] = attrs.field(factory=dict)
    id: int = 0
    version: int = 0


@attrs.define(kw_only=True, eq=False)
class Person:
    pitch_id: int
    role: str
    id: int = 0
    version: int = 0


PITCH = Process(
    name="pitch",
    entity="pitches_pitch",
    field="stage",
    states=(
        State(name="open", steps=("Find who pays", "Ask when"), expert="wang", probability=10, days=14),
        State(name="offered", probability=50),
        State(name="won", kind="won"),
        State(name="lost", kind="lost"),
    ),
    transitions=(
        Transition(origin="open", target="offered", guard='"budget" in roles && size(roles) <= 3'),
        Transition(origin="offered", target="won"),
        Transition(origin="open", target="lost", guard="moods == 'bad'"),
        Transition(origin="offered", target="open"),
    ),
)


class Asked:
    """How often each fact was asked, and of how many records."""

    def __init__(self) -> None:
        self.roles: list[int] = []
        self.moods: list[int] = []


def plugin(asked: Asked) -> ModuleType:
    module = ModuleType("pitches")
    vars(module)["PLUGIN"] = Plugin(name="pitches", title="Pitches")

    def roles(reader: Any, ids: Sequence[int]) -> Mapping[int, Any]:
        asked.roles.append(len(ids))
        found: dict[int, list[str]] = {each: [] for each in ids}
        rows = reader.rows(select(person.c.pitch_id, person.c.role).where(person.c.pitch_id.in_(ids)))
        for row in rows:
            found[row.pitch_id].append(row.role)
        return found

    def moods(_reader: Any, ids: Sequence[int]) -> Mapping[int, Any]:
        asked.moods.append(len(ids))
        raise RuntimeError("the moon is full")

    @impl
    def crm_entities() -> list[EntityType]:
        facts = {"roles": Fact(of=roles, sample=["budget"]), "moods": Fact(of=moods, sample="bad")}
        return [
            EntityType(cls=Pitch, table=pitch, facts=facts),
            EntityType(cls=Person, table=person, parents=("pitch_id",), entered=True),
        ]

    @impl
    def crm_processes() -> list[Process]:
        return [PITCH]

    vars(module).update(crm_entities=crm_entities, crm_processes=crm_processes)
    return module


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def pitches(workspace: str, app: App, asked: Asked) -> Iterator[App]:
    _tables.create_all(app.engine)
    with app.engine.begin() as connection:
        connection.execute(update(setting).where(setting.c.name == "zone").values(value="Pacific/Kiritimati"))
    opened = App(workspace, plugins=[("pitches", plugin(asked))])
    yield opened
    opened.close()


def _pitch(app: App, *roles: str) -> int:
    with app.transaction(app.actor("ann"), cause="crm pitches add") as tx:
        made = tx.add(Pitch(title="Handles", owner_id=tx.actor.user_id))
        for role in roles:
            tx.add(Person(pitch_id=made.id, role=role))
    return made.id


def _row(app: App, pitch_id: int) -> Any:
    with app.read() as reader:
        return reader.first(select(pitch).where(pitch.c.id == pitch_id))


def test_a_guard_asks_for_facts_once_for_all_and_sees_what_was_flushed(pitches: App, asked: Asked) -> None:
    without, *others = [_pitch(pitches, "user"), *(_pitch(pitches, "user", "budget") for _each in range(12))]
    assert asked.roles == []
    with pytest.raises(Refused) as refused, pitches.transaction(pitches.actor("ann")) as tx:
        move(tx, tx.get(Pitch, without), "offered")
    assert refused.value.reasons == (
        f'pitch {without} cannot go from open to offered: “"budget" in roles && size(roles) <= 3” does not hold '
        "(roles is user).",
    )
    asked.roles.clear()
    with pitches.transaction(pitches.actor("ann")) as tx:
        for each in tx.load(Pitch, pitch.c.id.in_(others)):
            move(tx, each, "offered")
    assert asked.roles == [12]
    with pitches.transaction(pitches.actor("ann")) as tx:
        tx.add(Person(pitch_id=without, role="budget"))
        tx.flush()
        move(tx, tx.get(Pitch, without), "offered")
    assert asked.roles == [12, 1]
    with pitches.transaction(pitches.actor("ann")) as tx:
        move(tx, tx.get(Pitch, without), "won")
    assert asked.roles == [12, 1], "a way whose guard does not name it asks nothing"
    assert asked.moods == []


def test_a_fact_that_fails_closes_what_needs_it_and_names_the_plugin(pitches: App, asked: Asked) -> None:
    made = _pitch(pitches, "budget")
    with pytest.raises(Refused) as refused, pitches.transaction(pitches.actor("ann")) as tx:
        move(tx, tx.get(Pitch, made), "lost")
    (reason,) = refused.value.reasons
    assert reason.startswith(f"pitch {made} cannot go from open to lost: ")
    for said in ("pitches", "fact moods of pitches_pitch", "the moon is full"):
        assert said in reason
    assert [each.plugin for each in pitches.dispatcher.failures] == ["pitches"]
    with pitches.read(pitches.actor("ann")) as reader:
        entities = pitches.assembly.entities
        found = one(reader, reader.definitions, entities.tables, made)
        ways = onward(reader, entities, found.process, found.row)
    assert [(way.to, way.open) for way in ways] == [("offered", True), ("lost", False)]
    assert "the moon is full" in ways[1].why_not[0]


def test_automations_ask_for_facts_and_files_are_checked_for_them(pitches: App) -> None:
    def applied(text: str) -> None:
        with pitches.transaction(pitches.actor("ann"), cause="crm config apply") as tx:
            apply(tx, read_text(text, "x.toml"))

    action = "actions = [{ do = 'create_task', subject = 'Ask {roles}' }]"
    applied(f"[automation.ask]\non = 'pitches_pitch.changed'\nwhen = \"'user' in roles\"\n{action}\n")
    applied(f"[automation.fail]\non = 'pitches_pitch.changed'\nwhen = \"moods == 'good'\"\n{action}\n")
    with pytest.raises(Refused, match="unknown name “rolls”"):
        applied(f"[automation.ask]\non = 'pitches_pitch.changed'\nwhen = \"'user' in rolls\"\n{action}\n")
    with pytest.raises(Refused, match="the types do not go together"):
        applied(f"[automation.ask]\non = 'pitches_pitch.changed'\nwhen = 'roles > 5'\n{action}\n")
    with pytest.raises(Refused, match="pitches_pitch has a field of its own called roles"):
        applied("[field.pitches_pitch.roles]\n")
    made, other = _pitch(pitches, "user", "budget"), _pitch(pitches, "budget")
    with pitches.transaction(pitches.actor("ann")) as tx:
        for each in (made, other):
            tx.get(Pitch, each).title = "Bolts"
    deliver(pitches, seconds=20)
    with pitches.read() as reader:
        assert [row.subject for row in reader.rows(select(task))] == ["Ask user, budget"]
        runs = reader.rows(select(automation_run.c.automation, automation_run.c.outcome))
    assert sorted((row.automation, row.outcome) for row in runs) == [
        ("ask", "done"),
        ("fail", "failed"),
        ("fail", "failed"),
    ]


def test_an_integrator_defines_a_plugins_process_otherwise(pitches: App, tmp_path: Path) -> None:
    own = tmp_path / "pitch.toml"
    own.write_text(
        """
[process.pitch]
entity = "pitches_pitch"
field = "stage"
states = [
  { name = "open", steps = ["Call", "Write"], template = "offers/first.docx", probability = 20, days = 7 },
  { name = "offered", kind = "open", probability = 60 },
  { name = "won", kind = "won" },
  { name = "lost", kind = "lost" },
]
transitions = [
  { from = "open", to = "offered", guard = "'budget' in roles", requires = ["pieces"] },
  { from = "offered", to = "won" },
  { from = ["open", "offered"], to = "lost" },
]
fields = [{ name = "pieces", type = "number", minimum = 1 }]
"""
    )

    def applied(text: str) -> None:
        with pitches.transaction(pitches.actor("ann"), cause="crm config apply") as tx:
            apply(tx, read_text(text, "pitch.toml"))

    made = _pitch(pitches, "budget")
    renamed = own.read_text().replace('"open", steps', '"begun", steps')
    renamed = renamed.replace('from = "open"', 'from = "begun"').replace('["open"', '["begun"')
    for text, reason in (
        (renamed, "1 record is in the state open; move it first"),
        (own.read_text().replace('name = "open",', 'name = "open", kind = "done",'), "becomes one of another kind"),
    ):
        with pytest.raises(Refused, match=reason):
            applied(text)
    applied(own.read_text())
    with pytest.raises(Refused, match="it needs pieces"), pitches.transaction(pitches.actor("ann")) as tx:
        move(tx, tx.get(Pitch, made), "offered")
    with pitches.transaction(pitches.actor("ann"), cause="crm process move") as tx:
        move(tx, tx.get(Pitch, made), "offered", {"pieces": 3})
    assert (_row(pitches, made).stage, _row(pitches, made).custom) == ("offered", {"pieces": 3})
    more = ["a", "b", "c", "d"]
    asking = json.dumps(["pieces", "title", "entered_at", "status", "closed_on", "owner_id", *more])
    fields = "".join(f'{{ name = "{each}" }}, ' for each in more)
    with pytest.raises(Refused, match="asks for 6 manual fields in state offered"):
        applied(own.read_text().replace('["pieces"]', asking).replace("fields = [", f"fields = [{fields}"))
    with pytest.raises(Refused, match="a probability is a whole number from 0 to 100"):
        applied(own.read_text().replace("probability = 20", "probability = 120"))
    with pytest.raises(Refused, match="what is won has the probability 100"):
        applied(own.read_text().replace('"won", kind = "won"', '"won", kind = "won", probability = 90'))
    with pytest.raises(Refused, match="records of pitches_pitch go through process pitch already"):
        applied(own.read_text().replace("[process.pitch]", "[process.other]"))
    with pytest.raises(Refused, match="days are a whole number, 1 or more"):
        applied(own.read_text().replace("days = 7", "days = 0.5"))


def test_the_kind_of_the_state_and_the_day_of_the_end_are_kept(pitches: App) -> None:
    made = _pitch(pitches, "budget")
    assert (_row(pitches, made).status, _row(pitches, made).closed_on) == ("open", None)
    for state, kind in (("offered", "open"), ("won", "won")):
        with pitches.transaction(pitches.actor("ann")) as tx:
            tx.get(Pitch, made).stage = state
        row = _row(pitches, made)
        assert row.status == kind
    assert row.closed_on == tx.now.astimezone(ZoneInfo("Pacific/Kiritimati")).date()
    with pitches.transaction(pitches.actor("ann"), cause="crm pitches person") as tx:
        tx.add(Person(pitch_id=tx.get(Pitch, made).id, role="boss"))
    with pitches.read() as reader:
        facts = reader.rows(select(journal.c.data).where(journal.c.type.like("process.%")).order_by(journal.c.id))
    assert [(each.data["typed"], each.data["filled"]) for each in facts] == [
        (["title", "pitches_person.role"], ["owner_id"]), ([], []), ([], []), (["pitches_person.role"], []),
    ]  # fmt: skip
