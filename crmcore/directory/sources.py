"""Where each value of a record came from: the file that brought it, or the person who entered it."""

from typing import Any

from sqlalchemy import select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import import_batch, import_change, journal
from crmcore.i18n import _

_ENTRIES = 500


def sources(reader: Reader, entity: str, record: Any) -> dict[str, str]:
    """Return, for each field of a view that has a value, the words for where it came from: two statements.

    The first values come from the record's own source; later ones from the import that changed them, or from the user
    whose edit the journal holds. `record` must be one the actor may see.
    """
    rows = reader.rows(
        select(journal.c.at, journal.c.actor, journal.c.cause, journal.c.type, journal.c.data)
        .where(journal.c.subject_id == record.id, journal.c.type.in_([f"{entity}.created", f"{entity}.changed"]))
        .order_by(journal.c.id.desc())
        .limit(_ENTRIES)
    )
    imported = reader.rows(
        select(import_batch.c.at, import_change.c.source, import_change.c.after)
        .join(import_batch, import_batch.c.id == import_change.c.batch_id)
        .where(import_change.c.record_id == record.id, import_change.c.entity == entity)
        .order_by(import_change.c.id.desc())
        .limit(_ENTRIES)
    )
    changes = [(row.at, _by(row), row.data) for row in rows if row.type.endswith(".changed") and not _import(row)]
    changes += [(row.at, row.source, row.after) for row in imported]
    first = record.source or next((_by(row) for row in rows if row.type.endswith(".created")), "")
    found = dict.fromkeys(_filled(record), first)
    for _at, words, fields in sorted(changes, key=lambda change: change[0]):
        found.update((name, words) for name in fields if name in found)
    return found


def _by(row: Any) -> str:
    return str(_("{actor} on {date}, {cause}").format(actor=row.actor, date=row.at.date(), cause=row.cause))


def _import(row: Any) -> bool:
    """Return whether an entry is an import's, which tells file and line beside it."""
    return "import" in row.cause


_OWN = (
    "name", "kind", "given", "family", "additional", "prefix", "suffix", "birthday", "language", "zone", "note",
    "details", "owner_id", "parent_id", "private",
)  # fmt: skip


def _filled(record: Any) -> list[str]:
    own = [f"custom.{name}" for name in record.custom]
    return [*(name for name in _OWN if getattr(record, name, None) not in (None, "", {}, False)), *own]
