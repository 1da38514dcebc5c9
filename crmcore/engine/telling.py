"""What a transaction tells the journal beside its changes: facts, links between records, decisions on acts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from crmcore.engine import deciding, filling, handing, journal, links
from crmcore.engine.bulk import Writer
from crmcore.engine.reader import Reader
from crmcore.engine.visibility import Scope
from crmcore.hooks.entities import Row
from crmcore.hooks.forms import Answered, Kept
from crmcore.hooks.handing import Prospect
from crmcore.hooks.policy import Act, Decision
from crmcore.model.change import Event
from crmcore.model.definitions import Definitions
from crmcore.model.user import Actor
from crmcore.plugins.dispatch import Dispatcher


class Telling(Reader):
    """The part of a transaction that gathers entries of the journal; they are written with its changes."""

    def __init__(
        self,
        connection: Connection,
        actor: Actor,
        scope: Scope,
        definitions: Definitions,
        dispatcher: Dispatcher,
        cause: str,
        caused_by: Event | None,
        writer: Writer,
    ) -> None:
        super().__init__(connection, actor, scope, definitions, dispatcher)
        self.cause, self.caused_by = cause, caused_by
        self.dispatcher = dispatcher
        self._writer = writer
        self._recorded: list[Event] = []

    def deny(self, reason: str, **told: Any) -> None:
        """Tell the journal that the actor was refused something, or shown it in part."""
        self.record("access.denied", "user_account", self.actor.user_id, {"reason": reason, **told})

    def record(self, kind: str, entity: str, subject_id: int, data: Row) -> None:
        """Tell the journal of something that is more than a change of fields, such as a merge."""
        self._recorded.append(journal.entry(self.why(), kind, entity, subject_id, data))

    def why(self) -> journal.Cause:
        """Return when and in whose name this happens, and what led to it."""
        return journal.Cause(at=self.now, actor=self.actor.login, cause=self.cause, caused_by=self.caused_by)

    def link(self, origin: object, target: object, kind: str = links.BECAME) -> None:
        """Keep that one record, or (entity, id), became another or led to it: `crm trail` follows it."""
        links.keep(self, self._writer, [(origin, target)], kind)

    def hand_over(self, prospects: Sequence[Prospect]) -> tuple[tuple[str, int], ...]:
        """Let whoever takes over go on with prospects; return (entity, id) of what became of each, each linked to it.

        Raises `NotFound` when nobody does; `declared("crm_takers")` tells beforehand.
        """
        return handing.hand_over(self, self._writer, prospects)

    def fill_in(self, form: str, answers: Sequence[Answered]) -> tuple[Kept, ...]:
        """Let a form that somebody declares keep answers; return what became of each, linked to where it is from.

        Raises `NotFound` for a form that is not there; `crmcore.api.forms` tells which are.
        """
        return filling.fill_in(self, self._writer, form, answers)

    def permit(self, act: Act) -> Decision:
        """Decide whether an act may happen, and journal the decision; ask at the moment of acting."""
        return self.permit_all((act,))[0]

    def permit_all(self, acts: Sequence[Act]) -> tuple[Decision, ...]:
        """Decide on any number of acts, in their order, each plugin asked once for all; the journal has each."""
        decisions = self.explain(acts)
        for decision in decisions:
            self.record(*deciding.told(decision))
        return decisions

    def explain(self, acts: Sequence[Act]) -> tuple[Decision, ...]:
        """Say what the decisions would be, without acting: nothing is journalled."""
        return deciding.decide(self.dispatcher, self, acts)

    def told(self) -> Sequence[Event]:
        """Return the entries that the commit will write to the journal, in their order."""
        return tuple(self._recorded)
