"""The core's tables. One SQLAlchemy `Table` an entity, its columns named as the entity's fields.

Columns an entity does not have are derived when it is written (`crmcore.engine.derive`). Ids are drawn from one
sequence, so an id names one record of the whole workspace. Constraints have names from the first revision on, because
SQLite loses unnamed ones when a table is rebuilt.
"""

from sqlalchemy import Index

from crmcore.engine.tables.columns import LOOKED_UP, metadata
from crmcore.engine.tables.dealings import consent, interaction, participant, preference, task
from crmcore.engine.tables.ledgers import duplicate, import_batch, import_change, import_rejection, journal, link, merge
from crmcore.engine.tables.parties import (
    contact,
    contact_point,
    customer,
    customer_role,
    external_id,
    position,
    user_account,
)
from crmcore.engine.tables.platform import (
    automation_run,
    definition,
    delivery,
    erased,
    finding,
    hook_time,
    job,
    plugin,
    process_item,
    schedule,
    subscription,
    worker,
)
from crmcore.engine.tables.workspace import counter, setting

# Most links are empty in most rows; an index without those rows is smaller, and an insert need not touch it.
for _table in metadata.sorted_tables:
    for _column in _table.columns:
        if _column.info.get(LOOKED_UP):
            _filled = _column.is_not(None)
            Index(f"ix_{_table.name}_{_column.name}", _column, sqlite_where=_filled, postgresql_where=_filled)

__all__ = [
    "automation_run", "consent", "contact", "contact_point", "counter", "customer", "customer_role", "definition",
    "delivery", "duplicate", "erased", "external_id", "finding", "hook_time", "import_batch", "import_change",
    "import_rejection", "interaction", "job", "journal", "link", "merge", "metadata", "participant", "plugin",
    "position", "preference", "process_item", "schedule", "setting", "subscription", "task", "user_account",
    "worker",
]  # fmt: skip
