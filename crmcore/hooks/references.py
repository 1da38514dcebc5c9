"""References: which columns point at a party."""

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from sqlalchemy import Table


@frozen(kw_only=True, eq=False)
class Reference:
    """A column that holds the id of a record of entity `target` (customer, contact, user_account, interaction).

    `where` narrows a generic column: rows count only when column `where[0]` equals `where[1]`.
    """

    table: "Table"
    column: str
    target: str
    where: tuple[str, str] | None = None
