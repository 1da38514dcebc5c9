"""Indexes over unique fields, so that asking whether a value is taken costs a look-up, not a scan."""

from crmcore.engine.transaction import Transaction
from crmcore.fields.columns import words_sql
from crmcore.model.definitions import Definitions

_LONGEST = 63  # what PostgreSQL takes as a name


def follow(tx: Transaction, before: Definitions, after: Definitions) -> None:
    """Make an index for each field that is unique from here on, and drop those of fields that no longer are."""
    was, now = _unique(before), _unique(after)
    for entity, name in sorted(was - now):
        if entity in {one.name for one in tx.entities}:
            tx.connection.exec_driver_sql(f'DROP INDEX IF EXISTS "{_called(entity, name)}"')
    for entity, name in sorted(now - was):
        table = tx.entities.named(entity).table
        expression = words_sql("custom", name, tx.connection.dialect.name)
        tx.connection.exec_driver_sql(
            f'CREATE INDEX IF NOT EXISTS "{_called(entity, name)}" ON "{table.name}" ({expression})'
        )


def _called(entity: str, name: str) -> str:
    return f"ix_own_{entity}_{name}"[:_LONGEST]


def _unique(definitions: Definitions) -> set[tuple[str, str]]:
    fields = [*definitions.fields, *(one for process in definitions.processes for one in process.fields)]
    return {(one.entity, one.name) for one in fields if one.unique}
