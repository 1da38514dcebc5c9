"""What of an interaction or task an actor may read, as conditions to be added to a query.

The engine hides records (private contacts, other teams' customers); here it is about words: the text of a private
interaction is its user's alone, and so is a task that quotes it.
"""

from sqlalchemy import ColumnElement, or_, select, true

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer, interaction, task


def readable(reader: Reader) -> ColumnElement[bool]:
    """Return the condition that the text of an interaction is the actor's to read."""
    me = reader.actor.user_id
    return true() if me == 0 else or_(interaction.c.private.is_(False), interaction.c.user_id == me)


def task_seen(reader: Reader) -> list[ColumnElement[bool]]:
    """Return the conditions that a task is about nobody hidden, and taken from nothing private, but for its owner.

    They are correlated, so that they look up the few rows listed and never gather all who are visible.
    """
    me, t = reader.actor.user_id, task.c
    if me == 0:
        return []
    # Under other names, so that they stay apart from tables the query itself reads.
    source = interaction.alias("source")
    told = select(source.c.id).where(
        source.c.id == t.interaction_id, or_(source.c.private.is_(False), source.c.user_id == me)
    )
    conditions = [or_(t.interaction_id.is_(None), t.owner_id == me, told.exists())]
    for party, about in ((contact.alias("about"), t.contact_id), (customer.alias("about"), t.customer_id)):
        visible = reader.visibility.predicate(party)
        if visible is not None:
            conditions.append(or_(about.is_(None), select(party.c.id).where(party.c.id == about, visible).exists()))
    return conditions
