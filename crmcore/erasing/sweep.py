"""A last look through every text of every table, for what tells of the person and of nobody else."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice
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
from crmcore.search.index import INDEXED, renew

_AT_ONCE = 500
_PASSED_OVER = frozenset(
    table.name
    for table in (
        t.user_account, t.setting, t.counter, t.definition, t.erased, t.plugin, t.contact_point, t.external_id,
        t.subscription, t.worker, t.schedule, t.hook_time, t.customer_role,
    )
)  # fmt: skip
"""Tables of the workspace itself, and of what belongs to others: an address that others have too is not looked for."""
_OTHERS_NAMES = frozenset({"name", "given", "family", "additional", "sort_key", "name_key", "search"})
_MATCHES = "crm_tells"


def sweep(tx: Transaction, plugins: Mapping[str, Sequence[Table]], redactor: Redactor, report: Report) -> None:
    """Replace the person in every text where it still stands, in the core's tables and those of plugins."""
    if not redactor.needles:
        return
    if tx.connection.dialect.name == "sqlite":
        driver: Any = tx.connection.connection.dbapi_connection
        driver.create_function(_MATCHES, 1, lambda text: int(redactor.finds(text)), deterministic=True)
    core = [table for table in t.metadata.sorted_tables if table.name not in _PASSED_OVER]
    for table in core:
        report.add(
            "core", _("other texts: {table}").format(table=table.name), _swept(tx, table, redactor), "emptied",
            _("the name, addresses and numbers in them are gone"),
        )  # fmt: skip
    for plugin, tables in plugins.items():
        for table in tables:
            report.add(
                plugin, _("texts: {table}").format(table=table.name), _swept(tx, table, redactor), "emptied",
                _("the name, addresses and numbers in them are gone"),
            )  # fmt: skip


def _swept(tx: Transaction, table: Table, redactor: Redactor) -> int:
    columns = [column for column in table.columns if _holds_text(table, column)]
    keys = list(table.primary_key.columns)
    if not columns or not keys:
        return 0
    tells = or_(*(_tells(tx, column, redactor) for column in columns))
    found = tx.connection.execute(select(*keys, *columns).where(tells)).mappings()
    count = 0
    rows = iter(found.all())
    while chunk := list(islice(rows, _AT_ONCE)):
        _write(tx, table, keys, [_replaced(table, keys, columns, row, redactor) for row in chunk])
        count += len(chunk)
    return count


def _holds_text(table: Table, column: Column[Any]) -> bool:
    if column.primary_key:
        return False
    if table in (t.contact, t.customer) and column.name in _OTHERS_NAMES:
        return False
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    return isinstance(kind, String | JSON) and not isinstance(kind, Enum)


def _tells(tx: Transaction, column: Column[Any], redactor: Redactor) -> ColumnElement[bool]:
    text = cast(column, Text)
    if tx.connection.dialect.name == "sqlite":
        found: ColumnElement[bool] = getattr(func, _MATCHES)(text) == 1
        return found
    return text.regexp_match("|".join(_literal(needle) for needle in redactor.needles), flags="i")


def _literal(needle: str) -> str:
    """Return a needle for PostgreSQL, which only finds rows to look at: words apart by any space."""
    return r"\s+".join(re.escape(word) for word in needle.split())


def _replaced(
    table: Table,
    keys: Sequence[Column[Any]],
    columns: Sequence[Column[Any]],
    row: Mapping[Any, Any],
    redactor: Redactor,
) -> dict[str, Any]:
    values = {f"b_{key.name}": row[key] for key in keys}
    for column in columns:
        value = row[column]
        if table is t.import_rejection and column.name == "raw":
            value = ""  # all of a record that was refused is about whom it names
        values[column.name] = redactor.data(value)
    return values


def _write(tx: Transaction, table: Table, keys: Sequence[Column[Any]], values: Sequence[dict[str, Any]]) -> None:
    statement = update(table).where(*(key == bindparam(f"b_{key.name}") for key in keys))
    names = [name for name in values[0] if not name.startswith("b_")]
    columns: dict[str, Any] = {name: bindparam(name, type_=table.c[name].type) for name in names}
    if "version" in table.c:
        columns["version"] = table.c.version + 1
    tx.connection.execute(statement.values(columns), list(values))
    if table.name in INDEXED:
        renew(tx.connection, table, [each["b_id"] for each in values])
