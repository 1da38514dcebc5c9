"""What a talk that is known already came to: a note becomes its words, and what the note says is to be done.

As `crm log` does it for a line, but for an interaction that is there, such as a call that the telephone system told of.
A note that is written anew corrects the first: what followed from that and is not done yet follows it no more.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from crmcore.engine.lent import NotifyTransaction
from crmcore.engine.tables import preference, task
from crmcore.engine.transaction import Transaction
from crmcore.model.interaction import Interaction, Task
from crmcore.model.permission import Preference

if TYPE_CHECKING:
    from crmcore.capture.understanding import Todo
    from crmcore.language.line import LogLine

ORIGIN = "note"
"""The origin of tasks and promises that a note speaks of."""


def _read(text: str, at: datetime) -> "tuple[LogLine, tuple[Todo, ...]]":
    """Return a note, and what it says is to be done; what reads it is imported by who has one."""
    from crmcore.capture.understanding import todos_of
    from crmcore.language.line import read_line

    line = read_line(text, at)
    return line, todos_of(line, text, at)


def note(tx: Transaction | NotifyTransaction, interaction: Interaction, text: str, at: datetime) -> list[Task]:
    """Let a note be the words of an interaction; return the tasks and promises that follow, old ones and new.

    `at` is aware, in the zone of who writes. One statement. What the person likes is kept by `wishes`.
    """
    from crmcore.capture.store import task_of

    interaction.body = text
    _line, todos = _read(text, at)
    wanted = {(one.kind, one.by, one.subject, one.due): one for one in todos}
    kept: list[Task] = []
    for old in tx.load(Task, task.c.interaction_id == interaction.id, task.c.origin == ORIGIN):
        if wanted.pop((old.kind, old.by, old.subject, old.due), None) is not None or old.status != "open":
            kept.append(old)
        else:
            tx.remove(old)
    for todo in wanted.values():
        record = task_of(
            todo, interaction.id, interaction.contact_id, interaction.customer_id,
            owner_id=tx.actor.user_id or None, source=f"logged by {tx.actor.login}",
        )  # fmt: skip
        record.origin = ORIGIN
        kept.append(tx.add(record))
    return kept


def wishes(tx: Transaction | NotifyTransaction, interaction: Interaction, text: str, at: datetime) -> list[Preference]:
    """Keep what the person of an interaction likes, as a note says it; return that. One statement.

    What an earlier note on it said, and this one does not, is forgotten. Raises `Denied`, when the transaction ends,
    where the contact is not the actor's to change.
    """
    from crmcore.capture.store import preference_of

    if not (interaction.contact_id or interaction.customer_id):
        return []
    line, _todos = _read(text, at)
    found = {(one.kind, one.text): one for one in line.preferences}
    kept: list[Preference] = []
    for old in tx.load(Preference, preference.c.interaction_id == interaction.id):
        if found.pop((old.kind, old.text), None) is not None:
            kept.append(old)
        else:
            tx.remove(old)
    source = f"logged by {tx.actor.login}"
    return kept + [
        tx.add(preference_of(one, interaction.contact_id, interaction.customer_id, interaction.id, source))
        for one in found.values()
    ]
