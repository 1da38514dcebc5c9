"""Records written straight into their tables, as fast as it goes: what tests' histories are made of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from crmcore.app import App
from crmcore.engine.bulk import Writer
from crmcore.engine.transaction import Transaction
from crmcore.hooks.entities import EntityType, Row
from crmcore.search.index import renew

_BATCH = 5_000


def insert(app: App, records: Iterable[Any]) -> None:
    """Write new records of any entities; each gets an id where it has none, and is found by search.

    Nothing is checked, journalled or told to plugins: what follows from a change (a status from a stage) is for the
    caller to say. `created_at` and `updated_at` may be given. An id needed before comes from `ids`.
    """
    with app.transaction(cause="a test") as tx:
        rows: dict[str, list[Row]] = defaultdict(list)
        for record in records:
            entity = tx.entities.of(type(record))
            rows[entity.name].append(_row(tx, entity, record))
        writer = Writer(tx.connection.dialect)
        for entity in tx.entities:  # in an order in which they can be inserted
            writer.insert(tx.connection, entity.table, rows[entity.name])
            for some in _batched(rows[entity.name], _BATCH):
                renew(tx.connection, entity.table, [row["id"] for row in some])


def _batched(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    # A statement takes only so many values.
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def ids(app: App, count: int) -> list[int]:
    """Return fresh ids, for records that others name before they are written."""
    with app.transaction(cause="a test") as tx:
        return [tx.new_id() for _each in range(count)]


def _row(tx: Transaction, entity: EntityType, record: Any) -> Row:
    record.id = record.id or tx.new_id()
    record.version = 1
    made: datetime = getattr(record, "created_at", None) or tx.now
    if "created_at" in entity.fields:
        record.created_at = made
    if "updated_at" in entity.fields:
        record.updated_at = record.updated_at or made
    row = entity.row(record)
    entity.derive(row)
    return row
