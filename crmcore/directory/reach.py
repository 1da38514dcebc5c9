"""Ways to reach somebody as typed at the command line: normalised, judged, added and taken away."""

from collections.abc import Iterable, Sequence

from attrs import frozen
from sqlalchemy import Column

from crmcore.engine.tables import contact_point
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput, NotFound
from crmcore.i18n import _
from crmcore.model.party import POINT_KINDS, ContactPoint
from crmcore.model.points import normalise, problem


@frozen(kw_only=True)
class Way:
    """A way to reach somebody, as typed, with its normal form. `problem` says what is wrong with it, if anything."""

    kind: str
    value: str
    normal: str
    problem: str = ""


def ways(given: Iterable[tuple[str, str]], region: str) -> list[Way]:
    """Return (kind, value) pairs as ways, each once.

    Raises `InvalidInput` for a kind that does not exist and for a value that has no normal form; one that only looks
    wrong (too few digits) is kept, with its problem.
    """
    found: dict[tuple[str, str], Way] = {}
    for kind, value in given:
        if kind not in POINT_KINDS:
            raise InvalidInput(
                _("{kind}: no such way to reach somebody; there are {kinds}.").format(
                    kind=kind, kinds=", ".join(POINT_KINDS)
                )
            )
        typed, why = value.strip(), problem(kind, value, region)
        normal = normalise(kind, typed, region)
        if not normal:
            raise InvalidInput(why or _("{kind}: “{value}” is empty.").format(kind=kind, value=value))
        found.setdefault((kind, normal), Way(kind=kind, value=typed, normal=normal, problem=why))
    return list(found.values())


def stored_ways(given: Iterable[tuple[str, str]], region: str) -> list[Way]:
    """Return (kind, value) pairs as ways that may be stored already: an import keeps what has no normal form too."""
    return [Way(kind=kind, value=value.strip(), normal=normalise(kind, value, region)) for kind, value in given]


def add_ways(
    tx: Transaction, found: Sequence[Way], *, contact_id: int | None = None, customer_id: int | None = None
) -> None:
    """Add ways to a contact or customer; one it has already is not added twice."""
    owner, key = _owner(contact_id, customer_id)
    known = {(point.kind, point.normal) for point in tx.load(ContactPoint, owner == key)} if found else set()
    for way in found:
        if (way.kind, way.normal) not in known:
            tx.add(
                ContactPoint(
                    contact_id=contact_id,
                    customer_id=customer_id,
                    kind=way.kind,
                    value=way.value,
                    normal=way.normal,
                    status="invalid" if way.problem else "",
                    source=f"entered by {tx.actor.login}",
                )
            )


def remove_ways(
    tx: Transaction, found: Sequence[Way], *, contact_id: int | None = None, customer_id: int | None = None
) -> None:
    """Take ways away from a contact or customer; raises `NotFound` for one it does not have."""
    if not found:
        return
    owner, key = _owner(contact_id, customer_id)
    points = tx.load(ContactPoint, owner == key)
    for way in found:
        wanted = (way.kind, way.normal or way.value)
        meant = [point for point in points if (point.kind, point.normal or point.value) == wanted]
        if not meant:
            raise NotFound(_("There is no {kind} “{value}” to remove.").format(kind=way.kind, value=way.value))
        for point in meant:
            tx.remove(point)


def _owner(contact_id: int | None, customer_id: int | None) -> tuple[Column[int], int | None]:
    columns = contact_point.c
    return (columns.contact_id, contact_id) if contact_id is not None else (columns.customer_id, customer_id)
