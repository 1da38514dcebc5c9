"""The interaction of a call: on the timeline from the first ring, complete at its end."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from attrs import define, field
from sqlalchemy import select

from crmcore.api import Interaction, Participant, here, tables
from crmcore_callcenter.callbacks.owed import AnyTransaction
from crmcore_callcenter.calls.facts import Facts
from crmcore_callcenter.calls.subject import subject_of
from crmcore_callcenter.calls.values import values
from crmcore_callcenter.calls.whom import INTERNAL, OUT, Sides, in_talking_order, outside
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.tables import queue

CHANNEL = "call"
CALLER, CALLEE = "caller", "callee"
_TOLD = "told"
"""In an interaction's details: the subject we wrote, which follows the call as long as nobody writes another."""


@define
class Speaking:
    """The interactions of some calls, and who takes part in them (`gone`: no longer), read once."""

    tx: AnyTransaction
    queues: Mapping[int, str]
    zone: str
    batch_id: int | None
    records: Mapping[int, Interaction]
    left: Mapping[tuple[str, str | None], Interaction] = field(factory=dict)
    before: Mapping[int, Mapping[str, Any]] = field(factory=dict)
    present: dict[int, list[Participant]] = field(factory=dict)
    gone: list[Participant] = field(factory=list)

    def speak(self, call: Call, facts: Facts, sides: Sides) -> None:
        """Write the interaction of a call; one between colleagues has none while it goes on."""
        record = self.records.get(call.interaction_id or 0)
        if record is None:
            if call.interaction_id is not None or (call.direction in (INTERNAL, "") and not facts.ended):
                return
            record = self._begin(call)
        self._tell(record, call, facts, sides)
        self._take_part(record, call, facts, sides)

    def _begin(self, call: Call) -> Interaction:
        left = self.left.get((call.system, call.external_id))
        record = left or self.tx.add(
            Interaction(
                channel=CHANNEL, zone=self.zone, origin=call.system, external_id=call.external_id, source=call.source,
                batch_id=call.batch_id,
            )
        )  # fmt: skip
        call.interaction_id = record.id
        return record

    def _tell(self, record: Interaction, call: Call, facts: Facts, sides: Sides) -> None:
        record.direction = call.direction if call.direction != INTERNAL else ""
        record.at, record.user_id = call.started_at, call.owner_id
        record.contact_id, record.customer_id = call.contact_id, call.customer_id
        if facts.ended:
            record.seconds = call.talk_seconds
        record.status = status_of(call)
        if record.subject == record.details.get(_TOLD, ""):
            record.subject = subject_of(call, facts, sides, self.queues.get(call.queue_id or 0, ""))
            record.details = {**record.details, _TOLD: record.subject}

    def _take_part(self, record: Interaction, call: Call, facts: Facts, sides: Sides) -> None:
        they_called = call.direction != OUT
        number, normal = outside(call)
        if call.direction != INTERNAL:
            self._they(record, CALLER if they_called else CALLEE, call, number, normal)
        ours: dict[int, tuple[str, str, str]] = {}
        if sides.caller is not None and sides.caller.user_id is not None:
            ours[sides.caller.user_id] = (CALLER, call.from_number, call.from_name or sides.caller.name)
        for place, leg in in_talking_order(facts.legs):
            agent = sides.agents.get(place)
            if agent is not None and agent.user_id is not None:
                ours.setdefault(agent.user_id, (CALLEE, leg.party.number or agent.extension, agent.name))
        self._we(record, ours, within=call.direction == INTERNAL)

    def _they(self, record: Interaction, role: str, call: Call, number: str, normal: str) -> None:
        held = next((one for one in self.present.get(record.id, ()) if one.user_id is None), None)
        if held is None:
            held = self._join(Participant(interaction_id=record.id, role=role, batch_id=self.batch_id))
        held.role, held.address, held.normal = role, number, normal
        held.contact_id, held.customer_id = call.contact_id, call.customer_id
        held.name = held.name or call.from_name if role == CALLER else held.name

    def _we(self, record: Interaction, ours: Mapping[int, tuple[str, str, str]], *, within: bool) -> None:
        """Let those of us take part who called or talked, and no others; `within` the house nobody else does."""
        there = {one.user_id: one for one in self.present.get(record.id, ()) if one.role in (CALLER, CALLEE)}
        for user_id, one in there.items():
            if user_id not in ours and (user_id is not None or within):
                self.present[record.id].remove(one)
                self.gone.append(one)
                self.tx.remove(one)
        for user_id, (role, number, name) in ours.items():
            held = there.get(user_id) or self._join(
                Participant(interaction_id=record.id, role=role, user_id=user_id, batch_id=self.batch_id)
            )
            held.role, held.address, held.name = role, number, name

    def _join(self, one: Participant) -> Participant:
        added = self.tx.add(one)
        self.present.setdefault(one.interaction_id, []).append(added)
        return added


def speaking(tx: AnyTransaction, calls: Sequence[Call], batch_id: int | None) -> Speaking:
    """Read the interactions of calls, and who takes part in them: five statements at most.

    Those that stayed when their call was taken back are theirs again.
    """
    i = tables.interaction.c
    ids = [call.interaction_id for call in calls if call.interaction_id is not None]
    keys = {(call.system, call.external_id) for call in calls if call.interaction_id is None}
    theirs = i.origin.in_({system for system, _key in keys}) & i.external_id.in_({key for _system, key in keys})
    left = tx.load(Interaction, theirs, i.channel == CHANNEL) if keys else []
    records = [*(tx.load(Interaction, i.id.in_(ids)) if ids else []), *left]
    present: dict[int, list[Participant]] = defaultdict(list)
    there = [one.id for one in records]
    for one in tx.load(Participant, tables.participant.c.interaction_id.in_(there)) if there else []:
        present[one.interaction_id].append(one)
    before = {one.id: values(one) for one in records}
    before |= {one.id: values(one) for one in chain(*present.values())}
    queues = {call.queue_id for call in calls if call.queue_id is not None}
    named = tx.rows(select(queue.c.id, queue.c.name).where(queue.c.id.in_(queues))) if queues else []
    return Speaking(
        tx=tx, queues={row.id: row.name for row in named}, zone=here(tx).zone.key, batch_id=batch_id,
        records={one.id: one for one in records}, left={(one.origin, one.external_id): one for one in left},
        before=before, present=dict(present),
    )  # fmt: skip


def status_of(call: Call) -> str:
    """Return how the interaction of a call stands: as the call while it goes on, then how it ended."""
    if call.status != "ended":
        return call.status
    if call.answered:
        return "answered"
    return "abandoned" if call.abandoned else call.reason
