"""What a statement of a plugin may be: a select that writes nothing, or a write to its own tables."""

from typing import Any
from weakref import WeakSet

from sqlalchemy import Delete, Insert, Select, Table, TextClause, Update
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.visitors import iterate

from crmcore.errors import PluginError
from crmcore.i18n import _
from crmcore.plugins.lending import Borrower

_READING: WeakSet[Any] = WeakSet()
"""Selects that were found to be no more than that: many are made once and asked often."""


def must_read(statement: Any, borrower: Borrower) -> None:
    """Raise `PluginError` unless it is a select, and nothing within it writes."""
    if isinstance(statement, Select):
        if statement in _READING:
            return
        if not any(_writes(each) for each in iterate(statement)):
            _READING.add(statement)
            return
    raise PluginError(
        _("Plugin {plugin}, {hook}: what is read is a select(...) that writes nothing.").format(
            plugin=borrower.plugin, hook=borrower.hook
        )
    )


def must_write_own(statement: Any, borrower: Borrower) -> None:
    """Raise `PluginError` unless it is an insert, update or delete on a table of the plugin's own, all through."""
    if not isinstance(statement, Insert | Update | Delete):
        raise PluginError(
            _("Plugin {plugin}, {hook}: tx.execute takes an insert, update or delete, no {other}.").format(
                plugin=borrower.plugin, hook=borrower.hook, other=type(statement).__name__
            )
        )
    for each in iterate(statement):
        table = each.table if isinstance(each, UpdateBase) else None
        if _is_text(each) or (table is not None and not (isinstance(table, Table) and borrower.owns(table.name))):
            raise PluginError(
                _("Plugin {plugin}, {hook}: it writes only its own tables, {prefix}..., not “{table}”.").format(
                    plugin=borrower.plugin, hook=borrower.hook, prefix=f"{borrower.plugin}_", table=table
                )
            )


def _writes(element: Any) -> bool:
    return isinstance(element, UpdateBase) or _is_text(element)


def _is_text(element: Any) -> bool:
    """Return whether a piece of SQL as text could end the statement and begin another."""
    if isinstance(element, TextClause):
        return ";" in element.text
    return isinstance(element, ColumnClause) and element.is_literal and ";" in str(element.name)
