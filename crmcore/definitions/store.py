"""Where definitions are kept: one row each, read when a workspace is opened or its generation grew."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from crmcore.definitions.bodies import definitions, in_order
from crmcore.definitions.reading import Body, Named
from crmcore.engine.tables import definition
from crmcore.model.definitions import Definitions

NO_PLACES: Mapping[Named, int] = {}


def load(connection: Connection) -> Definitions:
    """Return the definitions of a workspace."""
    return definitions(bodies(connection))


def bodies(connection: Connection) -> dict[Named, Body]:
    """Return the bodies of a workspace's definitions, in the order in which they are shown and exported."""
    c = definition.c
    rows = connection.execute(select(c.kind, c.name, c.body).order_by(c.place, c.kind, c.name))
    return in_order(((row.kind, row.name), row.body) for row in rows)


def places(connection: Connection) -> dict[Named, int]:
    """Return where each definition stands among the others."""
    c = definition.c
    return {(row.kind, row.name): row.place for row in connection.execute(select(c.kind, c.name, c.place))}


def save(
    connection: Connection, changes: Mapping[Named, Body | None], at: datetime, back: Mapping[Named, int] = NO_PLACES
) -> None:
    """Write bodies; None removes a definition. A new one comes behind those that are there, or where `back` says."""
    c = definition.c
    gone = [key for key, body in changes.items() if body is None]
    if gone:
        named = (and_(c.kind == kind, c.name == name) for kind, name in gone)
        connection.execute(delete(definition).where(or_(*named)))
    last = connection.execute(select(func.coalesce(func.max(c.place), 0))).scalar_one()
    for (kind, name), body in changes.items():
        if body is None:
            continue
        known = update(definition).where(c.kind == kind, c.name == name).values(body=body, at=at)
        if not connection.execute(known).rowcount:
            place = back.get((kind, name))
            if place is None:
                place = last = last + 1
            connection.execute(insert(definition).values(kind=kind, name=name, body=body, at=at, place=place))
