"""The parts of a party: ways to reach it, ids it has elsewhere; and filling in what an update brings."""

from collections.abc import Iterable
from typing import Any

import attrs

from crmcore.engine.conflicts import changed_keys
from crmcore.engine.journal import plain
from crmcore.errors import Denied, InvalidInput
from crmcore.i18n import _
from crmcore.importing.context import Step
from crmcore.model.incoming import IncomingContact, IncomingCustomer, Point
from crmcore.model.names import name_key
from crmcore.model.party import Contact, ContactPoint, Customer, ExternalId

PointKey = tuple[str, str]
LONG_ID = 12  # ids of this length or more are taken to be unique in the world, as UIDs and Salesforce's are


def point_key(step: Step, point: Point) -> PointKey:
    """Return what makes two points the same: kind and normal form, or the value where it has none."""
    return point.kind, step.normal(point.kind, point.value) or point.value


def add_points(
    step: Step, points: Iterable[Point], owner: Contact | Customer, line: int, known: set[PointKey]
) -> list[str]:
    """Add the points that are not known yet, and return their values."""
    added: list[str] = []
    is_contact = isinstance(owner, Contact)
    for point in points:
        normal = step.normal(point.kind, point.value)
        key = (point.kind, normal or point.value)
        if key in known or not point.value.strip():
            continue
        known.add(key)
        step.tx.add(
            ContactPoint(
                kind=point.kind,
                value=point.value,
                label=point.label,
                normal=normal,
                preferred=point.preferred,
                address=attrs.asdict(point.address) if point.address else None,
                contact_id=owner.id if is_contact else None,
                customer_id=None if is_contact else owner.id,
                source=step.source(line),
                batch_id=step.batch_id,
            )
        )
        added.append(point.value)
    return added


def add_external_id(step: Step, kind: str, record_id: int, value: str) -> None:
    """Remember the id a record has in the system the file came from."""
    step.tx.add(ExternalId(kind=kind, record_id=record_id, scheme=step.scheme, value=value, batch_id=step.batch_id))


def details_of(incoming: IncomingContact | IncomingCustomer) -> dict[str, Any]:
    """Return what the file says beyond the fields of an entity, under the names of the record and of the file."""
    details: dict[str, Any] = dict(incoming.extra)
    if incoming.categories:
        details["categories"] = list(incoming.categories)
    if incoming.identifiers:
        details["identifiers"] = dict(incoming.identifiers)
    if isinstance(incoming, IncomingContact):
        if incoming.nickname:
            details["nickname"] = incoming.nickname
        if incoming.photos:
            details["photos"] = [_told(photo) for photo in incoming.photos]
        if not incoming.organisation:
            details.update((n, v) for n in ("title", "department", "role") if (v := getattr(incoming, n)))
            if incoming.organisation_key:
                details["organisation_key"] = incoming.organisation_key
    return details


def _told(record: Any) -> dict[str, Any]:
    return {name: value for name, value in attrs.asdict(record).items() if value not in ("", None)}


def differences(record: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what `wanted` says and the record has not.

    An empty value in a file says nothing, so it takes nothing away. Details and the workspace's own fields are joined.
    """
    found: dict[str, Any] = {}
    for name, value in wanted.items():
        old = getattr(record, name)
        if name in ("details", "custom"):
            value = {**old, **value}
        if value not in ("", None, [], {}) and value != old:
            found[name] = value
    return found


def fill(record: Any, wanted: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set what `wanted` says and the record has not; return the fields that changed, before and after.

    Of the workspace's own fields each is told by itself, as `custom.NAME`.
    """
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in differences(record, wanted).items():
        if name == "custom":
            for key in changed_keys(record.custom, value):
                before[f"custom.{key}"], after[f"custom.{key}"] = record.custom.get(key), value.get(key)
        else:
            before[name], after[name] = plain(getattr(record, name)), plain(value)
        setattr(record, name, value)
    return before, after


def is_kept(
    step: Step,
    incoming: IncomingContact | IncomingCustomer,
    held: Contact | Customer,
    wanted: dict[str, Any],
    known: set[PointKey],
) -> bool:
    """Return whether a record is somebody else's, and says all that the file says; raises `Denied` if it does not."""
    if step.may_change(held.owner_id):
        return False
    if differences(held, wanted) or {point_key(step, point) for point in incoming.points} - known:
        raise Denied(
            _("“{name}” belongs to somebody else; {login} may change only own records").format(
                name=held.name, login=step.tx.actor.login
            )
        )
    return True


def check_id(
    step: Step, incoming: IncomingContact | IncomingCustomer, held: Contact | Customer, known: set[PointKey]
) -> None:
    """Raise `InvalidInput` when a short id means somebody else here: two systems both counting from 1."""
    if len(incoming.external_id) >= LONG_ID or name_key(held.name) == name_key(incoming.name):
        return
    if not known & {point_key(step, point) for point in incoming.points}:
        raise InvalidInput(
            _("id {id} is “{stored}” here, not “{name}”; name the other system with --source").format(
                id=incoming.external_id, stored=held.name, name=incoming.name
            )
        )
