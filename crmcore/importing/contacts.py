"""Contacts of a chunk: found by id elsewhere, by the declared key, or by name and address; updated or created."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crmcore.engine.tables import contact as contact_table
from crmcore.engine.tables import position as position_table
from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.importing import lookup
from crmcore.importing.context import Step
from crmcore.importing.customers import Customers
from crmcore.importing.forgotten import Forgotten, contact_known_by
from crmcore.importing.own_fields import OwnFields
from crmcore.importing.parts import (
    PointKey,
    add_external_id,
    add_points,
    check_id,
    details_of,
    fill,
    is_kept,
    point_key,
)
from crmcore.importing.relations import EMPLOYER, Waiting
from crmcore.importing.report import CREATED, UNCHANGED, UPDATED
from crmcore.model.incoming import IncomingContact
from crmcore.model.names import name_key, search_text
from crmcore.model.party import Contact, Position

KEYS = ("external_id", "email", "phone", "name")
_REACH = ("email", "phone")


def check_key(key: Iterable[str]) -> None:
    """Raise `InvalidInput` for a key field that contacts cannot be found by."""
    for name in key:
        if name not in KEYS:
            raise InvalidInput(
                _("“{name}” cannot be a key; contacts are found by {keys}.").format(name=name, keys=", ".join(KEYS))
            )


class Contacts:
    """Knows the stored contacts a chunk may speak of, and writes the incoming ones."""

    def __init__(self, step: Step, customers: Customers, incoming: Sequence[IncomingContact]) -> None:
        self._step = step
        self._customers = customers
        self.created_ids: list[int] = []
        self.fresh: dict[str, int] = {}
        self._waiting = Waiting(step, EMPLOYER, {one.organisation_key for one in incoming if one.organisation_key})
        self._forgotten = Forgotten(step, (known for one in incoming for known in contact_known_by(step, one)))
        tx = step.tx
        ids = {one.external_id for one in incoming if one.external_id}
        self._by_id = lookup.by_external_id(tx, "contact", step.scheme, ids)
        self._by_name = self._look_up_names([one for one in incoming if self._by_name_too(one)])
        self._by_reach: dict[PointKey, list[int]] = {}
        for kind in set(step.options.key) & set(_REACH):
            normals = {step.normal(kind, p.value) for one in incoming for p in one.points if p.kind == kind}
            for normal, found in lookup.contacts_by_point(tx, normals - {""}, [kind]).items():
                self._by_reach[kind, normal] = found
        candidates = set(self._by_id.values())
        candidates.update(*self._by_name.values(), *self._by_reach.values())
        self._points = lookup.points_of(tx, "contact_id", candidates)
        self._own = OwnFields(step, "contact", (one.extra for one in incoming))
        self._records: dict[int, Contact] = {}
        self._positions: dict[int, list[Position]] = {}
        if candidates:
            self._records = {r.id: r for r in tx.load(Contact, contact_table.c.id.in_(candidates))}
            for one in tx.load(Position, position_table.c.contact_id.in_(candidates)):
                self._positions.setdefault(one.contact_id, []).append(one)
        self._by_reach = {key: [one for one in ids if one in self._records] for key, ids in self._by_reach.items()}

    def _look_up_names(self, incoming: Sequence[IncomingContact]) -> dict[str, list[int]]:
        """Return whom the records may be by name: with a way to reach them, only those who share name and that way.

        A name alone says little: a large base has hundreds of people of one name.
        """
        tx, step = self._step.tx, self._step
        if "name" in step.options.key:
            return lookup.contacts_by_name(tx, {name_key(one.name) for one in incoming} - {""})
        reach = [{step.normal(p.kind, p.value) for p in one.points if p.kind in _REACH} - {""} for one in incoming]
        reached = {name_key(one.name) for one, ways in zip(incoming, reach, strict=True) if ways}
        found = lookup.contacts_by_name_and_point(tx, reached - {""}, set().union(*reach), _REACH)
        for key, ids in lookup.contacts_without_point(
            tx, {name_key(one.name) for one, ways in zip(incoming, reach, strict=True) if not ways} - {""}, _REACH
        ).items():
            found.setdefault(key, []).extend(ids)
        return found

    def _by_name_too(self, incoming: IncomingContact) -> bool:
        """Return whether a record is also found by name: when it has no id elsewhere, which would decide alone.

        So a second import of the same file changes nothing.
        """
        return not incoming.external_id or "name" in self._step.options.key

    def _find(self, incoming: IncomingContact, custom: Mapping[str, Any]) -> int | None:
        key = self._step.options.key
        if incoming.external_id and (not key or "external_id" in key) and incoming.external_id in self._by_id:
            return self._by_id[incoming.external_id]
        if key and key != ("external_id",):
            return self._find_by_key(incoming)
        return self._find_same(incoming, custom) if self._by_name_too(incoming) else None

    def _find_by_key(self, incoming: IncomingContact) -> int | None:
        """Return the contact that agrees in every declared key field."""
        found: set[int] | None = None
        for name in self._step.options.key:
            if name == "external_id":
                continue
            if name == "name":
                these = set(self._by_name.get(name_key(incoming.name), ()))
            else:
                keys = {point_key(self._step, p) for p in incoming.points if p.kind == name}
                these = {one for key in keys for one in self._by_reach.get(key, ())}
            found = these if found is None else found & these
        return min(found) if found else None

    def _find_same(self, incoming: IncomingContact, custom: Mapping[str, Any]) -> int | None:
        """Return the contact of the same name that shares an e-mail address or number.

        A record with neither is the same as one that agrees in everything it says.
        """
        mine = {point_key(self._step, point) for point in incoming.points}
        reach = {key for key in mine if key[0] in _REACH}
        for candidate in self._by_name.get(name_key(incoming.name), ()):
            theirs = self._points.get(candidate, set())
            if not (reach & theirs if reach else mine == theirs and self._agrees(candidate, incoming, custom)):
                continue
            # The same name in another order or script is for the review to judge.
            if search_text(self._records[candidate].name) == search_text(incoming.name):
                return candidate
        return None

    def _agrees(self, candidate: int, incoming: IncomingContact, custom: Mapping[str, Any]) -> bool:
        held = self._records[candidate]
        details = details_of(incoming)
        same = {**held.details, **details} == held.details and {**held.custom, **custom} == held.custom
        return same and held.birthday == incoming.birthday

    def write(self, incoming: IncomingContact) -> str:
        """Create or update the contact, with its position; return what happened."""
        step = self._step
        self._forgotten.check(contact_known_by(step, incoming))
        incoming, custom = self._own.take(incoming)
        found = self._find(incoming, custom)
        self._own.check(found, custom)
        employer = self._customers.employer(incoming)
        wanted: dict[str, Any] = {
            "name": incoming.name,
            "given": incoming.given,
            "family": incoming.family,
            "additional": incoming.additional,
            "prefix": incoming.prefix,
            "suffix": incoming.suffix,
            "birthday": incoming.birthday,
            "note": incoming.note,
            "language": incoming.language,
            "owner_id": step.user(incoming.owner),
            "details": details_of(incoming),
            "custom": custom,
        }
        if found is None:
            self._own.keep(self._create(incoming, wanted, employer), custom)
            return CREATED
        record = self._records[found]
        if is_kept(step, incoming, record, wanted, self._points.get(found, set())):
            step.found("contact", record, incoming.line)
            return UNCHANGED
        if incoming.external_id in self._by_id:
            check_id(step, incoming, record, self._points.get(found, set()))
        if incoming.external_id and incoming.external_id not in self._by_id:
            add_external_id(step, "contact", found, incoming.external_id)
            self._by_id[incoming.external_id] = found
        self._own.keep(found, custom)
        before, after = fill(record, wanted)
        added = add_points(step, incoming.points, record, incoming.line, self._points.setdefault(found, set()))
        if added:
            after["points"] = added
        if employer is None and incoming.organisation_key:
            self._waiting.add(found, incoming.organisation_key)
        if employer is not None and (said := self._place(record.id, incoming, employer)):
            after["position"] = said
        if not after:
            step.found("contact", record, incoming.line)
            return UNCHANGED
        step.changed("contact", record, incoming.line, before, after)
        return UPDATED

    def _create(self, incoming: IncomingContact, wanted: dict[str, Any], employer: int | None) -> int:
        step = self._step
        record = step.tx.add(Contact(source=step.source(incoming.line), batch_id=step.batch_id, **wanted))
        self.created_ids.append(record.id)
        self._records[record.id] = record
        known = self._points[record.id] = set()
        add_points(step, incoming.points, record, incoming.line, known)
        if incoming.external_id:
            add_external_id(step, "contact", record.id, incoming.external_id)
            self._by_id[incoming.external_id] = self.fresh[incoming.external_id] = record.id
        if self._by_name_too(incoming):
            self._by_name.setdefault(name_key(incoming.name), []).append(record.id)
        for key in known:
            if key[0] in step.options.key:
                self._by_reach.setdefault(key, []).append(record.id)
        if employer is not None:
            self._place(record.id, incoming, employer)
        elif incoming.organisation_key:
            self._waiting.add(record.id, incoming.organisation_key)
        self._forgotten.refuse_again(step.tx, record.id, contact_known_by(step, incoming))
        step.created("contact", record, incoming.line)
        return record.id

    def _place(self, contact_id: int, incoming: IncomingContact, employer: int) -> str:
        """Give the contact its position there; return what is new about it, in words."""
        step = self._step
        wanted: dict[str, Any] = {"title": incoming.title, "department": incoming.department, "role": incoming.role}
        for held in self._positions.get(contact_id, ()):
            if held.customer_id == employer and held.ended is None:
                before, after = fill(held, wanted)
                if after:
                    step.changed("position", held, incoming.line, before, after)
                return ", ".join(f"{before[name]} -> {value}" for name, value in after.items())
        held = step.tx.add(
            Position(
                contact_id=contact_id,
                customer_id=employer,
                title=incoming.title,
                department=incoming.department,
                role=incoming.role,
                source=step.source(incoming.line),
                batch_id=step.batch_id,
            )
        )
        self._positions.setdefault(contact_id, []).append(held)
        return ", ".join(text for text in (incoming.title, incoming.organisation) if text) or str(employer)
