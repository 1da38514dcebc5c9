"""Storing what was understood: the interaction, who took part, tasks, promises, preferences."""

from collections.abc import Iterator

from attrs import evolve, frozen

from crmcore.capture.understanding import Todo, Understood
from crmcore.engine.transaction import Transaction
from crmcore.language.preferences import Preference as FoundPreference
from crmcore.language.reach import find_marks
from crmcore.model.interaction import Interaction, Participant, Task
from crmcore.model.names import parse_name
from crmcore.model.party import Contact, ContactPoint, Position
from crmcore.model.permission import Preference
from crmcore.model.points import normalise
from crmcore.search.naming import Named

_ROLES = {
    ("call", "out"): ("caller", "callee"), ("call", "in"): ("callee", "caller"),
    ("email", "out"): ("from", "to"), ("email", "in"): ("to", "from"),
    ("chat", "out"): ("from", "to"), ("chat", "in"): ("to", "from"),
    ("letter", "out"): ("from", "to"), ("letter", "in"): ("to", "from"),
    ("fax", "out"): ("from", "to"), ("fax", "in"): ("to", "from"),
}  # fmt: skip
_PRESENT = ("present", "present")


@frozen(kw_only=True)
class Stored:
    """What a line became; the preferences are left out where nobody is known to have them."""

    interaction: Interaction
    tasks: tuple[Task, ...]
    preferences: tuple[Preference, ...]


def add_contact(tx: Transaction, understood: Understood, region: str) -> Understood:
    """Add the contact a line names to the address book, as the user's own; return the line with it."""
    name = parse_name(understood.name)
    source = f"logged by {tx.actor.login}"
    added = tx.add(
        Contact(
            name=name.name, given=name.given, family=name.family, additional=name.additional,
            prefix=name.prefix, suffix=name.suffix, owner_id=tx.actor.user_id or None, source=source,
        )
    )  # fmt: skip
    for mark in find_marks(understood.line.body):
        kind = "messenger" if mark.kind == "handle" else mark.kind
        if normal := normalise(kind, mark.value, region):
            tx.add(ContactPoint(kind=kind, value=mark.value, normal=normal, contact_id=added.id, source=source))
    if understood.customer is not None:
        tx.add(Position(contact_id=added.id, customer_id=understood.customer.id, source=source))
    return evolve(understood, contact=Named(entity="contact", id=added.id, name=added.name), alternatives=())


def store(tx: Transaction, understood: Understood, *, private: bool = False) -> Stored:
    """Write what a line says in the actor's name."""
    line, me = understood.line, tx.actor.user_id or None
    source = f"logged by {tx.actor.login}"
    contact_id = understood.contact.id if understood.contact else None
    customer_id = understood.customer.id if understood.customer else None
    interaction = tx.add(
        Interaction(
            channel=line.channel,
            direction=line.direction,
            at=line.at,
            zone=str(line.at.tzinfo or ""),
            seconds=line.seconds,
            subject=line.subject,
            body=line.body,
            contact_id=contact_id,
            customer_id=customer_id,
            user_id=me,
            private=private,
            source=source,
        )
    )
    for participant in _participants(understood, interaction.id, me):
        tx.add(participant)
    tasks = [
        tx.add(task_of(todo, interaction.id, contact_id, customer_id, owner_id=me, source=source))
        for todo in understood.todos
    ]
    preferences = [
        tx.add(preference_of(found, contact_id, customer_id, interaction.id, source))
        for found in (line.preferences if contact_id or customer_id else ())
    ]
    return Stored(interaction=interaction, tasks=tuple(tasks), preferences=tuple(preferences))


def _participants(understood: Understood, interaction_id: int, me: int | None) -> Iterator[Participant]:
    line = understood.line
    ours, theirs = _ROLES.get((line.channel, line.direction), _PRESENT)
    customer_id = understood.customer.id if understood.customer else None
    if me is not None:
        yield Participant(interaction_id=interaction_id, role=ours, user_id=me)
    if understood.name:
        contact_id = understood.contact.id if understood.contact else None
        yield Participant(
            interaction_id=interaction_id,
            role=theirs,
            contact_id=contact_id,
            customer_id=customer_id,
            name=understood.name,
        )
    for other in understood.others:
        yield Participant(interaction_id=interaction_id, role=theirs, contact_id=other.id, name=other.name)


def task_of(
    todo: Todo,
    interaction_id: int,
    contact_id: int | None,
    customer_id: int | None,
    *,
    owner_id: int | None,
    source: str,
) -> Task:
    """Return a task or promise as it is stored; what they promised is ours to watch over."""
    return Task(
        kind=todo.kind,
        by=todo.by,
        subject=todo.subject,
        due=todo.due,
        sentence=todo.sentence,
        topic=todo.topic,
        amount=todo.amount,
        unit=todo.unit,
        owner_id=owner_id,
        contact_id=contact_id,
        customer_id=customer_id,
        interaction_id=interaction_id,
        source=source,
    )


def preference_of(
    found: FoundPreference, contact_id: int | None, customer_id: int | None, interaction_id: int, source: str
) -> Preference:
    """Return a preference as it is stored; that of a contact is not their customer's."""
    return Preference(
        kind=found.kind,
        contact_id=contact_id,
        customer_id=None if contact_id else customer_id,
        channel=found.channel,
        allow=found.allow,
        starts=found.start.strftime("%H:%M") if found.start else "",
        ends=found.end.strftime("%H:%M") if found.end else "",
        days="".join(str(day + 1) for day in found.days),
        text=found.text,
        sentence=found.sentence,
        interaction_id=interaction_id,
        source=source,
    )
