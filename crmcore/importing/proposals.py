"""Duplicates that an import brings: proposed for review, never merged by themselves."""

from collections.abc import Iterable, Sequence

from attrs import asdict
from sqlalchemy import exists, func, insert, select

from crmcore.engine.tables import contact, contact_point, duplicate
from crmcore.engine.transaction import Transaction
from crmcore.importing.report import Report
from crmcore.matching.record import Pair
from crmcore.review.load import records
from crmcore.review.proposals import OPEN, check_new, turned
from crmcore.review.queue import Proposal

_SHOWN = 1000
_NAMESAKES = 6


def propose(tx: Transaction, created: Sequence[int], report: Report) -> None:
    """Compare the contacts just created with all others, and keep what looks like the same person for review.

    Only those are compared that share a name, an e-mail address or a number with another: three statements for a chunk
    in which nobody does.
    """
    suspects = _sharing(tx, created)
    if not suspects:
        return
    found: dict[tuple[int, int], Pair] = {}
    for pair in check_new(tx, list(records(tx, "contact", suspects))):
        ordered = pair if pair.a < pair.b else turned(pair)
        found.setdefault((ordered.a, ordered.b), ordered)
    if not found:
        return
    rows = [
        {"kind": "contact", "a": a, "b": b, "score": pair.score, "evidence": [asdict(one) for one in pair.evidence],
         "state": OPEN, "at": tx.now}
        for (a, b), pair in found.items()
    ]  # fmt: skip
    tx.connection.execute(insert(duplicate), rows)
    report.duplicates += len(rows)
    if len(report.proposals) < _SHOWN:
        _show(tx, list(found.values())[: _SHOWN - len(report.proposals)], report)


def _sharing(tx: Transaction, created: Sequence[int]) -> set[int]:
    theirs = contact_point.alias()
    mine = dict(
        tuple(row)
        for row in tx.connection.execute(select(contact.c.id, contact.c.name_key).where(contact.c.id.in_(created)))
    )
    # A name that many have says little; such people are compared when they share more than that.
    shared = (
        select(contact.c.name_key)
        .where(contact.c.name_key.in_(set(mine.values()) - {""}), contact.c.merged_into_id.is_(None))
        .group_by(contact.c.name_key)
        .having(func.count().between(2, _NAMESAKES))
    )
    names = set(tx.connection.execute(shared).scalars())
    named = {contact_id for contact_id, key in mine.items() if key in names}
    reached = select(contact_point.c.contact_id).where(
        contact_point.c.contact_id.in_(created),
        contact_point.c.kind.in_(["email", "phone"]),
        contact_point.c.normal != "",
        exists().where(
            theirs.c.normal == contact_point.c.normal,
            theirs.c.kind == contact_point.c.kind,
            theirs.c.contact_id != contact_point.c.contact_id,
        ),
    )
    return named | set(tx.connection.execute(reached).scalars())


def _show(tx: Transaction, pairs: Iterable[Pair], report: Report) -> None:
    pairs = list(pairs)
    ids = {one for pair in pairs for one in (pair.a, pair.b)}
    names = dict(
        tuple(row) for row in tx.connection.execute(select(contact.c.id, contact.c.name).where(contact.c.id.in_(ids)))
    )
    for pair in pairs:
        report.proposals.append(
            Proposal(
                kind="contact",
                a=pair.a,
                b=pair.b,
                names=(names[pair.a], names[pair.b]),
                score=pair.score,
                state=OPEN,
                evidence=pair.evidence,
            )
        )
