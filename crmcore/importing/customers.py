"""Customers of a chunk: found by id elsewhere or by name, updated or created."""

from collections.abc import Sequence
from typing import Any

from crmcore.engine.tables import customer as customer_table
from crmcore.importing import lookup
from crmcore.importing.context import Step
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
from crmcore.importing.relations import PARENT, Waiting
from crmcore.importing.report import CREATED, UNCHANGED, UPDATED
from crmcore.model.incoming import IncomingContact, IncomingCustomer
from crmcore.model.names import name_key
from crmcore.model.party import Customer, CustomerRole


class Customers:
    """Knows the customers a chunk speaks of, by id elsewhere and by name; creates those that are missing."""

    def __init__(self, step: Step, customers: Sequence[IncomingCustomer], contacts: Sequence[IncomingContact]) -> None:
        self._step = step
        tx = step.tx
        ids = {one.external_id for one in customers if one.external_id}
        ids |= {one.organisation_key for one in contacts if one.organisation_key}
        ids |= {one.parent for one in customers if one.parent}
        self._by_id = lookup.by_external_id(tx, "customer", step.scheme, ids)
        names = {name_key(one.name) for one in customers} | {name_key(one.parent) for one in customers if one.parent}
        names |= {name_key(one.organisation) for one in contacts if one.organisation}
        self._by_name = lookup.customers_by_name(tx, names - {""})
        matched = set(self._by_id.values()).union(*self._by_name.values())
        self._elsewhere = lookup.with_external_id(tx, "customer", step.scheme, matched)
        self._points = lookup.points_of(tx, "customer_id", matched if customers else ())
        targets = {known for one in customers if (known := self._find(one)) is not None}
        self._records = {r.id: r for r in tx.load(Customer, customer_table.c.id.in_(targets))} if targets else {}
        self._waiting = Waiting(step, PARENT, {one.parent for one in customers if one.parent})
        self._own = OwnFields(step, "customer", (one.extra for one in customers))
        self.fresh: dict[str, int] = {}

    def _find(self, incoming: IncomingCustomer) -> int | None:
        """Return the customer an incoming record is about: by its id elsewhere, else by name if that has no such id.

        A declared key decides alone, as far as it speaks of ids and names.
        """
        key = self._step.options.key
        if "name" in key and "external_id" not in key:
            return self._named(incoming.name)
        named = self._namesake(incoming)
        if incoming.external_id in self._by_id:
            return self._by_id[incoming.external_id]
        if named is not None and incoming.external_id and named in self._elsewhere:
            return None
        return named

    def _named(self, name: str) -> int | None:
        """Return the customer of a name, the oldest when there are several."""
        found = self._by_name.get(name_key(name))
        return found[0] if found else None

    def _namesake(self, incoming: IncomingCustomer) -> int | None:
        """Return the customer of the same name, unless it has another address: branches are customers of their own."""
        mine = {point_key(self._step, point) for point in incoming.points}
        for candidate in self._by_name.get(name_key(incoming.name), ()):
            theirs = self._points.get(candidate, set())
            if mine & theirs or not (_addresses(mine) and _addresses(theirs)):
                return candidate
        return None

    def write(self, incoming: IncomingCustomer) -> str:
        """Create or update the customer; return what happened."""
        step = self._step
        incoming, custom = self._own.take(incoming)
        wanted: dict[str, Any] = {
            "name": incoming.name,
            "note": incoming.note,
            "owner_id": step.user(incoming.owner),
            "parent_id": (parent := self._parent(incoming)),
            "details": details_of(incoming),
            "custom": custom,
        }
        found = self._find(incoming)
        self._own.check(found, custom)
        if found is None:
            record = self._create(incoming, wanted)
            self._own.keep(record.id, custom)
            if incoming.parent and parent is None:
                self._waiting.add(record.id, incoming.parent)
            return CREATED
        record = self._records[found]
        if is_kept(step, incoming, record, wanted, self._points.get(found, set())):
            return UNCHANGED
        if incoming.external_id in self._by_id:
            check_id(step, incoming, record, self._points.get(found, set()))
        if incoming.external_id and incoming.external_id not in self._by_id:
            self._name_elsewhere(found, incoming.external_id)
        if incoming.parent and parent is None:
            self._waiting.add(found, incoming.parent)
        self._own.keep(found, custom)
        before, after = fill(record, wanted)
        added = add_points(step, incoming.points, record, incoming.line, self._points.setdefault(found, set()))
        if added:
            after["points"] = added
        if after:
            step.changed("customer", record, incoming.line, before, after)
        return UPDATED if after else UNCHANGED

    def _parent(self, incoming: IncomingCustomer) -> int | None:
        if not incoming.parent:
            return None
        return self._by_id.get(incoming.parent) or self._named(incoming.parent)

    def _name_elsewhere(self, customer_id: int, value: str) -> None:
        add_external_id(self._step, "customer", customer_id, value)
        self._by_id[value] = customer_id
        self._elsewhere.add(customer_id)
        self.fresh[value] = customer_id

    def _create(self, incoming: IncomingCustomer, wanted: dict[str, Any]) -> Customer:
        step = self._step
        record = step.tx.add(
            Customer(kind=incoming.kind, source=step.source(incoming.line), batch_id=step.batch_id, **wanted)
        )
        self._remember(record, incoming.name)
        if incoming.external_id:
            self._name_elsewhere(record.id, incoming.external_id)
        self._points[record.id] = set()
        add_points(step, incoming.points, record, incoming.line, self._points[record.id])
        for role in incoming.roles:
            step.tx.add(
                CustomerRole(
                    customer_id=record.id, role=role, source=step.source(incoming.line), batch_id=step.batch_id
                )
            )
        step.created("customer", record, incoming.line)
        return record

    def _remember(self, record: Customer, name: str) -> None:
        self._records[record.id] = record
        self._by_name.setdefault(name_key(name), []).append(record.id)
        self.fresh[name] = record.id

    def employer(self, contact: IncomingContact) -> int | None:
        """Return the customer a contact works for, created by name when it is new; None when the file names none."""
        if contact.organisation_key in self._by_id:
            return self._by_id[contact.organisation_key]
        if not contact.organisation:
            return None
        found = self._named(contact.organisation)
        if found is None:
            step = self._step
            self._own.check(None, {})
            record = step.tx.add(
                Customer(name=contact.organisation, source=step.source(contact.line), batch_id=step.batch_id)
            )
            self._remember(record, contact.organisation)
            if contact.organisation_key:
                self._name_elsewhere(record.id, contact.organisation_key)
            step.created("customer", record, contact.line)
            return record.id
        return found


def _addresses(points: set[PointKey]) -> set[PointKey]:
    return {point for point in points if point[0] == "address"}
