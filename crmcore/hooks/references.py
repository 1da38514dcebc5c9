"""References: which columns point at a party."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table

_TARGETS = ("customer", "contact", "interaction", "user_account")


@frozen(kw_only=True, eq=False)
class Reference:
    """A column that holds the id of a record of entity `target` (customer, contact, user_account, interaction).

    `where` narrows a generic column: rows count only when column `where[0]` equals `where[1]`.
    """

    table: "Table"
    column: str
    target: str
    where: tuple[str, str] | None = None


def references_in(metadata: "MetaData") -> Iterator[Reference]:
    """Yield a reference for every foreign key of a plugin's tables to a customer, contact, interaction or user.

    All that `crm_references` has to declare, where no column points at a party without a foreign key.
    """
    for table in metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                if key.column.table.name in _TARGETS:
                    yield Reference(table=table, column=column.name, target=key.column.table.name)
