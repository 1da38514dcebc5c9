"""The queue of proposed duplicates: listed best first, shown with evidence, judged."""

import re
from collections.abc import Iterable
from typing import Any

from attrs import asdict, field, frozen
from sqlalchemy import ColumnElement, Select, and_, insert, or_, select, true, update

from crmcore.engine.authorise import authorise
from crmcore.engine.reader import Reader
from crmcore.engine.tables import duplicate
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.matching.pairs import score_pair
from crmcore.matching.record import Evidence
from crmcore.model.change import Change
from crmcore.review.load import PARTIES, Kind, two
from crmcore.review.proposals import DISTINCT, OPEN

_PAIR = re.compile(r"([0-9]{1,18}):([0-9]{1,18})")


@frozen(kw_only=True)
class Proposal:
    """Two records that may be one. `score` is the probability; `cursor` is where a list goes on after this pair."""

    kind: Kind
    a: int
    b: int
    names: tuple[str, str]
    score: float
    state: str
    evidence: tuple[Evidence, ...]
    cursor: str = field(init=False)

    @cursor.default
    def _default_cursor(self) -> str:
        return f"{self.a}:{self.b}"


def proposals(
    reader: Reader, kinds: Iterable[Kind], *, limit: int, after: str = "", least: float = 0.0
) -> list[Proposal]:
    """Return open proposals of these kinds with a score of `least` or more, best first, `limit` at most.

    `after` is the cursor of the last one seen, judged or not. Only pairs of which the actor may see both records are
    returned; one statement a kind, and one for the cursor. Raises `InvalidInput` for a cursor of no pair.
    """
    beyond = _beyond(reader, after) if after else true()
    found: list[Proposal] = []
    for kind in kinds:
        c = duplicate.c
        statement = _pairs(kind).where(c.state == OPEN, c.score >= least, beyond).order_by(c.score.desc(), c.a, c.b)
        found += [_proposal(row) for row in reader.rows(statement.limit(limit))]
    return sorted(found, key=lambda one: (-one.score, one.a, one.b))[:limit]


def one(reader: Reader, a: int, b: int) -> Proposal:
    """Return what is known of a pair: as in the queue, or compared now. Raises `NotFound` as `load.two` does."""
    first, second = two(reader, *sorted((a, b)))
    c = duplicate.c
    row = reader.first(_pairs(first.kind).where(c.a == first.id, c.b == second.id))
    if row is not None:
        return _proposal(row)
    pair = score_pair(first, second)
    names = (first.name, second.name)
    return Proposal(
        kind=first.kind, a=pair.a, b=pair.b, names=names, score=pair.score, state="", evidence=pair.evidence
    )


def judge_distinct(tx: Transaction, a: int, b: int) -> Proposal:
    """Note that two records are not one: the pair is never proposed again. Raises `NotFound` and `Denied`."""
    tx.begin()
    pair = one(tx, a, b)
    ids = (pair.a, pair.b)
    authorise(tx, [Change(action="changed", entity=pair.kind, id=each, before={}, after={}) for each in ids])
    if pair.state == DISTINCT:
        return pair
    c = duplicate.c
    if pair.state:
        key = (c.kind == pair.kind, c.a == pair.a, c.b == pair.b)
        tx.connection.execute(update(duplicate).where(*key).values(state=DISTINCT))
    else:
        evidence = [asdict(each) for each in pair.evidence]
        tx.connection.execute(
            insert(duplicate).values(
                kind=pair.kind, a=pair.a, b=pair.b, score=pair.score, evidence=evidence, state=DISTINCT, at=tx.now
            )
        )
    tx.record(f"{pair.kind}.distinct", pair.kind, pair.a, {"other": pair.b, "score": pair.score})
    return one(tx, a, b)


def _pairs(kind: Kind) -> Select[Any]:
    """Return the statement for pairs whose records are both there and not merged, with their names."""
    table, c = PARTIES[kind], duplicate.c
    first, second = table.alias("first"), table.alias("second")
    return (
        select(duplicate, first.c.name.label("name_a"), second.c.name.label("name_b"))
        .join(first, first.c.id == c.a)
        .join(second, second.c.id == c.b)
        .where(c.kind == kind, first.c.merged_into_id.is_(None), second.c.merged_into_id.is_(None))
    )


def _proposal(row: Any) -> Proposal:
    return Proposal(
        kind=row.kind,
        a=row.a,
        b=row.b,
        names=(row.name_a, row.name_b),
        score=row.score,
        state=row.state,
        evidence=tuple(Evidence(**each) for each in row.evidence),
    )


def _beyond(reader: Reader, cursor: str) -> ColumnElement[bool]:
    """Return the condition that a pair stands behind that of the cursor, whose score is looked up."""
    c = duplicate.c
    found = _PAIR.fullmatch(cursor)
    a, b = (int(one) for one in found.groups()) if found else (0, 0)
    score = reader.value(select(c.score).where(c.kind.in_(list(PARTIES)), c.a == a, c.b == b))
    if score is None:
        raise InvalidInput(
            _(
                "“{value}” is not where a list of duplicates ends; write both ids of the last pair, such as 12:34."
            ).format(value=cursor)
        )
    return or_(c.score < score, and_(c.score == score, or_(c.a > a, and_(c.a == a, c.b > b))))
