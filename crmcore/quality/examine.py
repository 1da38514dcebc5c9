"""Going over all contacts once: two statements that stream, side by side, whatever the number of contacts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point, duplicate, interaction, participant
from crmcore.engine.workspace import settings
from crmcore.quality.checks import ADDRESS, MAIL, PHONE, Fault, contact_faults, point_faults
from crmcore.quality.staleness import cutoff, months

_AT_ONCE = 1000


@frozen(kw_only=True)
class Examined:
    """A contact with everything that is wrong with it, and how many e-mail addresses and phone numbers it has."""

    id: int
    name: str
    faults: tuple[Fault, ...]
    addresses: int
    phones: int

    @property
    def fails(self) -> bool:
        """Whether the contact is left out of figures: false, stale, there twice, out of reach or without a name.

        One without any e-mail address is no false data, nor is one wrong number beside a right one.
        """
        figures = {fault.figure for fault in self.faults}
        return bool(figures - {MAIL, ADDRESS, PHONE}) or (MAIL in figures and self.addresses > 0)


def examine(reader: Reader, after: int = 0) -> Iterator[Examined]:
    """Yield the contacts the actor may see, in the order of ids, from the one after `after`; in constant memory."""
    count = months(reader.connection)
    region = str(settings(reader.connection).get("region") or "")
    options = {"yield_per": _AT_ONCE}
    people = reader.connection.execute(
        reader.visibility.limit(_people(cutoff(datetime.now(UTC), count), after)), execution_options=options
    )
    ways = reader.connection.execute(_points(after), execution_options=options)
    try:
        grouped = groupby(ways, attrgetter("contact_id"))
        owner, group = next(grouped, (None, iter(())))
        for row in people:
            while owner is not None and owner < row.id:  # points of contacts that are hidden, or merged into others
                owner, group = next(grouped, (None, iter(())))
            points = list(group) if owner == row.id else []
            yield _examined(row, points, region, count)
    finally:
        people.close()
        ways.close()


def _examined(row: Row[Any], points: list[Row[Any]], region: str, count: int) -> Examined:
    wrong = point_faults(points, region)
    return Examined(
        id=row.id,
        name=row.name,
        faults=(*wrong, *contact_faults(row, points, wrong, count)),
        addresses=sum(1 for point in points if point.kind == "email"),
        phones=sum(1 for point in points if point.kind in ("phone", "fax")),
    )


def _people(since: datetime, after: int) -> Select[Any]:
    c = contact.c
    twins = (
        select(duplicate.c.b, func.min(duplicate.c.a).label("a"))
        .where(duplicate.c.kind == "contact", duplicate.c.state == "open")
        .group_by(duplicate.c.b)
        .subquery()
    )
    silent: ColumnElement[bool] = (c.updated_at < since) & ~or_(_passed(since), _took_part(since))
    return (
        select(c.id, c.name, c.given, c.family, silent.label("silent"), twins.c.a.label("twin"))
        .select_from(contact.outerjoin(twins, twins.c.b == c.id))
        .where(c.merged_into_id.is_(None), c.id > after)
        .order_by(c.id)
    )


def _passed(since: datetime) -> ColumnElement[bool]:
    c = interaction.c
    return exists(select(c.id).where(c.contact_id == contact.c.id, c.moment >= since).correlate(contact))


def _took_part(since: datetime) -> ColumnElement[bool]:
    present = select(participant.c.id).join(interaction, interaction.c.id == participant.c.interaction_id)
    mine = present.where(participant.c.contact_id == contact.c.id, interaction.c.moment >= since)
    return exists(mine.correlate(contact))


def _points(after: int) -> Select[Any]:
    c = contact_point.c
    return (
        select(c.contact_id, c.id, c.kind, c.value, c.normal, c.status)
        .where(c.contact_id > after)
        .order_by(c.contact_id, c.id)
    )
