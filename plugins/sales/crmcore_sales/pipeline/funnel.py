"""The funnel: how far deals come, what becomes of them from stage to stage, and how long they stay."""

from collections.abc import Sequence
from decimal import Decimal

from attrs import frozen
from sqlalchemy import ColumnElement, case, extract, func, select

from crmcore.api import Process, Reader, here
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.pipeline.finding import Asked, conditions
from crmcore_sales.pipeline.guidance import pipeline
from crmcore_sales.tables import opportunity, passage

_DAY = 86_400


@frozen(kw_only=True)
class StageFigures:
    """A stage of the funnel: how many deals reached it, the share of those that went on from it to a later one or won.

    `lost` counts those lost from here, `days` the mean stay of those that left. `open` and `amount` are of the deals
    that are here now, in the workspace's currency at today's rates; `unknown` counts those in a currency without one.
    """

    stage: str
    label: str
    reached: int
    onward: int
    lost: int
    days: float | None
    open: int
    amount: Decimal
    unknown: int

    @property
    def conversion(self) -> Decimal | None:
        """The share that went on, 0 to 1; None where none came."""
        return Decimal(self.onward) / self.reached if self.reached else None


@frozen(kw_only=True)
class Funnel:
    """A funnel: the deals in it, its stages in their order, how many were won and lost, and in which currency."""

    deals: int
    won: int
    lost: int
    currency: str
    stages: Sequence[StageFigures]


def funnel(reader: Reader, asked: Asked, *also: ColumnElement[bool]) -> Funnel:
    """Return the funnel of the deals that are asked for, `also` under more conditions: four statements."""
    process = pipeline(reader.definitions)
    held = [*conditions(asked), *also]
    open_ = [one for one in process.states if one.kind == "open"]
    ends, days = _reached(reader, process, held), _stays(reader, held)
    here_now, currency = _open_now(reader, held)
    stages = []
    for at, one in enumerate(open_, start=1):
        count, amount, unknown = here_now.get(one.name, (0, Decimal(0), 0))
        stages.append(
            StageFigures(
                stage=one.name,
                label=one.label,
                reached=sum(n for (far, _status), n in ends.items() if far >= at),
                onward=sum(n for (far, status), n in ends.items() if far > at or (far == at and status == "won")),
                lost=sum(n for (far, status), n in ends.items() if far == at and status == "lost"),
                days=days.get(one.name),
                open=count,
                amount=amount,
                unknown=unknown,
            )
        )
    return Funnel(
        deals=sum(ends.values()),
        won=sum(n for (_far, status), n in ends.items() if status == "won"),
        lost=sum(n for (_far, status), n in ends.items() if status == "lost"),
        currency=currency,
        stages=stages,
    )


def _reached(reader: Reader, process: Process, held: Sequence[ColumnElement[bool]]) -> dict[tuple[int, str], int]:
    """Return how many deals came how far (stages from 1), by what became of them."""
    names = [one.name for one in process.states if one.kind == "open"]
    place = case(*((passage.c.stage == name, at) for at, name in enumerate(names, start=1)), else_=0)
    each = (
        select(opportunity.c.id, opportunity.c.status, func.max(place).label("far"))
        .join_from(opportunity, passage)
        .where(*held)
        .group_by(opportunity.c.id, opportunity.c.status)
        .subquery()
    )
    rows = reader.rows(select(each.c.far, each.c.status, func.count().label("n")).group_by(each.c.far, each.c.status))
    return {(row.far, row.status): row.n for row in rows}


def _stays(reader: Reader, held: Sequence[ColumnElement[bool]]) -> dict[str, float]:
    """Return the mean days of a stay, by stage, of those that ended."""
    p = passage.c
    mean = func.avg(extract("epoch", p.left_at) - extract("epoch", p.entered_at))
    statement = select(p.stage, mean.label("seconds"))
    if held:
        statement = statement.join_from(passage, opportunity)
    rows = reader.rows(statement.where(*held, p.left_at.is_not(None)).group_by(p.stage))
    return {row.stage: float(row.seconds) / _DAY for row in rows}


def _open_now(reader: Reader, held: Sequence[ColumnElement[bool]]) -> tuple[dict[str, tuple[int, Decimal, int]], str]:
    """Return by stage how many deals are open there, their amount, and how many have a currency without a rate."""
    c, today = opportunity.c, here(reader).today
    known = rates(reader, today)
    statement = select(c.stage, c.currency, func.count().label("n"), func.sum(c.amount).label("amount"))
    found: dict[str, tuple[int, Decimal, int]] = {}
    for row in reader.rows(statement.where(*held, c.status == "open").group_by(c.stage, c.currency)):
        count, amount, unknown = found.get(row.stage, (0, Decimal(0), 0))
        rated = row.currency == known.base or row.currency in known.days
        worth = known.convert(row.amount, row.currency, today) if rated and row.amount is not None else Decimal(0)
        found[row.stage] = (count + row.n, amount + worth, unknown + (0 if rated else row.n))
    return found, known.base
