"""Merging two records into one, and taking a merge back: nothing is lost, and everything returns to its place.

The loser's row stays, hidden, and so do those of its points, positions and roles that the winner has as well. What
moved and what was filled is kept with the merge.
"""

from typing import Any

from attrs import asdict, evolve
from sqlalchemy import insert, select, update

from crmcore.engine import conflicts
from crmcore.engine.authorise import authorise
from crmcore.engine.tables import duplicate
from crmcore.engine.tables import merge as merges
from crmcore.engine.transaction import Transaction
from crmcore.errors import CrmError, InvalidInput, NotFound, Refused
from crmcore.i18n import _
from crmcore.model.change import Change
from crmcore.model.party import Contact, Customer
from crmcore.review import filling, moving
from crmcore.review.filling import Party
from crmcore.review.load import KINDS, PARTIES, Kind
from crmcore.review.placing import displace, place
from crmcore.review.settling import loosen, settle
from crmcore.review.undo import Undo

_CLASSES: dict[Kind, type[Party]] = {"contact": Contact, "customer": Customer}

_CHUNK = 900


def merge(tx: Transaction, kind: Kind, winner_id: int, loser_id: int, *, cause: str) -> int:
    """Merge the loser into the winner and return the id of the merge; `cause` says what led to it.

    Everything that points at the loser points at the winner afterwards, including plugins' records; the winner's empty
    fields are filled; the loser is hidden. Raises `NotFound`, `InvalidInput` for a record with itself, `Refused` for
    one that is merged already or that would show to others what is private, `Denied`, and what plugins raise.
    """
    if winner_id == loser_id:
        raise InvalidInput(_("A {kind} cannot be merged with itself ({id}).").format(kind=_(kind), id=winner_id))
    tx.flush()
    winner, loser = _take(tx, kind, winner_id, loser_id)
    for record in (winner, loser):
        if record.merged_into_id is not None:
            raise Refused([_already(kind, record)])
    _check_private(winner, loser)
    placed = _placed(tx, winner, loser)
    filled = filling.fill(winner, loser)
    filled = evolve(filled, fields={**filled.fields, **placed})
    loser.merged_into_id = winner.id
    tx.flush()
    moved = moving.move(tx, kind, winner.id, loser.id)
    undo = Undo(cause=cause, moved=moved, filled=filled, proposal=_close_proposal(tx, kind, winner.id, loser.id))
    merge_id = tx.new_id()
    tx.connection.execute(
        insert(merges).values(
            id=merge_id, version=1, kind=kind, winner_id=winner.id, loser_id=loser.id, at=tx.now,
            user_id=tx.actor.user_id, undo=asdict(undo),
        )
    )  # fmt: skip
    told = {"merge": merge_id, "loser": loser.id, "name": loser.name, "moved": undo.counts(), "filled": undo.written()}
    tx.record(f"{kind}.merged", kind, winner.id, {**told, "cause": cause})
    return merge_id


def unmerge(tx: Transaction, merge_id: int) -> tuple[int, int]:
    """Take a merge back and return (winner, loser); what was added to the winner since stays with the winner.

    A row goes back if it is still the winner's, a field if it still has the value the merge gave it. Raises `NotFound`
    for no such merge, and `Refused` when it is undone already or has to wait for a later one: the winner was itself
    merged since, or was given another parent.
    """
    tx.flush()
    tx.begin()
    row = tx.connection.execute(select(merges).where(merges.c.id == merge_id).with_for_update()).first()
    if row is None:
        raise NotFound(_("There is no merge {id}.").format(id=merge_id))
    if row.undone_at is not None:
        raise Refused([_("Merge {id} was taken back on {day}.").format(id=merge_id, day=row.undone_at.date())])
    kind: Kind = row.kind
    winner, loser = _take(tx, kind, row.winner_id, row.loser_id)
    if winner.merged_into_id is not None:
        raise Refused([_("{which} Take that merge back first.").format(which=_already(kind, winner))])
    undo = Undo.read(row.undo)
    _check_placed_last(tx, merge_id, winner.id, undo)
    if "parent_id" in undo.filled.fields and isinstance(winner, Customer):
        displace(tx.connection, winner, undo.filled.fields.pop("parent_id"))
    filling.take_back(winner, undo.filled)
    tx.filled[kind, winner.id].update(f"custom.{name}" for name in undo.filled.custom)
    loser.merged_into_id = None
    tx.flush()
    loosen(tx, kind, winner.id, merge_id)
    returned = moving.put_back(tx, undo.moved, winner.id, loser.id)
    tx.connection.execute(
        update(merges).where(merges.c.id == merge_id).values(undone_at=tx.now, version=merges.c.version + 1)
    )
    if undo.proposal is not None:
        _set_proposal(tx, kind, winner.id, loser.id, undo.proposal)
    settle(tx, kind, winner, Undo.read(row.undo).filled.names())
    told = {"merge": merge_id, "loser": loser.id, "name": loser.name, "moved": returned}
    tx.record(f"{kind}.unmerged", kind, winner.id, told)
    return winner.id, loser.id


def _take(tx: Transaction, kind: Kind, winner_id: int, loser_id: int) -> tuple[Party, Party]:
    """Return both records, held against other writers, after making sure that the actor may change them."""
    tx.begin()
    conflicts.lock(tx.connection, PARTIES[kind], (winner_id, loser_id))
    found = {one.id: one for one in tx.load(_CLASSES[kind], PARTIES[kind].c.id.in_((winner_id, loser_id)))}
    for record_id in (winner_id, loser_id):
        if record_id not in found:
            raise _missing(tx, kind, record_id)
    winner, loser = found[winner_id], found[loser_id]
    authorise(tx, [Change(action="changed", entity=kind, id=one, before={}, after={}) for one in (winner_id, loser_id)])
    return winner, loser


def _missing(tx: Transaction, kind: Kind, record_id: int) -> CrmError:
    for other in KINDS:
        if other != kind and tx.value(select(PARTIES[other].c.id).where(PARTIES[other].c.id == record_id)) is not None:
            return InvalidInput(
                _("{id} is a {other}, not a {kind}; only records of one kind are merged.").format(
                    id=record_id, other=_(other), kind=_(kind)
                )
            )
    return NotFound(_("There is no {kind} {id}.").format(kind=_(kind), id=record_id))


def _already(kind: Kind, record: Party) -> str:
    return _("The {kind} {id} is merged into {into} already.").format(
        kind=_(kind), id=record.id, into=record.merged_into_id
    )


def _check_private(winner: Party, loser: Party) -> None:
    """Refuse a merge that would show what is private, or hide what others see now."""
    if (winner.private or loser.private) and (winner.private, winner.owner_id) != (loser.private, loser.owner_id):
        raise Refused(
            [
                _(
                    "{a} and {b} are not private to the same user; a merge would show or hide what belongs to one."
                ).format(a=winner.id, b=loser.id)
            ]
        )


def _check_placed_last(tx: Transaction, merge_id: int, winner_id: int, undo: Undo) -> None:
    """Refuse to take back a merge that gave customers a parent before a later one gave them another."""
    placed = [one for each in undo.moved if each.column == "parent_id" for (one,) in each.ids]
    if "parent_id" in undo.filled.fields:
        placed.append(winner_id)
    c = merges.c
    for start in range(0, len(placed), _CHUNK):
        later = (c.winner_id.in_(placed[start : start + _CHUNK]), c.undone_at.is_(None), c.id > merge_id)
        for row in tx.connection.execute(select(c.id, c.winner_id, c.undo).where(*later).order_by(c.id.desc())):
            if "parent_id" in Undo.read(row.undo).filled.fields:
                raise Refused(
                    [
                        _("Merge {id} changed the parent of customer {winner} later; take that one back first.").format(
                            id=row.id, winner=row.winner_id
                        )
                    ]
                )


def _placed(tx: Transaction, winner: Party, loser: Party) -> dict[str, list[Any]]:
    if isinstance(winner, Customer) and isinstance(loser, Customer):
        return place(tx.connection, winner, loser)
    return {}


def _close_proposal(tx: Transaction, kind: Kind, one: int, other: int) -> str | None:
    """Mark the pair as merged in the queue; return the state it had, None if it is not there."""
    c = duplicate.c
    pair = (c.kind == kind, c.a == min(one, other), c.b == max(one, other))
    state: str | None = tx.connection.execute(select(c.state).where(*pair)).scalar()
    if state is not None:
        _set_proposal(tx, kind, one, other, "merged")
    return state


def _set_proposal(tx: Transaction, kind: Kind, one: int, other: int, state: str) -> None:
    c = duplicate.c
    pair = (c.kind == kind, c.a == min(one, other), c.b == max(one, other))
    tx.connection.execute(update(duplicate).where(*pair).values(state=state))
