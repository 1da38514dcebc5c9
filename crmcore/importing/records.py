"""Records of plugins' kinds in a chunk: found again by id elsewhere or key, updated or created, like the core's own."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from crmcore.engine.owners import owners
from crmcore.engine.portions import portions
from crmcore.errors import CrmError, Denied, InvalidInput
from crmcore.i18n import _
from crmcore.importing import lookup
from crmcore.importing.context import Step
from crmcore.importing.identity import key_of
from crmcore.importing.kinds import check_complete, check_values, entity_of
from crmcore.importing.own_fields import OwnFields
from crmcore.importing.parts import add_external_id, differences, fill
from crmcore.importing.references import References, waiting
from crmcore.importing.report import CREATED, UNCHANGED, UPDATED
from crmcore.importing.states import States
from crmcore.model.incoming import IncomingRecord

OWNER, ODDS = "owner_id", "probability"


class Records:
    """Knows the stored records of one kind that a chunk speaks of, and what they point at; writes the incoming ones."""

    def __init__(self, step: Step, entity: str, incoming: Sequence[IncomingRecord]) -> None:
        self._step = step
        self._entity = entity_of(step.tx, entity)
        self._references = References(step, incoming)
        self._states = States(step.tx, entity)
        self._own = OwnFields(step, entity, (one.extra for one in incoming))
        self._waiting = waiting(step, entity, incoming)
        self.fresh: dict[str, int] = {}
        ids = {_id_of(one) for one in incoming} - {""}
        table = self._entity.table
        self._by_id = lookup.by_external_id(step.tx, entity, step.scheme, ids, table)
        self._by_key: dict[tuple[str, ...], dict[lookup.Key, int]] = {}
        self._look_up_keys(incoming)
        found = set(self._by_id.values()).union(*(ids.values() for ids in self._by_key.values()))
        self._elsewhere = lookup.with_external_id(step.tx, entity, step.scheme, found)
        self._records: dict[int, Any] = {}
        for some in portions(found):
            held: list[Any] = step.tx.load(self._entity.cls, table.c.id.in_(some))
            self._records.update((record.id, record) for record in held)

    def _look_up_keys(self, incoming: Sequence[IncomingRecord]) -> None:
        wanted: dict[tuple[str, ...], set[lookup.Key]] = {}
        for one in incoming:
            if one.key:
                try:
                    wanted.setdefault(one.key, set()).add(self._key(one, self._given(one)))
                except CrmError:
                    continue  # told when its turn comes
        for key, values in wanted.items():
            self._by_key[key] = lookup.by_key(self._step.tx, self._entity.table, key, values)

    def _given(self, incoming: IncomingRecord) -> dict[str, Any]:
        """Return the values a record gives its fields, what it points at among them; raises `InvalidInput`."""
        found = {name: self._references.find(name, each) for name, each in incoming.references.items()}
        given = {**incoming.values, **{name: one for name, one in found.items() if one is not None}}
        state = self._states.of(incoming)
        if state is not None:
            given[self._states.field] = state.name
            if state.kind != "open" and incoming.ended is not None:
                given.update(self._end(incoming.ended))
            if ODDS in self._entity.fields and given.get(ODDS) is None and state.kind == "open":
                given[ODDS] = self._states.odds(state.name)
        return given

    def _end(self, day: date) -> dict[str, Any]:
        """Return what a record's fields say of the day of its end: noon there, as no table has the hour."""
        at = datetime.combine(day, time(12), tzinfo=self._step.tx.zone).astimezone(UTC)
        said = {"entered_at": at, "closed_at": at, "closed_on": day}
        return {name: value for name, value in said.items() if name in self._entity.fields}

    def _key(self, incoming: IncomingRecord, given: dict[str, Any]) -> lookup.Key:
        check_values(self._entity, {name: given.get(name) for name in incoming.key})
        empty = [name for name in incoming.key if given.get(name) is None]
        if not empty and not any(given[name] for name in incoming.key):
            empty = list(incoming.key)
        if empty:
            raise InvalidInput(_("it needs {fields}, by which it is found again").format(fields=", ".join(empty)))
        return tuple(given[name] for name in incoming.key)

    def write(self, incoming: IncomingRecord) -> str:
        """Create or update the record; return what happened. Raises `InvalidInput` for one that cannot be taken."""
        step, identity = self._step, _id_of(incoming)
        wanted = self._given(incoming)
        check_values(self._entity, wanted)
        key = self._key(incoming, wanted) if incoming.key else ()
        incoming, custom = self._own.take(incoming)
        if "custom" in self._entity.fields:
            wanted["custom"] = custom
        if "details" in self._entity.fields:
            wanted["details"] = {**(wanted.get("details") or {}), **incoming.extra}
        found = self._find(incoming, identity, key)
        self._own.check(found, custom)
        if found is None:
            found = self._create(incoming, wanted)
            outcome = CREATED
        else:
            outcome = self._update(incoming, self._records.get(found), wanted)
        self._own.keep(found, custom)
        if identity and identity not in self._by_id:
            add_external_id(step, self._entity.name, found, identity)
            self._by_id[identity] = found
            self._elsewhere.add(found)
            self._references.learn(self._entity.name, identity, found)
            self.fresh[identity] = found
        if key:
            self._by_key[incoming.key].setdefault(key, found)
        for name, value in self._references.missing(incoming):
            self._waiting[name].add(found, value)
        return outcome

    def _find(self, incoming: IncomingRecord, identity: str, key: lookup.Key) -> int | None:
        """Return the record it is: by its id elsewhere, else by its key if what has that key has no such id."""
        if identity in self._by_id:
            return self._by_id[identity]
        found = self._by_key.get(incoming.key, {}).get(key)
        return None if found is not None and identity and found in self._elsewhere else found

    def _create(self, incoming: IncomingRecord, wanted: dict[str, Any]) -> int:
        step, entity = self._step, self._entity
        values = {name: value for name, value in wanted.items() if value not in ("", None)}
        if OWNER in entity.fields and OWNER not in wanted:
            values.setdefault(OWNER, step.tx.actor.user_id or None)
        check_complete(entity, values)
        record = step.tx.add(entity.cls(source=step.source(incoming.line), batch_id=step.batch_id, **values))
        self._records[record.id] = record
        step.created(entity.name, record, incoming.line)
        return int(record.id)

    def _update(self, incoming: IncomingRecord, record: Any, wanted: dict[str, Any]) -> str:
        step = self._step
        if record is None:
            return UNCHANGED  # removed meanwhile, or hidden from the actor
        if not any(map(step.may_change, self._owners(record))):
            if differences(record, wanted):
                raise Denied(
                    _("“{name}” belongs to somebody else; {login} may change only own records").format(
                        name=incoming.name, login=step.tx.actor.login
                    )
                )
            return UNCHANGED
        said = differences(record, self._news(record, wanted, stated=incoming.values.get(ODDS) is not None))
        if not said or not (incoming.external_id or incoming.key):
            return UNCHANGED  # without id and key it is found because it says what it said before
        self._entity.cls(**{**self._entity.row(record), **said})  # refused as a whole, or taken as a whole
        before, after = fill(record, said)
        if after:
            step.changed(self._entity.name, record, incoming.line, before, after)
        return UPDATED if after else UNCHANGED

    def _news(self, record: Any, wanted: dict[str, Any], *, stated: bool) -> dict[str, Any]:
        """Return what a file can tell of a record: not since when it is where it is, nor the hour of its end.

        Odds that the file does not state follow the state, until somebody has stated others.
        """
        held = getattr(record, self._states.field or "id")
        stays = held == wanted.get(self._states.field)
        known = {"entered_at"} if stays else set()
        if stays and getattr(record, "closed_on", None) == wanted.get("closed_on"):
            known.add("closed_at")
        if not stated and (stays or getattr(record, ODDS, None) not in (None, self._states.odds(held))):
            known.add(ODDS)
        return {name: value for name, value in wanted.items() if name not in known}

    def _owners(self, record: Any) -> list[int | None]:
        """Return whose a record is: any of them may change it; nobody's is everybody's."""
        found = [getattr(record, name) for name in owners(self._entity.table)]
        return [one for one in found if one is not None] or [None]


def _id_of(incoming: IncomingRecord) -> str:
    """Return the id a record has elsewhere; without one and without a key, a fingerprint of what it says."""
    return incoming.external_id if incoming.external_id or incoming.key else key_of(incoming)
