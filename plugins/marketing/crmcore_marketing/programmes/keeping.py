"""Adding and changing programmes and their plays."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, select

from crmcore.api import InvalidInput, Transaction
from crmcore_marketing.i18n import _
from crmcore_marketing.model.programme import GOALS, Programme, ProgrammePlay
from crmcore_marketing.tables import programme, programme_play


def add(tx: Transaction, fields: Mapping[str, Any], plays: Iterable[tuple[str, str]] = ()) -> Programme:
    """Add a programme with its plays, pairs of goal and name; without any it has one for each goal.

    Raises `InvalidInput` for a name that another has, and for an end before the beginning.
    """
    name = str(fields["name"]).strip()
    c = programme.c
    if tx.first(select(c.id).where(func.lower(c.name) == name.lower())):
        raise InvalidInput(_("There is a programme {name} already.").format(name=name))
    record = Programme(**{"owner_id": tx.actor.user_id or None, **fields, "name": name})
    _check(record)
    tx.add(record)
    tx.flush()
    for goal, called in list(plays) or [(one, one) for one in GOALS]:
        add_play(tx, record.id, goal, called)
    return record


def edit(tx: Transaction, programme_id: int, wanted: Mapping[str, Any]) -> Programme:
    """Change a programme; raises `InvalidInput` when nothing is asked, and for an end before the beginning."""
    if not wanted:
        raise InvalidInput(_("Say what to change."))
    record = tx.get(Programme, programme_id)
    for name, value in wanted.items():
        setattr(record, name, value)
    _check(record)
    return record


def add_play(tx: Transaction, programme_id: int, goal: str, name: str, steps: str = "") -> ProgrammePlay:
    """Add a play to a programme; raises `InvalidInput` for a name that another of its plays has."""
    c = programme_play.c
    tx.flush()
    if tx.first(select(c.id).where(c.programme_id == programme_id, func.lower(c.name) == name.strip().lower())):
        raise InvalidInput(_("The programme has a play {name} already.").format(name=name.strip()))
    return tx.add(ProgrammePlay(programme_id=programme_id, name=name.strip(), goal=goal, steps=steps))


def edit_play(tx: Transaction, play_id: int, wanted: Mapping[str, Any]) -> None:
    """Change a play; its goal stays, for past months are counted by it."""
    record = tx.get(ProgrammePlay, play_id)
    for name, value in wanted.items():
        setattr(record, name, value)


def _check(record: Programme) -> None:
    if record.starts_on and record.ends_on and record.ends_on < record.starts_on:
        raise InvalidInput(_("A programme does not end before it begins."))
