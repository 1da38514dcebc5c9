"""Merging without asking what is certain: groups of records, each of which becomes one."""

from collections.abc import Iterable

import attrs
from attrs import frozen
from sqlalchemy import select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import duplicate
from crmcore.engine.tables import merge as merges
from crmcore.engine.transaction import Transaction
from crmcore.matching.pairs import cluster
from crmcore.matching.record import MatchRecord, Pair
from crmcore.matching.weights import CERTAIN
from crmcore.review.load import Kind, records
from crmcore.review.merge import merge
from crmcore.review.proposals import DISTINCT
from crmcore.review.queue import proposals

_PAGE = 1000


@frozen(kw_only=True)
class Group:
    """Records that are one: the winner, and those to be merged into it."""

    kind: Kind
    winner: int
    losers: tuple[int, ...]


@frozen(kw_only=True)
class Plan:
    """What can be merged without asking; `left` are the groups that hold two records judged or found to be distinct."""

    groups: tuple[Group, ...]
    left: tuple[tuple[int, ...], ...]


def plan(reader: Reader, kind: Kind) -> Plan:
    """Return the groups that open proposals of a score of `CERTAIN` or more join, directly or over others.

    A group with a pair that somebody judged distinct, or whose merge was taken back, is left for a person to review.
    """
    apart = _apart(reader, kind)
    groups, left = [], []
    for ids in cluster(_certain(reader, kind)):
        among = set(ids)
        if any(other in among for one in ids for other in apart.get(one, ())):
            left.append(ids)
        else:
            groups.append(ids)
    by_id = {record.id: record for record in records(reader, kind, [one for ids in groups for one in ids])}
    chosen = []
    for ids in groups:
        winner = best([by_id[one] for one in ids])
        chosen.append(Group(kind=kind, winner=winner, losers=tuple(one for one in ids if one != winner)))
    return Plan(groups=tuple(chosen), left=tuple(left))


def best(found: Iterable[MatchRecord]) -> int:
    """Return the id of the record that knows most; of several the oldest, which has the lowest id."""
    return min(found, key=lambda record: (-_known(record), record.id)).id


def _known(record: MatchRecord) -> int:
    values = attrs.astuple(record, recurse=False)
    return sum(len(value) if isinstance(value, tuple) else bool(value) for value in values)


def merge_group(tx: Transaction, group: Group) -> list[int]:
    """Merge a group into its winner and return the ids of the merges."""
    return [merge(tx, group.kind, group.winner, loser, cause="certain") for loser in group.losers]


def _certain(reader: Reader, kind: Kind) -> list[Pair]:
    found: list[Pair] = []
    cursor = ""
    while page := proposals(reader, (kind,), limit=_PAGE, after=cursor, least=CERTAIN):
        found += [Pair(a=one.a, b=one.b, score=one.score, evidence=()) for one in page]
        cursor = page[-1].cursor
    return found


def _apart(reader: Reader, kind: Kind) -> dict[int, set[int]]:
    """Return, by record, those it is known not to be the same as."""
    d, m = duplicate.c, merges.c
    judged = select(d.a, d.b).where(d.kind == kind, d.state == DISTINCT)
    undone = select(m.winner_id, m.loser_id).where(m.kind == kind, m.undone_at.is_not(None))
    found: dict[int, set[int]] = {}
    for statement in (judged, undone):
        for a, b in reader.connection.execute(statement):
            found.setdefault(a, set()).add(b)
            found.setdefault(b, set()).add(a)
    return found
