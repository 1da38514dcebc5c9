"""W6: an opportunity created; a stage move in its own transaction; the summary of the pipeline.

Ours journals them, asks and tells the hooks, runs the process's rules, and keeps the way through the stages and the
history of what was stated. The floor inserts an opportunity with its first stay in a stage; moves one, under its
version, with the stays; and sums up by stage and currency.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count, cycle
from typing import Any

from bench.deals import TODAY, Deals, amount, deals
from bench.load import day, instant
from bench.place import LOGIN, Place
from bench.raw import Raw
from bench.result import Result
from bench.scale import Scale
from bench.timing import compared, in_turns
from crmcore.app import App
from crmcore.workflow.moving import move

WRITE_GOAL, SUMMARY_GOAL = 8.0, 2.0
_NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
_NEED_BY = TODAY + timedelta(days=40)


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure W6 in a workspace with as many opportunities as the smallest brief has interactions."""
    made = deals(place, scale.briefs[0])
    raw, app = Raw(made.url), App(made.url)
    works: dict[str, Callable[[], object]] = {
        "floor create": _insert(raw, made),
        "ours create": _create(app, made),
        "floor move": _update(raw, made),
        "ours move": _move(app, made),
    }
    times = in_turns(works, rounds=scale.rounds, calls=scale.calls)
    for what, work in (("create", "an opportunity created"), ("move", "a stage move")):
        yield compared(
            f"W6 {work}", place.database, times[f"floor {what}"], times[f"ours {what}"], WRITE_GOAL,
            "in a transaction of its own",
        )  # fmt: skip
    raw.close()
    app.close()
    place.drop(made.url)
    yield from _summed(place, scale)


def _summed(place: Place, scale: Scale) -> Iterator[Result]:
    made = deals(place, scale.briefs[0])
    raw, app = Raw(made.url), App(made.url)
    works = {"floor": summary_by_hand(raw), "ours": summary(app)}
    if works["floor"]() != works["ours"]():
        raise RuntimeError("the floor and crmcore sum up differently")
    times = in_turns(works, rounds=scale.rounds, calls=scale.calls // 2 or 1)
    yield compared(
        "W6 pipeline summary", place.database, times["floor"], times["ours"], SUMMARY_GOAL,
        f"{scale.briefs[0]:,} opportunities, by stage",
    )  # fmt: skip
    raw.close()
    app.close()
    place.drop(made.url)


def _create(app: App, made: Deals) -> Callable[[], None]:
    from crmcore_sales.model.opportunity import Opportunity  # the benchmark runs without sales, too

    actor, customers, turn = app.actor(LOGIN), cycle(made.customer_ids), count()

    def work() -> None:
        with app.transaction(actor, cause="bench") as tx:
            tx.add(
                Opportunity(
                    title=f"Deal {next(turn)}", customer_id=next(customers), owner_id=actor.user_id,
                    amount=Decimal(120_000), currency="CNY", probability=30, need_by=_NEED_BY, region="North",
                )
            )  # fmt: skip

    return work


def _insert(raw: Raw, made: Deals) -> Callable[[], None]:
    customers, turn = cycle(made.customer_ids), count()
    deal = raw.sql(
        "INSERT INTO floor_opportunity (title, customer_id, owner_id, stage, status, amount, currency, probability, "
        "need_by, region, channel, reason, created_at) "
        "VALUES (?, ?, 1, 'qualification', 'open', ?, 'CNY', 30, ?, 'North', '', '', ?) RETURNING id"
    )
    stay = raw.sql("INSERT INTO floor_passage (opportunity_id, stage, entered_at) VALUES (?, 'qualification', ?)")
    now, worth, needed = instant(raw, _NOW), amount(raw, 12_000_000), day(raw, _NEED_BY)

    def work() -> None:
        raw.execute(raw.begin)
        values = (f"Deal {next(turn)}", next(customers), worth, needed, now)
        (key,) = raw.execute(deal, values).fetchall()[0]
        raw.execute(stay, (key, now))
        raw.execute("COMMIT")

    return work


def _move(app: App, made: Deals) -> Callable[[], None]:
    from crmcore_sales.model.opportunity import Opportunity

    actor, keys = app.actor(LOGIN), cycle(made.open_ids)

    def work() -> None:
        with app.transaction(actor, cause="bench") as tx:
            deal = tx.get(Opportunity, next(keys))
            move(tx, deal, "proposal" if deal.stage == "needs" else "needs")

    return work


def _update(raw: Raw, made: Deals) -> Callable[[], None]:
    keys = cycle(made.open_ids)
    read = raw.sql("SELECT * FROM floor_opportunity WHERE id = ?")
    write = raw.sql("UPDATE floor_opportunity SET stage = ?, version = version + 1 WHERE id = ? AND version = ?")
    leave = raw.sql("UPDATE floor_passage SET left_at = ? WHERE opportunity_id = ? AND left_at IS NULL")
    stay = raw.sql("INSERT INTO floor_passage (opportunity_id, stage, entered_at) VALUES (?, ?, ?)")
    names = [column[0] for column in raw.execute("SELECT * FROM floor_opportunity LIMIT 1").description]
    version, stage, now = names.index("version"), names.index("stage"), instant(raw, _NOW)

    def work() -> None:
        key = next(keys)
        row = raw.execute(read, (key,)).fetchone()
        target = "proposal" if row[stage] == "needs" else "needs"
        raw.execute(raw.begin)
        if raw.execute(write, (target, key, row[version])).rowcount != 1:
            raise RuntimeError("somebody else moved the floor")
        raw.execute(leave, (now, key))
        raw.execute(stay, (key, target, now))
        raw.execute("COMMIT")

    return work


Summary = dict[str, tuple[int, Decimal, Decimal, Decimal, Decimal]]
"""By stage: how many, their amount, weighted, committed, at best."""


def summary(app: App) -> Callable[[], Summary]:
    """Return our side of the summary of the pipeline."""
    from crmcore_sales.forecasting.weighted import weighted
    from crmcore_sales.pipeline.finding import Asked

    actor, asked = app.actor(LOGIN), Asked()

    def work() -> Summary:
        with app.read(actor) as reader:
            found = weighted(reader, ("stage",), asked, TODAY)
        return {
            stage: (one.deals, one.amount, one.weighted, one.low, one.high) for (stage,), one in found.groups.items()
        }

    return work


SUMS = (
    "count(*), sum(amount), sum(amount * probability), sum(CASE WHEN probability >= 80 THEN amount ELSE 0 END), "
    "sum(CASE WHEN probability >= 50 THEN amount ELSE 0 END)"
)
"""What the floor sums up of open opportunities."""


def summary_by_hand(raw: Raw) -> Callable[[], Summary]:
    """Return the floor's side: sums by stage and currency, converted in Python at the rates of the day."""
    statement = f"SELECT stage, currency, {SUMS} FROM floor_opportunity WHERE status = 'open' GROUP BY stage, currency"
    unit = Decimal("0.0001") if raw.dialect == "sqlite" else Decimal(1)

    def work() -> Summary:
        rates = rates_by_hand(raw)
        found: dict[str, list[Any]] = {}
        for stage, currency, number, whole, weighed, low, high in raw.execute(statement).fetchall():
            sums = found.setdefault(stage, [0, Decimal(0), Decimal(0), Decimal(0), Decimal(0)])
            rate = rates[currency] * unit
            for place, one in enumerate((whole, weighed / Decimal(100), low, high), start=1):
                sums[place] += one * rate
            sums[0] += number
        cent = Decimal("0.01")
        return {stage: (sums[0], *(one.quantize(cent) for one in sums[1:])) for stage, sums in found.items()}

    return work


def rates_by_hand(raw: Raw) -> dict[str, Decimal]:
    """Return the rates of the day by currency."""
    statement = raw.sql("SELECT currency, rate FROM floor_rate WHERE day <= ? ORDER BY day")
    rows = raw.execute(statement, (day(raw, TODAY),)).fetchall()
    return {"CNY": Decimal(1), **{code: Decimal(str(rate)) for code, rate in rows}}
