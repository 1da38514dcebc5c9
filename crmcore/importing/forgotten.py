"""Who asked to be erased is not taken in again: recognised by keyed hashes, of which nothing can be read."""

from collections.abc import Iterable, Mapping
from datetime import date

from crmcore.engine.transaction import Transaction
from crmcore.erasing.tombstones import ACCEPT, SALT, AskedToBeErased, Known, Tombstone, recognised
from crmcore.importing.context import Step
from crmcore.model.incoming import IncomingContact, IncomingInteraction
from crmcore.model.names import name_key
from crmcore.model.permission import Consent


class Forgotten:
    """Knows who of a chunk was erased: nobody, and no statement, in a workspace where nobody ever was."""

    def __init__(self, step: Step, wanted: Iterable[Known]) -> None:
        self._step = step
        self._accepts = step.settings.get(ACCEPT) is True
        self._found: Mapping[Known, Tombstone] = {}
        if SALT in step.settings:
            self._found = recognised(step.tx.connection, set(wanted))

    def check(self, known_by: Iterable[Known]) -> None:
        """Raise `AskedToBeErased` for somebody who was erased, unless the workspace takes such people in again."""
        day = None if self._accepts else self.day(known_by)
        if day is not None:
            raise AskedToBeErased(day)

    def day(self, known_by: Iterable[Known]) -> date | None:
        """Return when somebody was erased; None for one who was not."""
        found = next((self._found[one] for one in known_by if one in self._found), None)
        return None if found is None else found.at.date()

    def refuse_again(self, tx: Transaction, contact_id: int, known_by: Iterable[Known]) -> None:
        """Give somebody who is taken in again the refusals that were kept."""
        found = [self._found[one] for one in known_by if one in self._found]
        denied = {pair for one in found for pair in one.denied} | ({("*", "marketing")} if found else set())
        for channel, purpose in sorted(denied):
            tx.add(Consent(state="denied", channel=channel, purpose=purpose, contact_id=contact_id, at=tx.now,
                           evidence="erased before"))  # fmt: skip


def contact_known_by(step: Step, incoming: IncomingContact) -> list[Known]:
    """Return by what an incoming contact would be recognised."""
    found = [(point.kind, normal) for point in incoming.points if (normal := step.normal(point.kind, point.value))]
    if incoming.external_id:
        found.append(("id", f"{step.scheme}:{incoming.external_id}"))
    return [*found, ("name", name_key(incoming.name))]


def address_known_by(normal: str) -> list[Known]:
    """Return by what somebody met under an address would be recognised."""
    return [(kind, normal) for kind in ("email", "phone", "messenger")] if normal else []


def everybody(incoming: Iterable[IncomingInteraction], normals: Mapping[str, str]) -> Iterable[Known]:
    """Yield by what everybody in a chunk's interactions would be recognised."""
    for one in incoming:
        for person in one.participants:
            yield from address_known_by(normals[person.address])
