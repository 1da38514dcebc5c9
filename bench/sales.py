"""Sales in the large: the figures of 200,000 opportunities, beside the SQL that answers the same by hand.

The floor's tables hold the same in fewer columns, with indexes that hold all the figures need, as ours have. Both sides
are asked the same questions and must agree; ours adds what the asking user may not see, names, and totals.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from time import perf_counter

from bench.deals import deals
from bench.place import LOGIN, Place
from bench.raw import Raw
from bench.result import Result
from bench.scale import Scale
from bench.timing import compared, in_turns
from bench.w6 import SUMS, rates_by_hand, summary, summary_by_hand
from crmcore.app import App

GOAL = 2.0
_FIRST, _LAST, _DAY = date(2026, 10, 1), date(2026, 12, 31), date(2026, 11, 22)
_STAGES = ("qualification", "needs", "proposal", "negotiation")


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure the weighted pipeline, the funnel, the forecast, and wins and losses."""
    made = deals(place, scale.opportunities)
    raw, app = Raw(made.url), App(made.url)
    began = perf_counter()
    _freeze(app)
    froze = perf_counter() - began
    sides: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "weighted pipeline": (summary_by_hand(raw), summary(app)),
        "funnel": (_funnel_by_hand(raw), _funnel(app)),
        "forecast": (_forecast_by_hand(raw), _forecast(app)),
        "wins and losses by reason": (_winloss_by_hand(raw), _winloss(app)),
    }
    for what, (by_hand, ours) in sides.items():
        found, wanted = ours(), by_hand()
        if found != wanted:
            raise RuntimeError(f"the floor and crmcore disagree on the {what}: {wanted}; {found}")
    for what, (by_hand, ours) in sides.items():
        times = in_turns({"floor": by_hand, "ours": ours}, rounds=max(1, scale.rounds // 2), calls=2)
        yield compared(
            f"sales: {what}", place.database, times["floor"], times["ours"], GOAL,
            f"{scale.opportunities:,} opportunities, {5 * scale.opportunities:,} entries of the journal",
        )  # fmt: skip
    yield Result(
        work="sales: a week's forecast frozen", database=place.database, ours=froze, unit="s",
        note="and odds calibrated from all that were ever stated",
    )  # fmt: skip
    raw.close()
    app.close()
    place.drop(made.url)


def _freeze(app: App) -> None:
    from crmcore_sales.forecasting.freezing import freeze_now

    with app.transaction(cause="bench") as tx:
        freeze_now(tx)


def _forecast(app: App) -> Callable[[], object]:
    from crmcore_sales.forecasting.outlook import outlook
    from crmcore_sales.forecasting.quarters import quarter_of

    actor = app.actor(LOGIN)

    def work() -> object:
        with app.read(actor) as reader:
            found = outlook(reader, quarter_of(_DAY), "week", _DAY)
        total = found.total
        return {week: one.likely for week, one in found.groups.items()}, total.won, total.best, found.overdue.deals

    return work


def _forecast_by_hand(raw: Raw) -> Callable[[], object]:
    within = f"status = 'open' AND need_by BETWEEN '{_FIRST}' AND '{_LAST}'"
    by_day = f"SELECT need_by, currency, {SUMS} FROM floor_opportunity WHERE {within} GROUP BY need_by, currency"
    by_odds = (
        f"SELECT owner_id, currency, probability, count(*), sum(amount) FROM floor_opportunity WHERE {within} "
        "GROUP BY owner_id, currency, probability"
    )
    won = (
        "SELECT closed_on, currency, rate, count(*), sum(amount) FROM floor_opportunity WHERE status = 'won' "
        f"AND closed_on BETWEEN '{_FIRST}' AND '{_LAST}' GROUP BY closed_on, currency, rate"
    )
    overdue = f"SELECT count(*), sum(amount) FROM floor_opportunity WHERE status = 'open' AND need_by < '{_FIRST}'"
    unit = Decimal("0.0001") if raw.dialect == "sqlite" else Decimal(1)

    def work() -> object:
        rates = rates_by_hand(raw)
        weeks: dict[int, Decimal] = {}
        best = all_won = Decimal(0)
        for closed, currency, rate, _number, amount in raw.execute(won).fetchall():
            worth = amount * unit * (1 if currency == "CNY" else Decimal(str(rate)))
            weeks[_week(closed)] = weeks.get(_week(closed), Decimal(0)) + worth
            all_won += worth
        for needed, currency, _number, _amount, weighed, _low, high in raw.execute(by_day).fetchall():
            rate = rates[currency] * unit
            weeks[_week(needed)] = weeks.get(_week(needed), Decimal(0)) + weighed * rate / 100
            best += high * rate
        raw.execute(by_odds).fetchall()  # what the correction of odds is applied to
        ((late, _sum),) = raw.execute(overdue).fetchall()
        cent = Decimal("0.01")
        return (
            {week: weeks[week].quantize(cent) for week in sorted(weeks)},
            all_won.quantize(cent),
            (all_won + best).quantize(cent),
            late,
        )

    return work


def _week(when: str | date) -> int:
    found = date.fromisoformat(when) if isinstance(when, str) else when
    return min((found - _FIRST).days // 7 + 1, 13)


def _funnel(app: App) -> Callable[[], object]:
    from crmcore_sales.pipeline.finding import Asked
    from crmcore_sales.pipeline.funnel import funnel

    actor = app.actor(LOGIN)

    def work() -> object:
        with app.read(actor) as reader:
            found = funnel(reader, Asked())
        return [(one.stage, one.reached, one.onward, one.lost, one.open) for one in found.stages], found.won, found.lost

    return work


def _funnel_by_hand(raw: Raw) -> Callable[[], object]:
    far = " ".join(f"WHEN '{stage}' THEN {at}" for at, stage in enumerate(_STAGES, start=1))
    reached = (
        f"SELECT far, status, count(*) FROM (SELECT o.id, o.status, max(CASE p.stage {far} ELSE 0 END) AS far "
        "FROM floor_opportunity o JOIN floor_passage p ON p.opportunity_id = o.id GROUP BY o.id, o.status) AS each_one "
        "GROUP BY far, status"
    )
    if raw.dialect == "sqlite":
        stay = "avg(julianday(left_at) - julianday(entered_at))"
    else:
        stay = "avg(extract(epoch FROM left_at) - extract(epoch FROM entered_at)) / 86400"
    stays = f"SELECT stage, {stay} FROM floor_passage WHERE left_at IS NOT NULL GROUP BY stage"
    now = (
        "SELECT stage, currency, count(*), sum(amount) FROM floor_opportunity WHERE status = 'open' "
        "GROUP BY stage, currency"
    )

    def work() -> object:
        ends = {(at, status): n for at, status, n in raw.execute(reached).fetchall()}
        raw.execute(stays).fetchall()
        here: dict[str, int] = {}
        for stage, _currency, n, _amount in raw.execute(now).fetchall():
            here[stage] = here.get(stage, 0) + n
        stages = [
            (
                stage,
                sum(n for (last, _status), n in ends.items() if last >= at),
                sum(n for (last, status), n in ends.items() if last > at or (last == at and status == "won")),
                ends.get((at, "lost"), 0),
                here.get(stage, 0),
            )
            for at, stage in enumerate(_STAGES, start=1)
        ]
        won, lost = (sum(n for (_at, one), n in ends.items() if one == status) for status in ("won", "lost"))
        return stages, won, lost

    return work


def _winloss(app: App) -> Callable[[], object]:
    from crmcore_sales.competing.winloss import winloss
    from crmcore_sales.pipeline.finding import Asked

    actor = app.actor(LOGIN)

    def work() -> object:
        with app.read(actor) as reader:
            found = winloss(reader, "reason", Asked())
        return {one.key: (one.won, one.lost) for one in found.groups}, found.whole.won, found.whole.lost

    return work


def _winloss_by_hand(raw: Raw) -> Callable[[], object]:
    statement = (
        "SELECT reason, count(*) FILTER (WHERE status = 'won'), count(*) FILTER (WHERE status = 'lost'), "
        "sum(amount * rate) FILTER (WHERE status = 'won'), sum(amount * rate) FILTER (WHERE status = 'lost') "
        "FROM floor_opportunity WHERE status IN ('won', 'lost') GROUP BY reason ORDER BY count(*) DESC"
    )

    def work() -> object:
        rows = raw.execute(statement).fetchall()
        by_reason = {reason: (won, lost) for reason, won, lost, *_amounts in rows}
        return by_reason, sum(won for won, _lost in by_reason.values()), sum(lost for _won, lost in by_reason.values())

    return work
