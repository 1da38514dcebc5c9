"""Stored contacts and customers as the matcher compares them, read in chunks of three statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from attrs import field, frozen
from sqlalchemy import Row, Table, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point, customer, position
from crmcore.errors import NotFound
from crmcore.i18n import _
from crmcore.matching.record import MatchRecord

Kind = Literal["contact", "customer"]
KINDS: tuple[Kind, ...] = ("contact", "customer")
PARTIES: dict[str, Table] = {"contact": contact, "customer": customer}
"""The table of each kind of record that can be merged."""

_CHUNK = 1000


@frozen(kw_only=True)
class _Parts:
    """What one chunk of records has beside its own rows."""

    points: dict[int, dict[str, list[str]]] = field(factory=dict)
    addresses: dict[int, Mapping[str, str]] = field(factory=dict)
    organisations: dict[int, str] = field(factory=dict)


def records(reader: Reader, kind: Kind, ids: Iterable[int] | None = None) -> Iterator[MatchRecord]:
    """Yield the records of a kind that the actor may see and that are not merged into another; or only those of `ids`.

    In the order of ids. Streams: three statements (two for customers) a thousand records, and only these in memory.
    """
    table = PARTIES[kind]
    chosen = [table.c.id, table.c.name, table.c.details["identifiers"].label("identifiers")]
    if kind == "contact":
        chosen += [table.c.given, table.c.family, table.c.birthday]
    whole = select(*chosen).where(table.c.merged_into_id.is_(None)).order_by(table.c.id)
    if ids is not None:
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), _CHUNK):
            yield from _chunk(reader, kind, reader.rows(whole.where(table.c.id.in_(wanted[start : start + _CHUNK]))))
        return
    last = 0
    while rows := reader.rows(whole.where(table.c.id > last).limit(_CHUNK)):
        yield from _chunk(reader, kind, rows)
        last = rows[-1].id


def two(reader: Reader, a: int, b: int) -> tuple[MatchRecord, MatchRecord]:
    """Return two records of one kind; raises `NotFound` for one that is absent, hidden, merged or of another kind."""
    for kind in KINDS:
        found = {record.id: record for record in records(reader, kind, (a, b))}
        if len(found) == 2:
            return found[a], found[b]
        if found and a != b:
            other = b if a in found else a
            raise NotFound(
                _("{id} is a {kind}; there is no {kind} {other} to compare it with.").format(
                    id=next(iter(found)), kind=_(kind), other=other
                )
            )
    raise NotFound(_("There are no two contacts or customers {a} and {b}.").format(a=a, b=b))


def _chunk(reader: Reader, kind: Kind, rows: Sequence[Row[Any]]) -> Iterator[MatchRecord]:
    parts = _parts(reader, kind, [row.id for row in rows])
    for row in rows:
        points, address = parts.points.get(row.id, {}), parts.addresses.get(row.id, {})
        person = {"given": row.given, "family": row.family, "birthday": row.birthday} if kind == "contact" else {}
        yield MatchRecord(
            id=row.id,
            name=row.name,
            organisation=parts.organisations.get(row.id, ""),
            emails=tuple(points.get("email", ())),
            phones=tuple(points.get("phone", ())),
            urls=tuple(points.get("url", ())),
            street=", ".join(part for name in ("street", "extended") if (part := address.get(name, ""))),
            city=address.get("locality", ""),
            postcode=address.get("postal_code", ""),
            region=address.get("region", ""),
            country=address.get("country", ""),
            identifiers=_numbers(row.identifiers),
            kind=kind,
            **person,
        )


def _numbers(identifiers: Any) -> tuple[str, ...]:
    """Return the values of the mapping kept under `identifiers`; anything else there is no evidence."""
    if not isinstance(identifiers, dict):
        return ()
    return tuple(str(value) for value in identifiers.values() if isinstance(value, str | int) and value != "")


def _parts(reader: Reader, kind: Kind, ids: Sequence[int]) -> _Parts:
    parts = _Parts(points=defaultdict(lambda: defaultdict(list)))
    if not ids:
        return parts
    p = contact_point.c
    owner = p[f"{kind}_id"]
    statement = select(owner, p.kind, p.normal, p.value, p.address).where(
        owner.in_(ids), p.kind.in_(("email", "phone", "url", "address"))
    )
    found: Sequence[Sequence[Any]] = reader.rows(statement.order_by(owner, p.preferred.desc(), p.id))
    for record_id, point, normal, value, address in found:
        if point == "address":
            parts.addresses.setdefault(record_id, address or {"street": value})
        elif normal and normal not in parts.points[record_id][point]:
            parts.points[record_id][point].append(normal)
    if kind == "contact":
        parts.organisations.update(_organisations(reader, ids))
    return parts


def _organisations(reader: Reader, ids: Sequence[int]) -> dict[int, str]:
    """Return where each contact works, or worked last."""
    c = position.c
    statement = (
        select(c.contact_id, customer.c.name)
        .join(customer, customer.c.id == c.customer_id)
        .where(c.contact_id.in_(ids))
        .order_by(c.contact_id, c.ended.is_(None), c.id.desc())
    )
    return {row.contact_id: row.name for row in reader.rows(statement)}
