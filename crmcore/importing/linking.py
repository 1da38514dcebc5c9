"""Mail and meetings captured before somebody was a contact: tied to the contact when the address book comes."""

from collections.abc import Collection

from sqlalchemy import or_, select

from crmcore.engine.tables import contact_point, interaction, participant
from crmcore.engine.visibility import ALL
from crmcore.importing import lookup
from crmcore.importing.context import Step
from crmcore.importing.interactions import rank
from crmcore.model.interaction import Interaction, Participant

_REACH = ("email", "phone", "messenger")
_AT_ONCE = 2000


def link_captured(step: Step, created: Collection[int]) -> None:
    """Tie the participants whose address one of the contacts just created has; only where the actor may write.

    One statement when there is nobody to tie; what is tied is taken back with the import.
    """
    while found := _strangers(step, created):
        customers = lookup.current_customers(step.tx, set(found.values()))
        people = step.tx.load(Participant, participant.c.id.in_(found))
        for one in people:
            one.contact_id = found[one.id]
            one.customer_id = customers.get(found[one.id])
            after = {"contact_id": one.contact_id, "customer_id": one.customer_id}
            step.changed("participant", one, 0, {"contact_id": None, "customer_id": None}, after)
        _link_interactions(step, people)
        step.tx.release()


def _strangers(step: Step, created: Collection[int]) -> dict[int, int]:
    """Return participants nobody knew, with the contact each turns out to be."""
    p, c = participant.c, contact_point.c
    statement = (
        select(p.id, c.contact_id)
        .join_from(contact_point, participant, p.normal == c.normal)
        .where(c.contact_id.in_(created), c.kind.in_(_REACH), p.normal != "", p.contact_id.is_(None))
        .where(p.user_id.is_(None))
        .order_by(p.id, c.id.desc())
        .limit(_AT_ONCE)
    )
    if step.tx.scope.write != ALL:
        own = or_(interaction.c.user_id.is_(None), interaction.c.user_id == step.tx.actor.user_id)
        statement = statement.join(interaction, interaction.c.id == p.interaction_id).where(own)
    return {row[0]: row[1] for row in step.tx.connection.execute(statement)}


def _link_interactions(step: Step, people: Collection[Participant]) -> None:
    """Say whom an interaction was mainly with, where nobody was known."""
    ids = {one.interaction_id for one in people}
    first = {one.interaction_id: one for one in sorted(people, key=lambda one: rank(one.role), reverse=True)}
    unknown = step.tx.load(Interaction, interaction.c.id.in_(ids), interaction.c.contact_id.is_(None))
    for one in unknown:
        before = {"contact_id": None, "customer_id": one.customer_id}
        one.contact_id = first[one.id].contact_id
        one.customer_id = one.customer_id or first[one.id].customer_id
        after = {"contact_id": one.contact_id, "customer_id": one.customer_id}
        step.changed("interaction", one, 0, before, after)
