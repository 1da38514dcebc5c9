"""A trail: a record, all it came from, and all that became of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import frozen

from crmcore.engine.links import Place
from crmcore.engine.mapping import Entities
from crmcore.engine.reader import Reader
from crmcore.errors import NotFound
from crmcore.i18n import _
from crmcore.trails.following import Linked, follow
from crmcore.trails.naming import short
from crmcore.trails.telling import Told, told

_GONE = Told(title="", about="", state="", label="", at=None)


@frozen(kw_only=True)
class Origin:
    """What a record on a trail was made of; `link` says what that did to it."""

    entity: str
    name: str
    id: int
    link: str


@frozen(kw_only=True)
class Stop:
    """A record on a trail; `name` is its kind in short.

    `step` counts from the record that was asked for: before it less than 0, after it more. One that was removed since
    has no title, and `present` is false. `state` is as it is stored, `label` as people call it.
    """

    entity: str
    name: str
    id: int
    step: int
    title: str
    about: str
    state: str
    label: str
    at: datetime | None
    came_of: Origin | None
    present: bool


@frozen(kw_only=True)
class Trail:
    """The stops of a trail, the first origin first; `cut` says that there are more than were asked for."""

    stops: Sequence[Stop]
    cut: bool


def trail(reader: Reader, entities: Entities, begin: Place, *, limit: int) -> Trail:
    """Return what a record came from, itself, and what became of it; at most `limit` before it, and after it.

    Raises `NotFound` for a record that is absent or hidden. Statements: one for each step to both sides, and one for
    each kind of record on the trail.
    """
    before = follow(reader, begin, forward=False, limit=limit + 1)
    after = follow(reader, begin, forward=True, limit=limit + 1)
    cut = len(before) > limit or len(after) > limit
    before, after = before[:limit], after[:limit]
    seen = told(reader, entities, [begin, *(each.place for each in (*before, *after))])
    if begin not in seen:
        raise NotFound(_("There is no {entity} {id}.").format(entity=short(entities, begin[0]), id=begin[1]))
    origins = _origins(entities, before, after)
    steps = [(each.place, each.step) for each in reversed(before)]
    steps += [(begin, 0), *((each.place, each.step) for each in after)]
    stops = [_stop(entities, place, step, seen.get(place), origins.get(place)) for place, step in steps]
    return Trail(stops=stops, cut=cut)


def _origins(entities: Entities, before: Sequence[Linked], after: Sequence[Linked]) -> Mapping[Place, Origin]:
    """Return what each record was made of; of several origins the one that is reached first."""
    found: dict[Place, Origin] = {}
    for one in before:
        found.setdefault(one.near, _origin(entities, one.place, one.kind))
    for one in after:
        found.setdefault(one.place, _origin(entities, one.near, one.kind))
    return found


def _origin(entities: Entities, place: Place, kind: str) -> Origin:
    return Origin(entity=place[0], name=short(entities, place[0]), id=place[1], link=kind)


def _stop(entities: Entities, place: Place, step: int, one: Told | None, origin: Origin | None) -> Stop:
    told_of = one or _GONE
    return Stop(
        entity=place[0],
        name=short(entities, place[0]),
        id=place[1],
        step=step,
        title=told_of.title,
        about=told_of.about,
        state=told_of.state,
        label=told_of.label,
        at=told_of.at,
        came_of=origin,
        present=one is not None,
    )
