"""Every column of the plugin that points at a party, an interaction, a task or a user, read from its foreign keys."""

from collections.abc import Iterable

from crmcore.api import Reference, impl
from crmcore_marketing.tables import metadata

_PARTIES = ("customer", "contact", "interaction", "user_account")


@impl
def crm_references() -> Iterable[Reference]:
    """Declare them."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                if key.column.table.name in _PARTIES:
                    yield Reference(table=table, column=column.name, target=key.column.table.name)
