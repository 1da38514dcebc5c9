"""The journal, imports and what automations did: entries stay, what they told of the person goes.

The journal is append-only but for this: the law that lets a person be forgotten stands above it. That an entry was
emptied is itself journalled, by the erasure.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from crmcore.engine.tables import automation_run, import_change, journal
from crmcore.engine.transaction import Transaction
from crmcore.erasing.linked import chunks
from crmcore.erasing.report import Report
from crmcore.erasing.texts import Redactor, emptied
from crmcore.i18n import _


def erase(tx: Transaction, subjects: Sequence[int], shared: Sequence[int], nearby: Redactor, report: Report) -> None:
    """Empty what is journalled of `subjects`; replace the person in what is journalled of `shared` records."""
    entries = sum(_journal(tx, part, None) for part in chunks(subjects))
    report.add(
        "core", _("journal entries"), entries, "emptied", _("who did what and when stays; the values are gone")
    )  # fmt: skip
    for part in chunks(shared):
        _journal(tx, part, nearby)
    changes = sum(_imported(tx, part) for part in chunks(subjects))
    report.add(
        "core", _("values that imports changed"), changes, "emptied", _("undoing the import does not bring them back")
    )
    for part in chunks(subjects):
        tx.connection.execute(
            update(automation_run).where(automation_run.c.subject_id.in_(part)).values(reason="", made=[])
        )


def _journal(tx: Transaction, ids: Sequence[int], redactor: Redactor | None) -> int:
    rows = tx.connection.execute(select(journal.c.id, journal.c.data).where(journal.c.subject_id.in_(ids))).all()
    values: list[dict[str, Any]] = []
    for row in rows:
        data = emptied(row.data) if redactor is None else redactor.data(row.data)
        if data != row.data:
            values.append({"b_id": row.id, "b_data": data})
    if values:
        statement = update(journal).where(journal.c.id == bindparam("b_id"))
        tx.connection.execute(statement.values(data=bindparam("b_data", type_=journal.c.data.type)), values)
    return len(values)


def _imported(tx: Transaction, ids: Sequence[int]) -> int:
    statement = update(import_change).where(import_change.c.record_id.in_(ids))
    return tx.connection.execute(statement.values(before={}, after={}, source="")).rowcount
