"""Service levels as lists and programs see them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import NotFound, Reader, logins, record_named
from crmcore_service.i18n import _
from crmcore_service.levels.promised import Promised, Step, Target, promised
from crmcore_service.levels.saying import step_text, target_text
from crmcore_service.tables import level, queue


@frozen(kw_only=True)
class LevelView:
    """A service level as listed; of each target and step `text` is how it would be written, `queues` promise it."""

    id: int
    name: str
    code: str
    calendar: str
    pauses: Sequence[str]
    targets: Sequence[Mapping[str, Any]]
    steps: Sequence[Mapping[str, Any]]
    queues: Sequence[str]
    note: str
    version: int


def views(reader: Reader, *, limit: int, after: int | None = None, only: int | None = None) -> list[LevelView]:
    """Return levels in the order of their ids, or `only` one: six statements."""
    c = level.c
    wanted = select(level).where(c.id > (after or 0)).order_by(c.id).limit(limit)
    rows = reader.rows(wanted if only is None else wanted.where(c.id == only))
    ids = [row.id for row in rows]
    known = promised(reader, ids) if ids else {}
    users = logins(reader, [one.user_id for each in known.values() for one in each.steps])
    of_level: dict[int, list[str]] = defaultdict(list)
    lines = select(queue.c.level_id, queue.c.name).where(queue.c.level_id.in_(ids), queue.c.active.is_(True))
    for row in reader.rows(lines.order_by(queue.c.name)):
        of_level[row.level_id].append(row.name)
    return [_view(row, known[row.id], users, of_level[row.id]) for row in rows]


def view(reader: Reader, level_id: int) -> LevelView:
    """Return a level; raises `NotFound`."""
    found = views(reader, limit=1, only=level_id)
    if not found:
        raise NotFound(_("There is no service level {id}.").format(id=level_id))
    return found[0]


def level_named(reader: Reader, text: str) -> int:
    """Return the id of the level that a text names: its name, code or id. Raises `NotFound`."""
    return record_named(reader, level, text, called=_("service level"))


def _view(row: Any, one: Promised, users: Mapping[int, str], queues: Sequence[str]) -> LevelView:
    return LevelView(
        id=row.id, name=row.name, code=row.code, calendar=row.calendar, pauses=row.pauses,
        targets=[_target(each) for each in one.targets], steps=[_step(each, users) for each in one.steps],
        queues=queues, note=row.note, version=row.version,
    )  # fmt: skip


def _target(one: Target) -> dict[str, Any]:
    return {
        "clock": one.clock, "priority": one.priority, "minutes": one.minutes, "days": one.days,
        "text": target_text(one),
    }  # fmt: skip


def _step(one: Step, users: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": one.id, "clock": one.clock, "priority": one.priority, "counted": one.counted, "minutes": one.minutes,
        "tells": one.tells, "user": users.get(one.user_id or 0, ""), "team": one.team, "raises": one.priority_then,
        "assigns": one.assigns, "text": step_text(one, users),
    }  # fmt: skip
