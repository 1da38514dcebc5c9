"""The one door: what was heard of calls becomes calls, each once, whoever tells of them and however often."""

from collections.abc import Sequence

from attrs import define, frozen
from sqlalchemy import insert

from crmcore.api import Ledger
from crmcore_callcenter.agents import presence
from crmcore_callcenter.agents.finding import Ours
from crmcore_callcenter.callbacks import owed
from crmcore_callcenter.callbacks.owed import AnyTransaction
from crmcore_callcenter.calls import booking, kept, writing
from crmcore_callcenter.calls.absorbing import absorb
from crmcore_callcenter.calls.claiming import claim, known, reassign, settle
from crmcore_callcenter.calls.erased import go_on
from crmcore_callcenter.calls.grouping import Group, grouped, merged
from crmcore_callcenter.calls.matching import Begun, match
from crmcore_callcenter.calls.parting import Parting
from crmcore_callcenter.calls.speaking import speaking
from crmcore_callcenter.calls.together import facts_of, presumed_over
from crmcore_callcenter.calls.touched import Touched
from crmcore_callcenter.calls.values import values
from crmcore_callcenter.calls.whom import recognised, sides
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.protocol.events import AgentEvent, Heard
from crmcore_callcenter.tables import call as call_table
from crmcore_callcenter.tables import heard as heard_table


@frozen(kw_only=True)
class Taken:
    """What became of what was heard: ids of calls, each once, in the order in which they were heard of.

    `rang` are those in which a telephone began to ring.
    """

    created: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    unchanged: tuple[int, ...] = ()
    rang: tuple[int, ...] = ()


def take(
    tx: AnyTransaction, heard: Sequence[Heard], agents: Sequence[AgentEvent] = (), *, into: Ledger | None = None
) -> Taken:
    """Take in what was heard of calls, and of agents; what was taken in before changes nothing.

    A bounded number of statements, however much there is. Two who hear of the same call at once wait for each other;
    who takes in more than once in one transaction may wait in vain (the database says so): take anew then. `into` is
    the ledger of the import of a file.
    """
    tx.new_id()  # the right to write: what is read from here on stays (SQLite)
    ours = Ours(tx)
    taken = _Taking(tx=tx, ours=ours, into=into, heard=heard).take() if heard else Taken()
    if agents:
        presence.note(tx, agents, ours)
    return taken


@define
class _Taking:
    tx: AnyTransaction
    ours: Ours
    into: Ledger | None
    heard: Sequence[Heard]

    @property
    def _batch_id(self) -> int | None:
        return self.into.batch_id if self.into is not None else None

    def take(self) -> Taken:
        """Take in all of it."""
        groups, new = self._whose()
        touched = self._touched(groups, new)
        kept.read(self.tx, touched)
        changed = [one for one in touched if one.fresh or one.group.absorbed]
        erased = [one for one in changed if one.is_erased]
        self._fold([one for one in changed if not one.is_erased])
        go_on(self.tx, erased)
        self._keep(changed)
        presence.follow(self.tx, [key for one in changed for key in (one.call.id, *one.group.absorbed)], self.ours)
        owed.ended(self.tx, [one.call.id for one in changed if one.call.status == "ended" and one not in erased])
        return Taken(
            created=tuple(one.call.id for one in touched if one.is_new),
            changed=tuple(one.call.id for one in changed if not one.is_new),
            unchanged=tuple(one.call.id for one in touched if not one.is_new and one not in changed),
            rang=tuple(one.call.id for one in changed if one.rang),
        )

    def _whose(self) -> tuple[list[Group], set[int]]:
        """Return what was heard by the call, and the ids claimed for calls that are to be made."""
        groups = grouped(self.heard)
        there = known(self.tx, [key for group in groups for key in group.keys])
        settle(groups, there)
        match(self.tx, [one for group in groups if group.call_id is None and (one := self._begun(group)) is not None])
        groups = [group for group in groups if group.places and not (group.call_id is None and group.is_nothing)]
        new = claim(self.tx, groups, there, self._batch_id)
        return merged(groups), new

    def _begun(self, group: Group) -> Begun | None:
        facts = group.facts = facts_of(group.events)
        said = sides(facts, self.ours).dialled if facts.dialled else ""
        caller, dialled = (writing.normal(self.ours, number) for number in (facts.caller.number, said))
        if facts.started_at is None or not caller or not dialled:
            return None
        return Begun(numbers=(caller, dialled), at=facts.started_at, sources=group.sources, group=group)

    def _touched(self, groups: Sequence[Group], new: set[int]) -> list[Touched]:
        """Return the calls, read or made; those that go on in another go over to it. What is hidden is left out."""
        wanted = {key for group in groups for key in (group.call_id, *group.absorbed) if key is not None} - new
        if wanted:
            self.tx.lock(Call, *wanted)
        calls = {one.id: one for one in self.tx.load(Call, call_table.c.id.in_(wanted))} if wanted else {}
        touched, made = [], {}
        for group in groups:
            if group.call_id in new:
                record = self.tx.add(self._made(group))
                made[group.call_id] = record.id
                touched.append(Touched(group=group, call=record, is_new=True))
            elif (there := calls.get(group.call_id or 0)) is not None:
                touched.append(Touched(group=group, call=there, before=values(there)))
        if made:
            reassign(self.tx, made)
        gone = {key: one.call for one in touched for key in one.group.absorbed if key in calls}
        lines = {key: self.heard[one.group.first].line for one in touched for key in one.group.absorbed}
        absorb(self.tx, gone, {key: calls[key] for key in gone}, Parting(ledger=self.into, lines=lines))
        return touched

    def _made(self, group: Group) -> Call:
        """Return the record of a call that is heard of for the first time."""
        system, external_id = group.own_keys[0]
        first = group.events[0]
        source = f"{first.system} {first.source}"
        if self.into is not None:
            source = self.into.source(self.heard[group.first].line)
        return Call(
            started_at=self.tx.now, system=system, external_id=external_id, source=source, batch_id=self._batch_id
        )

    def _fold(self, changed: Sequence[Touched]) -> None:
        """Let the calls, and their interactions, be what follows from all that was heard of them."""
        for one in changed:
            one.facts = (one.group.facts if one.is_new else None) or facts_of(one.events)
            if self.into is not None:
                one.facts = presumed_over(one.facts, self.tx.now)
            one.sides = sides(one.facts, self.ours)
            writing.fill(one.call, one.facts, one.sides, self.ours, one.sources)
        calls = [one.call for one in changed]
        known_by_number = recognised(self.tx, calls)
        for call in calls:
            known_by_number.know(call)
        said = speaking(self.tx, calls, self._batch_id)
        for one in changed:
            if one.facts is not None and one.sides is not None:
                said.speak(one.call, one.facts, one.sides)
        if self.into is not None:
            booking.interactions(self.into, said, changed, self.heard)

    def _keep(self, changed: Sequence[Touched]) -> None:
        """Write the calls, what is new of what was heard, and who took part."""
        there = writing.kept_legs(self.tx, [one.call.id for one in changed if not one.is_new])
        if self.into is not None:
            booking.calls(self.into, changed, self.heard)
        self.tx.flush()
        rows = [
            {"id": self.tx.new_id(), "call_id": one.call.id, "batch_id": self._batch_id, **row}
            for one in changed
            for row in kept.rows_of(one)
        ]
        if rows:
            self.tx.execute(insert(heard_table), rows)
        wanted = {
            one.call.id: writing.legs_of(one.facts, one.sides)
            for one in changed
            if one.facts is not None and one.sides is not None
        }
        writing.write_legs(self.tx, wanted, there)
