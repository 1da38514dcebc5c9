"""Adding, changing and removing service levels; open tickets are reckoned anew by the worker."""

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import func, or_, select

from crmcore.api import Denied, InvalidInput, Refused, Transaction, calendar_named, tables, user_named
from crmcore_service.i18n import _
from crmcore_service.levels.promised import CUSTOMER
from crmcore_service.levels.recounting import mark
from crmcore_service.levels.saying import StepSaid, TargetSaid
from crmcore_service.model.level import EscalationStep, Level, LevelTarget
from crmcore_service.tables import contract, queue, step, target, ticket
from crmcore_service.tables import level as table


@frozen(kw_only=True)
class Wanted:
    """What is said of a level; None stays as it is. `drop` are the ids of steps that go."""

    name: str | None = None
    code: str | None = None
    calendar: str | None = None
    pauses: Sequence[str] | None = None
    note: str | None = None
    targets: tuple[TargetSaid, ...] = ()
    steps: tuple[StepSaid, ...] = ()
    drop: tuple[int, ...] = ()


def add(tx: Transaction, wanted: Wanted) -> Level:
    """Add a level; raises `Denied`, and `InvalidInput` for a name that is taken, an unknown state or person."""
    _may(tx)
    given = {key: value for key, value in _fields(tx, wanted).items() if value is not None}
    _must_be_free(tx, str(given["name"]), 0)
    found = tx.add(Level(**given))
    _parts(tx, found, wanted)
    return found


def edit(tx: Transaction, level_id: int, wanted: Wanted, version: int | None = None) -> int:
    """Change a level, and return how many open tickets are reckoned anew. Raises as `add`, and `Conflict`."""
    _may(tx)
    found = tx.get(Level, level_id)
    if version is not None and found.version != version:
        raise InvalidInput(
            _("The level was changed since version {version}; it is now {now}.").format(
                version=version, now=found.version
            )
        )
    for name, value in _fields(tx, wanted).items():
        if value is not None:
            setattr(found, name, value)
    _must_be_free(tx, found.name, found.id)
    _parts(tx, found, wanted)
    return mark(tx, or_(ticket.c.level_id == level_id, ticket.c.level_id.is_(None)))


def remove(tx: Transaction, level_id: int) -> None:
    """Remove a level; raises `Refused` while queues or contracts promise it."""
    _may(tx)
    found = tx.get(Level, level_id)
    named = []
    for one, called in ((queue, _("queue")), (contract, _("contract"))):
        rows = tx.rows(select(one.c.id, one.c.name).where(one.c.level_id == level_id).order_by(one.c.id).limit(5))
        named += [
            _("The {kind} {id} “{name}” promises it; give that another level first.").format(
                kind=called, id=row.id, name=row.name
            )
            for row in rows
        ]
    if named:
        raise Refused(named)
    mark(tx, ticket.c.level_id == level_id)
    for cls, part in ((LevelTarget, target), (EscalationStep, step)):
        for each in tx.load(cls, part.c.level_id == level_id):
            tx.remove(each)
    tx.remove(found)


def _may(tx: Transaction) -> None:
    if tx.scope.write != "all" and tx.actor.user_id:
        raise Denied(_("Service levels are set by those who may change all tickets."))


def _fields(tx: Transaction, wanted: Wanted) -> dict[str, Any]:
    if wanted.calendar:
        calendar_named(tx, wanted.calendar.removesuffix(CUSTOMER))
    return {
        "name": wanted.name and wanted.name.strip(), "code": wanted.code, "calendar": wanted.calendar,
        "pauses": None if wanted.pauses is None else _states(tx, wanted.pauses), "note": wanted.note,
    }  # fmt: skip


def _states(tx: Transaction, names: Iterable[str]) -> list[str]:
    process = next(one for one in tx.definitions.processes if one.entity == ticket.name)
    known = [one.name for one in process.states if one.kind == "open"]
    found = list(dict.fromkeys(name for name in names if name))
    for name in found:
        if name not in known:
            raise InvalidInput(
                _("Tickets have no open state “{name}”; they have {known}.").format(name=name, known=", ".join(known))
            )
    return found


def _must_be_free(tx: Transaction, name: str, own: int) -> None:
    c = table.c
    if tx.value(select(c.id).where(func.lower(c.name) == name.lower(), c.id != own)) is not None:
        raise InvalidInput(_("There is a service level “{name}” already.").format(name=name))


def _parts(tx: Transaction, found: Level, wanted: Wanted) -> None:
    """Put targets in place of those of the same clock and priority, add steps, and take away those to drop."""
    known = {} if not found.version else {
        (one.clock, one.priority): one for one in tx.load(LevelTarget, target.c.level_id == found.id)
    }  # fmt: skip
    for said in wanted.targets:
        there = known.pop((said.clock, said.priority), None)
        if said.minutes is None and said.days is None:
            if there is not None:
                tx.remove(there)
        elif there is not None:
            there.minutes, there.days = said.minutes, said.days
        else:
            tx.add(
                LevelTarget(
                    level_id=found.id, clock=said.clock, priority=said.priority, minutes=said.minutes, days=said.days
                )
            )  # fmt: skip
    for each in wanted.steps:
        tx.add(_step(tx, found.id, each))
    if wanted.drop:
        gone = tx.load(EscalationStep, step.c.level_id == found.id, step.c.id.in_(wanted.drop))
        missing = sorted(set(wanted.drop) - {one.id for one in gone})
        if missing:
            raise InvalidInput(_("The level has no step {id}.").format(id=missing[0]))
        for one in gone:
            tx.remove(one)


def _step(tx: Transaction, level_id: int, said: StepSaid) -> EscalationStep:
    u = tables.user_account.c
    if said.team and tx.value(select(u.id).where(u.team == said.team, u.active.is_(True))) is None:
        raise InvalidInput(_("Nobody is in the team {team}.").format(team=said.team))
    return EscalationStep(
        level_id=level_id, clock=said.clock, priority=said.priority, counted=said.counted, minutes=said.minutes,
        tells=said.tells, user_id=user_named(tx, said.login).id if said.login else None, team=said.team,
        priority_then=said.priority_then, assigns=said.assigns,
    )  # fmt: skip
