"""What of an interaction or task an actor may read, as conditions to be added to a query.

The engine hides records (private contacts, other teams' customers); here it is about words: the text of a private
interaction is its user's alone, and so is a task that quotes it, but for the task's owner.
"""

from sqlalchemy import BindParameter, ColumnElement, bindparam, or_, select, true

from crmcore.engine.tables import interaction, task
from crmcore.engine.types import Id

ME = bindparam("me", type_=Id)
"""The actor's user id, for statements that are made once and asked with values; 0 is the system, which reads all."""

# Under another name, so that it stays apart from the interactions a query itself reads.
_SOURCE = interaction.alias("source")


def readable(me: int | BindParameter[int]) -> ColumnElement[bool]:
    """Return the condition that the text of an interaction is the actor's to read."""
    return _or_system(me, or_(interaction.c.private.is_(False), interaction.c.user_id == me))


def task_seen(me: int | BindParameter[int]) -> ColumnElement[bool]:
    """Return the condition that a task is taken from nothing private, or is the actor's own."""
    s, t = _SOURCE.c, task.c
    secret = select(s.id).where(s.id == t.interaction_id, s.private.is_(True), s.user_id.is_distinct_from(me))
    return _or_system(me, or_(t.interaction_id.is_(None), t.owner_id == me, ~secret.exists()))


def _or_system(me: int | BindParameter[int], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    if isinstance(me, int):
        return true() if me == 0 else condition
    return or_(me == 0, condition)
