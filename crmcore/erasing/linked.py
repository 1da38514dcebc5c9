"""What is about a person alone, and what is about others too."""

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Connection, and_, or_, select, union
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from crmcore.engine.tables import interaction, participant, process_item, task
from crmcore.erasing.person import Person

AT_ONCE = 900


@frozen(kw_only=True)
class Linked:
    """The ids of what passed with a person: interactions with nobody else (`alone`) and with others, tasks, items.

    `came_of_shared` are tasks about others that came of interactions with the person, too.
    """

    alone: tuple[int, ...]
    shared: tuple[int, ...]
    tasks: tuple[int, ...]
    items: tuple[int, ...]
    came_of_shared: tuple[int, ...]

    @property
    def subjects(self) -> tuple[int, ...]:
        """The ids of all records whose every word is about the person."""
        return (*self.alone, *self.tasks, *self.items)


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield ids in parts that a statement takes."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def theirs(person: Person) -> ColumnElement[bool]:
    """Return the condition that a participant is the person: linked, or met under an address that is nobody else's."""
    c = participant.c
    unlinked = and_(c.contact_id.is_(None), c.customer_id.is_(None), c.user_id.is_(None), c.normal.in_(person.normals))
    return or_(c[person.key].in_(person.ids), unlinked) if person.entity == "contact" else unlinked


def linked(connection: Connection, person: Person) -> Linked:
    """Return what passed with a person."""
    i, q, k = interaction.c, participant.c, task.c
    with_them = connection.execute(
        union(select(i.id).where(i[person.key].in_(person.ids)), select(q.interaction_id).where(theirs(person)))
    )
    ids = sorted(with_them.scalars())
    shared: set[int] = set()
    for part in chunks(ids):
        somebody = and_(
            q.contact_id.is_not(None), q.contact_id.not_in(person.ids if person.entity == "contact" else [0])
        )
        stranger = and_(
            q.contact_id.is_(None), q.user_id.is_(None), or_(q.name != "", q.address != ""),
            q.normal.not_in(person.normals),
        )  # fmt: skip
        shared |= set(
            connection.execute(
                select(q.interaction_id).where(q.interaction_id.in_(part), or_(somebody, stranger))
            ).scalars()
        )
        if person.entity == "contact":
            other = and_(i.contact_id.is_not(None), i.contact_id.not_in(person.ids))
            shared |= set(connection.execute(select(i.id).where(i.id.in_(part), other)).scalars())
        else:
            shared |= set(connection.execute(select(i.id).where(i.id.in_(part), i.contact_id.is_not(None))).scalars())
    alone = [one for one in ids if one not in shared]
    tasks = set(connection.execute(select(k.id).where(_theirs(k, person))).scalars())
    for part in chunks(alone):
        came_of_it = select(k.id).where(k.interaction_id.in_(part), k.contact_id.is_(None))
        tasks |= set(connection.execute(came_of_it).scalars())
    items = connection.execute(select(process_item.c.id).where(_theirs(process_item.c, person))).scalars()
    others: set[int] = set()
    for part in chunks(sorted(shared)):
        others |= set(connection.execute(select(k.id).where(k.interaction_id.in_(part))).scalars())
    return Linked(
        alone=tuple(alone),
        shared=tuple(sorted(shared)),
        tasks=tuple(sorted(tasks)),
        items=tuple(items),
        came_of_shared=tuple(sorted(others - tasks)),
    )


def _theirs(c: ReadOnlyColumnCollection[str, Any], person: Person) -> ColumnElement[bool]:
    """Return the condition that a record is about the person: of a customer, when it is about no contact."""
    mine = c[person.key].in_(person.ids)
    return mine if person.entity == "contact" else and_(mine, c.contact_id.is_(None))
