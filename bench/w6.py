"""W6 is the sales plugin's work. Until it is here: the nearest the core has, an edit and a sum by group."""

from collections.abc import Callable, Iterator
from itertools import count, cycle

from sqlalchemy import func, select

from bench.load import Shape, loaded
from bench.place import LOGIN, Place
from bench.raw import Raw
from bench.result import Result
from bench.scale import Scale
from bench.timing import compared, in_turns
from crmcore.app import App
from crmcore.engine.tables import interaction
from crmcore.model.party import Customer

EDIT_GOAL, COUNT_GOAL = 8.0, 2.0


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure an edit of one field in a transaction of its own, and a count by group."""
    yield Result(work="W6 opportunities", database=place.database, note="comes with sales; the nearest of the core:")
    shape = Shape(customers=500, contacts=1_000, interactions=scale.briefs[0])
    url = loaded(place, shape)
    raw, app = Raw(url), App(url)
    times = in_turns({"floor": _update(raw, shape), "ours": _edit(app, shape)}, rounds=scale.rounds, calls=scale.calls)
    yield compared(
        "W6 one field edited, locked optimistically", place.database, times["floor"], times["ours"], EDIT_GOAL
    )
    sums = {"floor": _count_by_hand(raw), "ours": _count(app)}
    if sums["floor"]() != sums["ours"]():
        raise RuntimeError("the floor and crmcore count differently")
    times = in_turns(sums, rounds=scale.rounds, calls=scale.calls // 2 or 1)
    yield compared(
        "W6 count by group", place.database, times["floor"], times["ours"], COUNT_GOAL,
        f"{shape.interactions:,} interactions by channel",
    )  # fmt: skip
    raw.close()
    app.close()
    place.drop(url)


def _edit(app: App, shape: Shape) -> Callable[[], None]:
    actor, keys, turn = app.actor(LOGIN), cycle(shape.customer_ids), count()

    def work() -> None:
        with app.transaction(actor, cause="bench") as tx:
            tx.get(Customer, next(keys)).note = f"note {next(turn)}"

    return work


def _update(raw: Raw, shape: Shape) -> Callable[[], None]:
    keys, turn = cycle(shape.customer_ids), count()
    read = raw.sql("SELECT * FROM floor_customer WHERE id = ?")
    write = raw.sql("UPDATE floor_customer SET note = ?, version = version + 1 WHERE id = ? AND version = ?")
    version = [column[0] for column in raw.execute("SELECT * FROM floor_customer").description].index("version")

    def work() -> None:
        key = next(keys)
        row = raw.execute(read, (key,)).fetchone()
        raw.execute(raw.begin)
        if raw.execute(write, (f"note {next(turn)}", key, row[version])).rowcount != 1:
            raise RuntimeError("somebody else edited the floor")
        raw.execute("COMMIT")

    return work


def _count(app: App) -> Callable[[], dict[str, int]]:
    actor = app.actor(LOGIN)
    statement = select(interaction.c.channel, func.count().label("n")).group_by(interaction.c.channel)

    def work() -> dict[str, int]:
        with app.read(actor) as reader:
            return {row.channel: row.n for row in reader.rows(statement)}

    return work


def _count_by_hand(raw: Raw) -> Callable[[], dict[str, int]]:
    def work() -> dict[str, int]:
        return dict(raw.execute("SELECT channel, count(*) FROM floor_interaction GROUP BY channel").fetchall())

    return work
