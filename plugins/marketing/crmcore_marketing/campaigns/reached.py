"""How many people campaigns have and reached: each once, whatever they got, also those who were erased since."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_

from crmcore_marketing.tables import member, touch

ERASED = "erased"
"""The `entity` of touches with somebody who was erased; their `record_id` is the same for all of that person.

Memberships of such have a `source` that begins so, the same for all of that person.
"""
MEMBER = "member"


def person() -> ColumnElement[Any]:
    """Return what is the same for all touches of a person, and of nobody else."""
    return func.coalesce(touch.c.contact_id, -touch.c.record_id)


def somebody() -> ColumnElement[bool]:
    """Return the condition that a touch is one of a person who got something or did something."""
    return (touch.c.kind != MEMBER) & or_(touch.c.contact_id.is_not(None), touch.c.entity == ERASED)


def reached() -> ColumnElement[int]:
    """Return how many people touches reached, as a column."""
    return func.count(person().distinct()).filter(somebody())


def people(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how many people members are that meet conditions, as a column."""
    m = member.c
    known = func.count(m.contact_id.distinct())
    erased = func.count(m.source.distinct()).filter(m.contact_id.is_(None), *conditions)
    return (known.filter(*conditions) if conditions else known) + erased
