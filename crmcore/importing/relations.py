"""Relations to what comes later: a contact whose account, or an account whose parent, is in a file still to be read.

What a record is waiting for is kept beside the ids it has elsewhere, as `employer` or `parent` with the id or name the
file gave; when a customer of that id or name comes, all that wait for it are connected at once. So files may come in
any order, and the relation holds again after an import was taken back and repeated.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select

from crmcore.engine.portions import portions
from crmcore.engine.tables import contact, customer, external_id, metadata, position
from crmcore.importing import lookup
from crmcore.importing.context import Step
from crmcore.importing.report import Effect
from crmcore.model.party import Customer, ExternalId, Position

EMPLOYER, PARENT = "employer", "parent"


class Waiting:
    """What the records of a chunk wait for, and what they waited for already."""

    def __init__(self, step: Step, kind: str, wanted: Collection[str]) -> None:
        self._step = step
        self._kind = kind
        statement = select(external_id.c.record_id, external_id.c.value).where(*_of(step, kind))
        self._known = {tuple(row) for row in lookup.in_parts(step.tx, statement, external_id.c.value, wanted)}

    def add(self, record_id: int, value: str) -> None:
        """Remember that a record waits for a customer of that id or name."""
        if (record_id, value) not in self._known:
            self._known.add((record_id, value))
            step = self._step
            step.tx.add(
                ExternalId(kind=self._kind, record_id=record_id, scheme=step.scheme, value=value,
                           batch_id=step.batch_id)
            )  # fmt: skip


def connect(step: Step, fresh: Mapping[str, int]) -> None:
    """Connect all that waited for the customers of a chunk; `fresh` maps their ids elsewhere and names to them."""
    if not fresh:
        return
    _connect_contacts(step, fresh)
    _connect_children(step, fresh)


def waits(target: str, entity: str, field: str) -> str:
    """Return the kind under which a plugin's record waits for another."""
    return f"{target} of {entity}.{field}"


def connect_records(step: Step, target: str, fresh: Mapping[str, int]) -> None:
    """Fill in what plugins' records waited for; `fresh` maps ids elsewhere to records of the kind `target`.

    One statement, and one more for each field that something waited in; none where no plugin's records can.
    """
    places = {
        waits(target, entity.name, key.parent.name): (entity, key.parent.name)
        for entity in step.tx.entities
        if entity.table.metadata is not metadata and "batch_id" in entity.fields
        for key in entity.table.foreign_keys
        if key.target_fullname == f"{target}.id"
    }
    if not places or not fresh:
        return
    c = external_id.c
    statement = select(c.kind, c.record_id, c.value).where(c.kind.in_(places), c.scheme == step.scheme)
    several: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for row in lookup.in_parts(step.tx, statement, c.value, fresh.keys()):
        several[row.kind][row.record_id] = fresh[row.value]
    for kind, targets in several.items():
        entity, field = places[kind]
        for ids in portions(targets):
            records: list[Any] = step.tx.load(entity.cls, entity.table.c.id.in_(ids), entity.table.c[field].is_(None))
            for record in records:
                setattr(record, field, targets[record.id])
                step.changed(entity.name, record, 0, {field: None}, {field: targets[record.id]})
    step.tx.release()


def _of(step: Step, kind: str) -> tuple[ColumnElement[bool], ...]:
    return external_id.c.kind == kind, external_id.c.scheme == step.scheme


def _connect_contacts(step: Step, fresh: Mapping[str, int]) -> None:
    kept = func.coalesce(contact.c.merged_into_id, contact.c.id)
    statement = (
        select(external_id.c.value, kept.label("id"), contact.c.name, contact.c.source, contact.c.details)
        .join(contact, contact.c.id == external_id.c.record_id)
        .where(*_of(step, EMPLOYER))
    )
    rows = lookup.in_parts(step.tx, statement, external_id.c.value, fresh.keys())
    held = _held(step, {row.id for row in rows})
    for row in rows:
        customer_id = fresh[row.value]
        if (row.id, customer_id) in held:
            continue
        held.add((row.id, customer_id))
        said = {name: row.details.get(name, "") for name in ("title", "department", "role")}
        step.tx.add(
            Position(contact_id=row.id, customer_id=customer_id, source=row.source, batch_id=step.batch_id, **said)
        )
        shown = Effect(action="updated", entity="contact", id=row.id, name=row.name, source=row.source,
                       changes={"position": (None, said["title"] or row.value)})  # fmt: skip
        step.report.show(shown)


def _held(step: Step, contacts: Collection[int]) -> set[tuple[int, int]]:
    statement = select(position.c.contact_id, position.c.customer_id)
    rows: Iterable[Any] = lookup.in_parts(step.tx, statement, position.c.contact_id, contacts)
    return {(row.contact_id, row.customer_id) for row in rows}


def _connect_children(step: Step, fresh: Mapping[str, int]) -> None:
    statement = select(external_id.c.value, external_id.c.record_id).where(*_of(step, PARENT))
    rows = lookup.in_parts(step.tx, statement, external_id.c.value, fresh.keys())
    parents = {row.record_id: fresh[row.value] for row in rows}
    if not parents:
        return
    for child in step.tx.load(Customer, customer.c.id.in_(parents), customer.c.parent_id.is_(None)):
        if parents[child.id] != child.id:
            child.parent_id = parents[child.id]
            step.changed("customer", child, 0, {"parent_id": None}, {"parent_id": child.parent_id})
