"""Following links: step by step from a record, with one statement a step, however many records are on it."""

from collections.abc import Sequence

from attrs import frozen
from sqlalchemy import or_, select

from crmcore.engine.links import Place
from crmcore.engine.reader import Reader
from crmcore.engine.tables import link

_DEEPEST = 50
"""Steps that are followed; a chain of conversions has a handful."""
_NAMES = ("far_entity", "far_id", "near_entity", "near_id")


@frozen(kw_only=True)
class Linked:
    """A record on a trail: how many steps from where it begins (less than nothing before it), and what it came of.

    `near` is the record on its side that is one step nearer, `kind` what the link between them says.
    """

    place: Place
    step: int
    kind: str
    near: Place


def follow(reader: Reader, begin: Place, *, forward: bool, limit: int) -> list[Linked]:
    """Return the records that come after a record, or before it, nearest first, `limit` of them at most.

    One statement for each step. What the actor may not see ends a way.
    """
    found: dict[Place, Linked] = {}
    reached: Sequence[Place] = (begin,)
    sign = 1 if forward else -1
    for step in range(1, _DEEPEST + 1):
        links = _links(reader, reached, forward=forward, limit=limit - len(found))
        reached = []
        for place, near, kind in links:
            if place not in found and place != begin:
                found[place] = Linked(place=place, step=sign * step, kind=kind, near=near)
                reached.append(place)
        if not reached or len(found) >= limit:
            break
    return list(found.values())


def _links(reader: Reader, places: Sequence[Place], *, forward: bool, limit: int) -> list[tuple[Place, Place, str]]:
    """Return (far, near, what it says) of the links from or to places, the oldest first."""
    c = link.c
    near = (c.from_entity, c.from_id) if forward else (c.to_entity, c.to_id)
    far = (c.to_entity, c.to_id) if forward else (c.from_entity, c.from_id)
    by_entity: dict[str, list[int]] = {}
    for entity, record_id in places:
        by_entity.setdefault(entity, []).append(record_id)
    rows = reader.rows(
        select(*(one.label(name) for one, name in zip((*far, *near), _NAMES, strict=True)), c.kind)
        .where(or_(*((near[0] == name) & near[1].in_(ids) for name, ids in by_entity.items())))
        .order_by(c.at, c.id)
        .limit(limit)
    )
    return [((row.far_entity, row.far_id), (row.near_entity, row.near_id), row.kind) for row in rows]
