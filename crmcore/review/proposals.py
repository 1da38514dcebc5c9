"""Proposing duplicates: over the whole base into the queue, and for records that are about to be stored."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import asdict, evolve
from sqlalchemy import ColumnElement, Select, bindparam, delete, func, insert, literal, or_, select, update

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact_point, duplicate
from crmcore.engine.transaction import Transaction
from crmcore.matching.pairs import find_pairs, score_pair
from crmcore.matching.prepared import organisation_tokens
from crmcore.matching.record import MatchRecord, Pair
from crmcore.matching.weights import PROPOSE
from crmcore.model.names import name_key
from crmcore.review.load import PARTIES, Kind, records

OPEN, MERGED, DISTINCT = "open", "merged", "distinct"
"""The states of a pair: proposed, merged into one, judged to be two."""

_CHUNK = 300  # new records looked up at once
_CROWD = 50  # stored records looked at for one name or address


def propose(tx: Transaction, kind: Kind) -> int:
    """Find the pairs of all records of a kind and bring the queue up to date; return how many were found.

    A pair judged distinct is left as it is. What is open and no longer found, although the actor sees both records,
    leaves the queue. Reads and compares before it takes the right to write.
    """
    seen = list(records(tx, kind))
    found = {(pair.a, pair.b): pair for pair in find_pairs(seen)}
    tx.begin()
    c = duplicate.c
    stored = tx.connection.execute(select(c.a, c.b, c.state, c.score).where(c.kind == kind)).all()
    known = {(row.a, row.b): row for row in stored}
    fresh = [_row(tx, kind, pair) for key, pair in found.items() if key not in known]
    again = [
        {f"b_{name}": value for name, value in _row(tx, kind, pair).items()}
        for key, pair in found.items()
        if key in known and (known[key].score != pair.score or known[key].state == MERGED)
    ]
    ids = {record.id for record in seen}
    gone = [
        {"b_kind": kind, "b_a": row.a, "b_b": row.b}
        for row in stored
        if row.state == OPEN and (row.a, row.b) not in found and row.a in ids and row.b in ids
    ]
    this = (c.kind == bindparam("b_kind"), c.a == bindparam("b_a"), c.b == bindparam("b_b"))
    if fresh:
        tx.connection.execute(insert(duplicate), fresh)
    if again:
        refreshed: dict[str, Any] = {name: bindparam(f"b_{name}") for name in ("score", "evidence", "state")}
        tx.connection.execute(update(duplicate).where(*this, c.state != DISTINCT).values(refreshed), again)
    if gone:
        tx.connection.execute(delete(duplicate).where(*this), gone)
    _drop_unmergeable(tx, kind)
    return len(found)


def _row(tx: Transaction, kind: Kind, pair: Pair) -> dict[str, Any]:
    evidence = [asdict(one) for one in pair.evidence]
    return {
        "kind": kind, "a": pair.a, "b": pair.b, "score": pair.score, "evidence": evidence, "state": OPEN, "at": tx.now,
    }  # fmt: skip


def _drop_unmergeable(tx: Transaction, kind: Kind) -> None:
    """Take out of the queue what names a record that is merged or removed, perhaps while the pairs were compared."""
    table, c = PARTIES[kind], duplicate.c
    there = select(table.c.id).where(table.c.merged_into_id.is_(None))
    tx.connection.execute(
        delete(duplicate).where(c.kind == kind, c.state == OPEN, or_(c.a.not_in(there), c.b.not_in(there)))
    )


def check_new(reader: Reader, new: Sequence[MatchRecord]) -> list[Pair]:
    """Return the stored records that may be the same as records not stored yet, best first.

    In each pair `a` is the id of the new record (any number its caller likes, below zero for instance) and `b` the id
    of the stored one; evidence has its sides likewise. Candidates share an e-mail address, a phone number, a web
    address or the key of the name, looked up in indexed columns: five statements for 300 new records, or a few
    more when they have thousands of candidates. All
    `new` records are of one kind.
    """
    found: list[Pair] = []
    for start in range(0, len(new), _CHUNK):
        found += _check_chunk(reader, new[start : start + _CHUNK])
    return sorted(found, key=lambda pair: (-pair.score, pair.a, pair.b))


def _check_chunk(reader: Reader, new: Sequence[MatchRecord]) -> Iterator[Pair]:
    kind = new[0].kind
    sought = [_sought(record) for record in new]
    by_value = _stored_by_value(reader, kind, set().union(*sought))
    candidates = [{other for value in values for other in by_value.get(value, ())} for values in sought]
    stored = {record.id: record for record in records(reader, kind, set().union(*candidates))}
    for record, others in zip(new, candidates, strict=True):
        for other in sorted(others):
            if other in stored and other != record.id:
                pair = score_pair(record, stored[other])
                if pair.score >= PROPOSE:
                    yield _new_first(pair, record.id)


def _new_first(pair: Pair, new_id: int) -> Pair:
    return pair if pair.a == new_id else turned(pair)


def turned(pair: Pair) -> Pair:
    """Return a pair with its sides changed over, in the evidence too."""
    evidence = tuple(evolve(one, a=one.b, b=one.a) for one in pair.evidence)
    return Pair(a=pair.b, b=pair.a, score=pair.score, evidence=evidence)


def _sought(record: MatchRecord) -> set[tuple[str, str]]:
    """Return what a stored candidate shares with a record, as (sort, value)."""
    sought = {("email", value) for value in record.emails} | {("url", value) for value in record.urls}
    sought |= {("phone", value) for value in record.phones}
    names = {record.name}
    if record.kind == "customer":
        names.add(" ".join(organisation_tokens(record.name)))
    return sought | {("name", key) for name in names if (key := name_key(name))}


def _stored_by_value(
    reader: Reader, kind: Kind, sought: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], list[int]]:
    """Return the ids of stored records by what they share; of a value that a crowd shares, the first of the crowd.

    Two statements. What the actor may not see falls away when the records are read.
    """
    party, point = PARTIES[kind].c, contact_point.c
    owner = point[f"{kind}_id"]
    names = [value for sort, value in sought if sort == "name"]
    values = [value for sort, value in sought if sort != "name"]
    by_point = (point.normal.in_(values), point.kind.in_(("email", "phone", "url")), owner.is_not(None))
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for statement in (
        _first_of_each(literal("name"), party.name_key, party.id).where(party.name_key.in_(names)),
        _first_of_each(point.kind, point.normal, owner).where(*by_point),
    ):
        ranked = statement.subquery()
        for row in reader.connection.execute(select(ranked).where(ranked.c.place <= _CROWD)):
            found[row.sort, row.value].append(row.id)
    return found


def _first_of_each(sort: ColumnElement[str], value: ColumnElement[str], record_id: ColumnElement[int]) -> Select[Any]:
    place = func.row_number().over(partition_by=(sort, value), order_by=record_id).label("place")
    return select(sort.label("sort"), value.label("value"), record_id.label("id"), place)
