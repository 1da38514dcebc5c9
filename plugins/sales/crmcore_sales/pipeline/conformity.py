"""Whether deals went the way the process says: no stage skipped, every check list done, no step it does not have.

What a guard asks for is enforced at every step; this tells what a guard cannot. Row S0-11. Deals that an import
brought are left out: nobody knows which way they came.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from crmcore.api import Process, Reader, logins
from crmcore_sales.i18n import _
from crmcore_sales.pipeline.facts import portions
from crmcore_sales.pipeline.finding import Asked, conditions
from crmcore_sales.pipeline.guidance import pipeline
from crmcore_sales.tables import opportunity, passage, step


@frozen(kw_only=True)
class Strayed:
    """A deal that did not conform, and why."""

    id: int
    title: str
    owner: str
    status: str
    closed_on: date | None
    why: Sequence[str]


@frozen(kw_only=True)
class OfOwner:
    """A rep's deals, and how many of them conformed."""

    owner: str
    deals: int
    conformed: int


@frozen(kw_only=True)
class Conformity:
    """How many deals conformed to the process; `reasons` counts deals by why they did not, the commonest first."""

    process: str
    deals: int
    conformed: int
    imported: int
    reasons: Sequence[tuple[str, int]]
    owners: Sequence[OfOwner]
    strayed: Sequence[Strayed]

    @property
    def share(self) -> Decimal | None:
        """The share that conformed, 0 to 1; None of no deals."""
        return Decimal(self.conformed) / self.deals if self.deals else None


def conformity(reader: Reader, asked: Asked) -> Conformity:
    """Tell of the deals that are asked for how many conformed: a handful of statements, however many there are."""
    process = pipeline(reader.definitions)
    held = conditions(asked)
    rows = reader.rows(_deals(process, held))
    why: dict[int, list[str]] = defaultdict(list)
    open_ = _open(process)
    for row in rows:
        needed = len(open_) if row.status == "won" else row.furthest
        if row.passed < needed:
            why[row.id].append("")
    _name_skipped(reader, open_, why)
    _add(why, reader.rows(_unticked(process, held)), _("left {stage} with its check list undone"))
    _add(why, reader.rows(_undefined(process, held)), _("went {origin} → {stage}, which is no way of the process"))
    known = {row.id: row for row in rows}
    why = {key: reasons for key, reasons in why.items() if key in known}
    users = logins(reader, {row.owner_id for row in rows})
    deals = Counter(users.get(row.owner_id, "") for row in rows)
    against = Counter(users.get(known[key].owner_id, "") for key in why)
    reasons = Counter(reason for several in why.values() for reason in dict.fromkeys(several))
    return Conformity(
        process=process.title or process.name,
        deals=len(rows),
        conformed=len(rows) - len(why),
        imported=reader.value(
            select(func.count()).select_from(opportunity).where(*held, opportunity.c.batch_id.is_not(None))
        ),
        reasons=reasons.most_common(),
        owners=[OfOwner(owner=one, deals=n, conformed=n - against[one]) for one, n in sorted(deals.items())],
        strayed=[_strayed(known[key], users, why[key]) for key in sorted(why)],
    )


def _strayed(row: Any, users: Mapping[int, str], why: Sequence[str]) -> Strayed:
    owner = users.get(row.owner_id, "")
    return Strayed(id=row.id, title=row.title, owner=owner, status=row.status, closed_on=row.closed_on, why=why)


def _open(process: Process) -> list[str]:
    return [one.name for one in process.states if one.kind == "open"]


def _deals(process: Process, held: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Return the statement for deals with how many open stages they passed, and how far they came (from 1)."""
    o, open_ = opportunity.c, _open(process)
    place = case(*((passage.c.stage == name, at) for at, name in enumerate(open_, start=1)), else_=0)
    told = (o.id, o.title, o.owner_id, o.status, o.closed_on)
    return (
        select(
            *told,
            func.count(case((passage.c.stage.in_(open_), passage.c.stage)).distinct()).label("passed"),
            func.max(place).label("furthest"),
        )
        .join_from(opportunity, passage)
        .where(*held, o.batch_id.is_(None))
        .group_by(*told)
    )


def _name_skipped(reader: Reader, open_: Sequence[str], why: dict[int, list[str]]) -> None:
    """Put in place of the empty reason which stages were skipped: one statement for each thousand such deals."""
    for some in portions(sorted(why)):
        passed: dict[int, set[str]] = defaultdict(set)
        statuses: dict[int, str] = {}
        p = passage.c
        rows = select(p.opportunity_id, p.stage, opportunity.c.status).join_from(passage, opportunity)
        for row in reader.rows(rows.where(p.opportunity_id.in_(some))):
            passed[row.opportunity_id].add(row.stage)
            statuses[row.opportunity_id] = row.status
        for key, stages in passed.items():
            last = max((at for at, name in enumerate(open_) if name in stages), default=-1)
            reached = open_ if statuses[key] == "won" else open_[:last]
            why[key] = [_("skipped {stage}").format(stage=name) for name in reached if name not in stages]


def _add(why: dict[int, list[str]], rows: Sequence[Any], sentence: str) -> None:
    for row in rows:
        why[row.opportunity_id].append(sentence.format(**row._mapping))


def _unticked(process: Process, held: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Return the statement for deals that left a stage whose check list was not done."""
    p = passage.c
    undone = []
    for one in process.states:
        if one.steps:
            done = (
                select(func.count(step.c.text.distinct()))
                .where(step.c.opportunity_id == p.opportunity_id, step.c.stage == one.name, step.c.text.in_(one.steps))
                .scalar_subquery()
            )
            undone.append(and_(p.stage == one.name, done < len(one.steps)))
    statement = select(p.opportunity_id, p.stage).join_from(passage, opportunity)
    return statement.where(*held, p.left_at.is_not(None), or_(*undone) if undone else p.id.is_(None)).distinct()


def _undefined(process: Process, held: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Return the statement for steps of deals that the process, as it is defined now, has not."""
    p = passage.c
    ways = {(one.origin, one.target) for one in process.transitions} | {("", process.states[0].name)}
    known = or_(*(and_(p.origin == origin, p.stage == target) for origin, target in sorted(ways)))
    statement = select(p.opportunity_id, p.origin, p.stage).join_from(passage, opportunity)
    return statement.where(*held, ~known).distinct()
