"""Placing customers in the plays of a programme: each in one at a time, with all that was before."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from attrs import frozen
from sqlalchemy import select

from crmcore.api import InvalidInput, NotifyTransaction, Transaction, tables
from crmcore_marketing.i18n import _
from crmcore_marketing.model.programme import Placement, Programme
from crmcore_marketing.tables import placement

RESULTS = ("lost", "developed", "won")
DEVELOPED = "developed"
"""A customer can be developed again and again: the stay ends with each, and the next begins the day after."""


@frozen(kw_only=True)
class Placed:
    """What became of placing customers: who is new in the programme, who moved, who was there already, who is not."""

    added: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()


def place(
    tx: Transaction, programme_id: int, play_id: int, customer_ids: Iterable[int], day: date, note: str = ""
) -> Placed:
    """Place customers in a play from a day on; where each was before ends there and is kept as it was.

    Who was lost or won where it is begins there anew.

    Three statements however many they are, and their journal; nobody else places in the programme meanwhile. Raises
    `InvalidInput` with the customers who came later to where they are: months that are counted stay as they were.
    """
    asked = list(dict.fromkeys(customer_ids))
    there = present(tx, programme_id, asked)
    c = tables.customer.c
    alive = {row.id for row in tx.rows(select(c.id).where(c.id.in_(asked), c.merged_into_id.is_(None)))}
    left = [one for one in asked if one in there and there[one].play_id == play_id and not there[one].result]
    coming = [one for one in asked if one in alive and one not in left]
    moved = [one for one in coming if one in there]
    _must_be_later([there[one] for one in moved], day + timedelta(days=1))  # whom a result began anew tomorrow
    for key in moved:
        _end(there[key], day)
    new = [key for key in coming if key not in there or there[key].until is not None]
    for key in moved:
        if key not in new:  # it was placed this very day, or will be tomorrow: that was no stay
            there[key].play_id = play_id
    for key in new:
        tx.add(Placement(programme_id=programme_id, play_id=play_id, customer_id=key, since=day, note=note))
    return Placed(
        added=tuple(one for one in coming if one not in there),
        moved=tuple(moved),
        left=tuple(left),
        unknown=tuple(one for one in asked if one not in alive and one not in left),
    )


def note_result(
    tx: Transaction | NotifyTransaction, stays: Sequence[Placement], result: str, day: date, note: str = ""
) -> None:
    """Note what came of these stays on a day; raises `InvalidInput` for one that began later."""
    _must_be_later(stays, day)
    for one in stays:
        one.result, one.result_on = result, day
        one.note = note or one.note
        if result == DEVELOPED and one.until is None:
            one.until = day + timedelta(days=1)
            tx.add(
                Placement(
                    programme_id=one.programme_id, play_id=one.play_id, customer_id=one.customer_id, since=one.until
                )
            )


def present(
    tx: Transaction | NotifyTransaction, programme_id: int, customer_ids: Sequence[int]
) -> dict[int, Placement]:
    """Return where these customers are now in a programme, by customer; nobody else places in it meanwhile."""
    tx.lock(Programme, programme_id)
    tx.get(Programme, programme_id)
    c = placement.c
    found = tx.load(Placement, c.programme_id == programme_id, c.until.is_(None), c.customer_id.in_(customer_ids))
    return {one.customer_id: one for one in found if one.customer_id is not None}


def _end(stay: Placement, day: date) -> None:
    if stay.since >= day and not stay.result:
        return
    stay.until = day
    if not stay.result:
        stay.result, stay.result_on = "moved", day


def _must_be_later(stays: Sequence[Placement], day: date) -> None:
    late = [one for one in stays if one.since > day]
    if late:
        raise InvalidInput(
            _("{day} is before customer {id} came to where it is, on {since}.").format(
                day=day, id=late[0].customer_id, since=late[0].since
            )
        )
