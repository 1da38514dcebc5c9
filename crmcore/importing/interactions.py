"""Interactions of a chunk: stored once however often they are captured, with everybody who took part."""

from collections.abc import Sequence
from typing import Any

import attrs
from sqlalchemy import select

from crmcore.engine.journal import plain
from crmcore.engine.tables import interaction as interaction_table
from crmcore.engine.tables import participant as participant_table
from crmcore.importing import lookup
from crmcore.importing.context import Step
from crmcore.importing.parts import fill
from crmcore.importing.people import People
from crmcore.importing.report import CREATED, UNCHANGED, UPDATED
from crmcore.model.incoming import IncomingInteraction, IncomingParticipant
from crmcore.model.interaction import Interaction, Participant

_THEIRS = ("from", "caller", "organizer", "to", "callee", "attendee", "present", "cc", "bcc", "sender", "reply-to")
_SPEAKING = ("from", "caller", "organizer")


class Interactions:
    """Knows the stored interactions a chunk repeats, and the people who took part; writes the incoming ones."""

    def __init__(self, step: Step, incoming: Sequence[IncomingInteraction]) -> None:
        self._step = step
        keys = {one.external_id for one in incoming if one.external_id}
        statement = select(interaction_table.c.external_id, interaction_table.c.id)
        known = lookup.in_parts(
            step.tx, statement.where(interaction_table.c.origin == step.scheme), interaction_table.c.external_id, keys
        )
        self._by_key: dict[str, int] = {row.external_id: row.id for row in known}
        ids = set(self._by_key.values())
        self._records = {r.id: r for r in step.tx.load(Interaction, interaction_table.c.id.in_(ids))} if ids else {}
        self._present: dict[int, set[tuple[str, str]]] = {}
        p = participant_table.c
        took_part = select(p.interaction_id, p.role, p.address)
        for owner, role, address in lookup.in_parts(step.tx, took_part, p.interaction_id, ids):
            self._present.setdefault(owner, set()).add((role, address))
        self._people = People(step, incoming)

    def write(self, incoming: IncomingInteraction) -> str:
        """Create or update the interaction; return what happened."""
        step = self._step
        found = self._by_key.get(incoming.external_id) if incoming.external_id else None
        if found is None:
            self._create(incoming)
            return CREATED
        record = self._records[found]
        if _is_older(incoming, record):
            return UNCHANGED
        before, after = fill(record, self._wanted(incoming))
        present = self._present.setdefault(found, set())
        fresh = [one for one in incoming.participants if (one.role, one.address) not in present]
        if fresh:
            self._add_participants(record, fresh)
            present.update((one.role, one.address) for one in fresh)
            after["participants"] = [one.address or one.name for one in fresh]
        if after:
            step.changed("interaction", record, incoming.line, before, after)
        return UPDATED if after else UNCHANGED

    def _wanted(self, incoming: IncomingInteraction) -> dict[str, Any]:
        details: dict[str, Any] = {**incoming.extra}
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

    def _create(self, incoming: IncomingInteraction) -> None:
        step = self._step
        external = incoming.external_id or None
        record = step.tx.add(
            Interaction(
                channel=incoming.channel,
                direction=incoming.direction or self._direction(incoming),
                origin=step.scheme,
                external_id=external,
                thread=incoming.thread[0] if incoming.thread else incoming.external_id,
                user_id=step.user(incoming.owner) or self._user(incoming),
                source=step.source(incoming.line),
                batch_id=step.batch_id,
                **self._wanted(incoming),
            )
        )
        record.contact_id, record.customer_id = self._party(incoming)
        self._add_participants(record, incoming.participants)
        if external:
            self._by_key[external] = record.id
            self._records[record.id] = record
            self._present[record.id] = {(one.role, one.address) for one in incoming.participants}
        step.created("interaction", record, incoming.line)

    def _add_participants(self, record: Interaction, participants: Sequence[IncomingParticipant]) -> None:
        for one in participants:
            contact_id = self._people.contact(one.address)
            self._step.tx.add(
                Participant(
                    interaction_id=record.id,
                    role=one.role,
                    name=one.name,
                    address=one.address,
                    normal=self._people.normal(one.address),
                    status=one.status,
                    user_id=self._people.user(one.address),
                    contact_id=contact_id,
                    customer_id=self._people.customer(contact_id),
                    batch_id=self._step.batch_id,
                )
            )

    def _direction(self, incoming: IncomingInteraction) -> str:
        """Return out for a message or call of one of us, in for any other; a meeting has no direction."""
        speakers = [one for one in incoming.participants if one.role in _SPEAKING[:2]]
        if not speakers:
            return ""
        return "out" if any(self._people.user(one.address) for one in speakers) else "in"

    def _user(self, incoming: IncomingInteraction) -> int | None:
        ordered = sorted(incoming.participants, key=_rank)
        return next((found for one in ordered if (found := self._people.user(one.address))), None)

    def _party(self, incoming: IncomingInteraction) -> tuple[int | None, int | None]:
        """Return the contact it is mainly with, by role, and the customer that contact stands for."""
        for one in sorted(incoming.participants, key=_rank):
            contact_id = self._people.contact(one.address)
            if contact_id is not None:
                return contact_id, self._people.customer(contact_id)
        return None, None


def _rank(one: IncomingParticipant) -> int:
    return _THEIRS.index(one.role) if one.role in _THEIRS else len(_THEIRS)


def _is_older(incoming: IncomingInteraction, record: Interaction) -> bool:
    """Return whether a later revision of the event is stored already (RFC 5546, 2.1.5: SEQUENCE)."""
    try:
        return int(incoming.extra["sequence"]) < int(record.details["sequence"])
    except (KeyError, ValueError):
        return False
