"""Calling lists: added, changed, paused, closed, found by what a person types."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from crmcore.api import InvalidInput, PluginReader, Reader, Transaction, record_named, selection
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.outbound import CallingList
from crmcore_callcenter.tables import calling_list

OPEN, PAUSED, CLOSED = "open", "paused", "closed"


def list_named(reader: Reader | PluginReader, text: str) -> int:
    """Return the id of the list that a text means: its id, code or name; raises as `record_named` does."""
    return record_named(reader, calling_list, text, called=_("calling list"))


def add(tx: Transaction, fields: Mapping[str, Any]) -> CallingList:
    """Add a list without people; its code follows from its name where none is said.

    Raises `InvalidInput` for a code that is taken, and a condition that cannot be asked.
    """
    made = CallingList(**fields)
    made.code = made.code or made.name
    _check(tx, made)
    return tx.add(made)


def edit(tx: Transaction, record: CallingList, fields: Mapping[str, Any]) -> None:
    """Change what is given; raises as `add` does."""
    for name, value in fields.items():
        setattr(record, name, value)
    _check(tx, record)


def _check(tx: Transaction, record: CallingList) -> None:
    c = calling_list.c
    taken = tx.value(select(c.id).where(func.lower(c.code) == record.code.strip().lower(), c.id != record.id).limit(1))
    if taken is not None:
        raise InvalidInput(_("List {id} has the code “{code}” already.").format(id=taken, code=record.code))
    if record.condition:
        selection(tx, record.condition)
    if record.most_attempts < 1 or record.retry_minutes < 1:
        raise InvalidInput(_("A list tries at least once, and waits at least a minute before it tries again."))
