"""What a merge did, as it is kept with it, and which merge an id means."""

from typing import Any

from attrs import asdict, evolve, frozen
from sqlalchemy import Row, select, update

from crmcore.engine.reader import Reader
from crmcore.engine.tables import merge as merges
from crmcore.engine.transaction import Transaction
from crmcore.errors import NotFound, Refused
from crmcore.i18n import _
from crmcore.review import filling, moving
from crmcore.review.filling import Filled
from crmcore.review.load import Kind
from crmcore.review.moving import Moved


@frozen(kw_only=True)
class Undo:
    """What a merge did: all that is needed to take it back.

    `proposal` is the state the pair had in the queue of duplicates, None if it was not there.
    """

    cause: str
    moved: list[Moved]
    filled: Filled
    proposal: str | None

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Undo":
        """Build it from what is stored with the merge."""
        moved, filled = [Moved(**one) for one in stored["moved"]], Filled(**stored["filled"])
        return cls(cause=stored["cause"], moved=moved, filled=filled, proposal=stored["proposal"])

    def counts(self) -> dict[str, int]:
        """Return how many rows moved, by table."""
        found: dict[str, int] = {}
        for one in (each for each in self.moved if each.ids):
            found[one.table] = found.get(one.table, 0) + len(one.ids)
        return found

    def written(self) -> list[str]:
        """Return the fields that were written: of the winner, and of its positions."""
        positions = dict.fromkeys(f"{one.table}.{name}" for one in self.moved for _key, name, *_rest in one.filled)
        return [*self.filled.names(), *positions]


def extend(tx: Transaction, row: Row[Any], moved: list[Moved], filled: Filled) -> None:
    """Add to a stored merge what it did later."""
    undo = Undo.read(row.undo)
    more = evolve(undo, moved=moving.joined(undo.moved, moved), filled=filling.joined(undo.filled, filled))
    if more != undo:
        store(tx, row, more)


def store(tx: Transaction, row: Row[Any], undo: Undo) -> None:
    """Keep what a stored merge did, as it is known now."""
    tx.connection.execute(
        update(merges).where(merges.c.id == row.id).values(undo=asdict(undo), version=merges.c.version + 1)
    )


def find_merge(reader: Reader, kind: Kind, record_id: int) -> int:
    """Return the merge meant by an id: of the merge itself, of its loser, or of a winner that has only one loser.

    Raises `NotFound`, or `Refused` when several merges may be meant.
    """
    c = merges.c
    found = reader.rows(
        select(c.id, c.loser_id)
        .where(c.kind == kind, c.undone_at.is_(None), (c.id == record_id) | (c.loser_id == record_id))
        .limit(1)
    ) or reader.rows(select(c.id, c.loser_id).where(c.kind == kind, c.undone_at.is_(None), c.winner_id == record_id))
    if not found:
        undone = reader.value(select(c.id).where(c.kind == kind, c.id == record_id))
        if undone is not None:
            return int(undone)
        raise NotFound(_("{id} is neither a merge nor a merged {kind}.").format(id=record_id, kind=_(kind)))
    if len(found) > 1:
        choices = ", ".join(_("{merge} (of {loser})").format(merge=row.id, loser=row.loser_id) for row in found)
        raise Refused(
            [_("Several were merged into {id}; name the merge: {choices}.").format(id=record_id, choices=choices)]
        )
    return int(found[0].id)


@frozen(kw_only=True)
class Summary:
    """A merge in figures: rows moved and rows kept with the loser, by table, and the fields that were filled."""

    merge: int
    kind: str
    winner: int
    loser: int
    moved: dict[str, int]
    kept: dict[str, int]
    filled: list[str]


def summary(reader: Reader, merge_id: int) -> Summary:
    """Return a stored merge in figures; raises `NotFound`."""
    row = reader.first(select(merges).where(merges.c.id == merge_id))
    if row is None:
        raise NotFound(_("There is no merge {id}.").format(id=merge_id))
    undo = Undo.read(row.undo)
    kept = {one.table: len(one.stayed) for one in undo.moved if one.stayed}
    return Summary(
        merge=row.id, kind=row.kind, winner=row.winner_id, loser=row.loser_id, moved=undo.counts(), kept=kept,
        filled=undo.written(),
    )  # fmt: skip
