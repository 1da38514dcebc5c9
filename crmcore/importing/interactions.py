"""Interactions of a chunk: stored once however often they are captured, with everybody who took part."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from sqlalchemy import select

from crmcore.engine.journal import plain
from crmcore.engine.tables import interaction as interaction_table
from crmcore.engine.tables import participant as participant_table
from crmcore.importing import lookup
from crmcore.importing.context import Step
from crmcore.importing.identity import key_of
from crmcore.importing.own_fields import OwnFields
from crmcore.importing.parts import fill
from crmcore.importing.people import People
from crmcore.importing.report import CREATED, UNCHANGED, UPDATED
from crmcore.model.incoming import IncomingInteraction, IncomingParticipant
from crmcore.model.interaction import Interaction, Participant

_THEIRS = ("from", "caller", "organizer", "to", "callee", "attendee", "present", "cc", "bcc", "sender", "reply-to")
_SPEAKING = ("from", "caller", "organizer")
_PROVENANCE = "file"  # where a message of a maildir lies: its name changes when it is read
_STAMP = "dtstamp"  # when a calendar was exported, or an event revised: alone it is no change


class Interactions:
    """Knows the stored interactions a chunk repeats, and the people who took part; writes the incoming ones."""

    def __init__(self, step: Step, incoming: Sequence[IncomingInteraction]) -> None:
        self._step = step
        keys = {key_of(one) for one in incoming}
        statement = select(interaction_table.c.external_id, interaction_table.c.id)
        known = lookup.in_parts(
            step.tx, statement.where(interaction_table.c.origin == step.scheme), interaction_table.c.external_id, keys
        )
        self._by_key: dict[str, int] = {row.external_id: row.id for row in known}
        self._by_key |= lookup.own_interactions(step.tx, keys)
        ids = set(self._by_key.values())
        self._records = {r.id: r for r in step.tx.load(Interaction, interaction_table.c.id.in_(ids))} if ids else {}
        self._present: dict[int, dict[tuple[str, str], Participant]] = {}
        held = step.tx.load(Participant, participant_table.c.interaction_id.in_(ids)) if ids else []
        for one in held:
            self._present.setdefault(one.interaction_id, {})[one.role, one.address or one.name] = one
        self._people = People(step, incoming)
        self._own = OwnFields(step, "interaction", (one.extra for one in incoming))

    def write(self, incoming: IncomingInteraction) -> str:
        """Create or update the interaction; return what happened.

        A message is what it was when it was sent: another copy of it adds what is missing and changes nothing. An event
        is what its latest revision says.
        """
        step = self._step
        key = key_of(incoming)
        found = self._by_key.get(key)
        if self._people.check_forgotten(incoming) and found is not None:
            return UNCHANGED  # what it said of them is gone, and stays so
        incoming, custom = self._own.take(incoming)
        self._own.check(found, custom)
        if found is None:
            self._own.keep(self._create(incoming, key, custom), custom)
            return CREATED
        record = self._records.get(found)
        if record is None or not step.may_change(record.user_id) or _is_older(incoming, record):
            return UNCHANGED  # a colleague has captured it; hidden from the actor, it is stored all the same
        wanted = {**self._wanted(incoming), "custom": custom}
        if incoming.channel == "email":
            wanted = {name: value for name, value in wanted.items() if getattr(record, name) in ("", None)}
        else:
            stamp = wanted["details"].pop(_STAMP, None)
        before, after = fill(record, wanted)
        if joined := self._join(record, incoming.participants, incoming.line):
            after["participants"] = joined
        if after:
            if incoming.channel != "email" and stamp:
                record.details = {**record.details, _STAMP: stamp}
            step.changed("interaction", record, incoming.line, before, after)
        return UPDATED if after else UNCHANGED

    def _join(self, record: Interaction, participants: Sequence[IncomingParticipant], line: int) -> list[str]:
        """Add who was not known to take part, and follow the answers of the others; return whom that concerned."""
        present = self._present.setdefault(record.id, {})
        told: list[str] = []
        for one in participants:
            held = present.get((one.role, one.address or one.name))
            if held is None:
                self._add_participant(record, one)
            elif not one.status or held.status == one.status:
                continue
            else:
                before, after = fill(held, {"status": one.status})
                self._step.changed("participant", held, line, before, after)
            told.append(one.address or one.name)
        return told

    def _wanted(self, incoming: IncomingInteraction) -> dict[str, Any]:
        details: dict[str, Any] = {name: text for name, text in incoming.extra.items() if name != _PROVENANCE}
        if incoming.attachments:
            details["attachments"] = [
                {name: plain(value) for name, value in attrs.asdict(one).items() if value not in ("", None)}
                for one in incoming.attachments
            ]
        if incoming.thread:
            details["references"] = list(incoming.thread)
        return {
            "at": incoming.at,
            "day": incoming.all_day,
            "zone": incoming.zone,
            "seconds": incoming.seconds,
            "subject": incoming.subject,
            "body": incoming.body,
            "quoted": incoming.quoted,
            "location": incoming.location,
            "status": incoming.status,
            "details": details,
        }

    def _create(self, incoming: IncomingInteraction, key: str, custom: dict[str, Any]) -> int:
        step = self._step
        record = step.tx.add(
            Interaction(
                channel=incoming.channel,
                direction=incoming.direction or self._direction(incoming),
                origin=step.scheme,
                external_id=key,
                thread=incoming.thread[0] if incoming.thread else incoming.external_id,
                user_id=step.user(incoming.owner) or self._user(incoming),
                source=step.source(incoming.line),
                batch_id=step.batch_id,
                custom=custom,
                **self._wanted(incoming),
            )
        )
        record.contact_id, record.customer_id = self._party(incoming)
        self._by_key[key] = record.id
        self._records[record.id] = record
        for one in incoming.participants:
            self._add_participant(record, one)
        step.created("interaction", record, incoming.line)
        return record.id

    def _add_participant(self, record: Interaction, one: IncomingParticipant) -> None:
        contact_id, customer_id = self._people.party(one)
        gone = self._people.is_forgotten(one.address)
        added = self._step.tx.add(
            Participant(
                interaction_id=record.id,
                role=one.role,
                name="" if gone else one.name,
                address="" if gone else one.address,
                normal="" if gone else self._people.normal(one.address),
                status=one.status,
                user_id=self._people.user(one.address),
                contact_id=contact_id,
                customer_id=customer_id,
                batch_id=self._step.batch_id,
            )
        )
        self._present.setdefault(record.id, {})[one.role, one.address or one.name] = added

    def _direction(self, incoming: IncomingInteraction) -> str:
        """Return out for a message or call of one of us, in for any other; a meeting has no direction."""
        speakers = [one for one in incoming.participants if one.role in _SPEAKING[:2]]
        if not speakers:
            return ""
        return "out" if any(self._people.user(one.address) for one in speakers) else "in"

    def _user(self, incoming: IncomingInteraction) -> int | None:
        ordered = sorted(incoming.participants, key=lambda one: rank(one.role))
        return next((found for one in ordered if (found := self._people.user(one.address))), None)

    def _party(self, incoming: IncomingInteraction) -> tuple[int | None, int | None]:
        """Return the contact it is mainly with, by role, and the customer that contact stands for."""
        parties = [self._people.party(one) for one in sorted(incoming.participants, key=lambda one: rank(one.role))]
        with_contact = next((party for party in parties if party[0] is not None), None)
        return with_contact or next((party for party in parties if party[1] is not None), (None, None))


def rank(role: str) -> int:
    """Return the place of a role: whom an interaction is mainly with comes first."""
    return _THEIRS.index(role) if role in _THEIRS else len(_THEIRS)


def _is_older(incoming: IncomingInteraction, record: Interaction) -> bool:
    """Return whether a later revision of the event is stored already (RFC 5546, 2.1.5: SEQUENCE, then DTSTAMP)."""
    mine, held = _revision(incoming.extra), _revision(record.details)
    return mine[0] < held[0] or (mine[0] == held[0] and "" < mine[1] < held[1])


def _revision(said: Mapping[str, Any]) -> tuple[int, str]:
    """Return sequence and stamp of an event; an instant in UTC is written so that its text can be compared."""
    sequence = str(said.get("sequence", ""))
    return int(sequence) if sequence.isdecimal() else 0, str(said.get(_STAMP, ""))
