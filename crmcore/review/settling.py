"""After a merge is taken back: what the remaining merges into the same record kept back for it."""

from typing import Any

from attrs import evolve
from sqlalchemy import Row, select

from crmcore.engine.tables import merge as merges
from crmcore.engine.transaction import Transaction
from crmcore.model.party import Customer
from crmcore.review import filling, moving
from crmcore.review.filling import Filled, Party
from crmcore.review.load import PARTIES, Kind
from crmcore.review.placing import place
from crmcore.review.positions import take_back
from crmcore.review.undo import Undo, extend, store


def loosen(tx: Transaction, kind: Kind, winner_id: int, leaving: int) -> None:
    """Take back what the other merges into the winner filled in its positions, before the merge `leaving` goes.

    Some of these positions may go with it; `settle` fills again what stays.
    """
    c = merges.c
    others = (c.winner_id == winner_id, c.kind == kind, c.undone_at.is_(None), c.id != leaving)
    for row in tx.connection.execute(select(merges).where(*others)).all():
        undo = Undo.read(row.undo)
        filled = [each for one in undo.moved for each in one.filled]
        if filled:
            take_back(tx, filled)
            store(tx, row, evolve(undo, moved=[evolve(one, filled=[]) for one in undo.moved]))


def settle(tx: Transaction, kind: Kind, winner: Party, within: list[str]) -> None:
    """Let the other records merged into the winner give what they had kept back in favour of the one that left."""
    c = merges.c
    others = tx.connection.execute(
        select(merges).where(c.winner_id == winner.id, c.kind == kind, c.undone_at.is_(None)).order_by(c.id)
    ).all()
    losers = {one.id: one for one in tx.load(type(winner), PARTIES[kind].c.id.in_([row.loser_id for row in others]))}
    for row in others:
        if row.loser_id in losers:
            _apply_again(tx, kind, row, winner, losers[row.loser_id], within)
    parent = winner.parent_id if isinstance(winner, Customer) else None
    while parent is not None and (into := _merge_of(tx, parent)) is not None:  # the former parent was merged since
        moved = moving.move(tx, kind, into.winner_id, into.loser_id)
        extend(tx, into, moved, Filled())
        parent = into.winner_id


def _merge_of(tx: Transaction, loser_id: int) -> Row[Any] | None:
    c = merges.c
    return tx.connection.execute(select(merges).where(c.loser_id == loser_id, c.undone_at.is_(None))).first()


def _apply_again(tx: Transaction, kind: Kind, row: Row[Any], winner: Party, loser: Party, within: list[str]) -> None:
    placed = {}
    if "parent_id" in within and isinstance(winner, Customer) and isinstance(loser, Customer):
        placed = place(tx.connection, winner, loser)
    filled = filling.fill(winner, loser, within)
    tx.flush()
    moved = moving.move(tx, kind, winner.id, loser.id)
    extend(tx, row, moved, evolve(filled, fields={**filled.fields, **placed}))
