"""A last look through every text of every table, for what tells of the person and of nobody else."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Enum,
    String,
    Table,
    Text,
    bindparam,
    cast,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.types import TypeDecorator

from crmcore.engine import tables as t
from crmcore.engine.transaction import Transaction
from crmcore.erasing.report import Report
from crmcore.erasing.texts import Redactor
from crmcore.i18n import _
from crmcore.search.index import indexes, renew

_AT_ONCE = 500
_PASSED_OVER = frozenset(
    table.name
    for table in (
        t.user_account, t.setting, t.counter, t.definition, t.erased, t.plugin, t.contact_point, t.external_id,
        t.subscription, t.worker, t.schedule, t.job, t.hook_time, t.customer_role, t.link,
    )
)  # fmt: skip
"""Tables of the workspace itself, and of what belongs to others: an address that others have too is not looked for."""
_OTHERS_NAMES = frozenset({"name", "given", "family", "additional", "sort_key", "name_key", "search"})
_HINTS = "crm_hints"


def sweep(tx: Transaction, plugins: Mapping[str, Sequence[Table]], redactor: Redactor, report: Report) -> None:
    """Replace the person in every text where it still stands, in the core's tables and those of plugins.

    Each table is read once, by the database; only rows that hold a word of a name or address come here to be looked at.
    """
    if not redactor.needles:
        return
    hints = redactor.hints
    if tx.connection.dialect.name == "sqlite":
        driver: Any = tx.connection.connection.dbapi_connection
        driver.create_function(_HINTS, 1, lambda text: _hints(text, hints), deterministic=True)
    core = [("core", table) for table in t.metadata.sorted_tables if table.name not in _PASSED_OVER]
    for plugin, table in (*core, *((name, table) for name, tables in plugins.items() for table in tables)):
        report.add(
            plugin, _("other texts: {table}").format(table=table.name), _swept(tx, table, redactor), "emptied",
            _("the name, addresses and numbers in them are gone"),
        )  # fmt: skip


def _hints(text: str, hints: Sequence[str]) -> bool:
    lowered = text.lower()
    return any(hint in lowered for hint in hints)


def _swept(tx: Transaction, table: Table, redactor: Redactor) -> int:
    columns = [column for column in table.columns if _holds_text(table, column)]
    keys = list(table.primary_key.columns)
    if not columns or not keys:
        return 0
    found = tx.connection.execute(select(*keys, *columns).where(_may_tell(tx, columns, redactor))).mappings()
    values = [one for row in found if (one := _replaced(table, keys, columns, row, redactor))]
    for start in range(0, len(values), _AT_ONCE):
        _write(tx, table, keys, values[start : start + _AT_ONCE])
    return len(values)


def _holds_text(table: Table, column: Column[Any]) -> bool:
    if column.primary_key:
        return False
    if table in (t.contact, t.customer) and column.name in _OTHERS_NAMES:
        return False
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    return isinstance(kind, String | JSON) and not isinstance(kind, Enum)


def _may_tell(tx: Transaction, columns: Sequence[Column[Any]], redactor: Redactor) -> ColumnElement[bool]:
    texts = [func.coalesce(cast(column, Text), "") for column in columns]
    whole: ColumnElement[str] = texts[0]
    for each in texts[1:]:
        whole = whole.concat(" ").concat(each)
    if tx.connection.dialect.name == "sqlite":
        found: ColumnElement[bool] = getattr(func, _HINTS)(whole) == 1
        return found
    # A server may know no capitals but those of ASCII: others are looked for as people write them.
    forms = {form for hint in redactor.hints if not hint.isascii() for form in (hint.upper(), hint.title(), hint)}
    return or_(
        *(func.strpos(func.lower(whole), hint) > 0 for hint in redactor.hints),
        *(func.strpos(whole, form) > 0 for form in sorted(forms)),
    )


def _replaced(
    table: Table,
    keys: Sequence[Column[Any]],
    columns: Sequence[Column[Any]],
    row: Mapping[Any, Any],
    redactor: Redactor,
) -> dict[str, Any]:
    """Return the row's key and texts without the person; nothing for a row that does not tell of it."""
    values = {column.name: redactor.data(row[column]) for column in columns}
    if all(values[column.name] == row[column] for column in columns):
        return {}
    if table is t.import_rejection:
        values["raw"] = ""  # all of a record that was refused is about whom it names
    return {**{f"b_{key.name}": row[key] for key in keys}, **values}


def _write(tx: Transaction, table: Table, keys: Sequence[Column[Any]], values: Sequence[dict[str, Any]]) -> None:
    statement = update(table).where(*(key == bindparam(f"b_{key.name}") for key in keys))
    names = [name for name in values[0] if not name.startswith("b_")]
    columns: dict[str, Any] = {name: bindparam(name, type_=table.c[name].type) for name in names}
    if "version" in table.c:
        columns["version"] = table.c.version + 1
    tx.connection.execute(statement.values(columns), list(values))
    declared = tx.entities.tables.get(table.name, table)
    if indexes(declared):
        renew(tx.connection, declared, [each["b_id"] for each in values])
