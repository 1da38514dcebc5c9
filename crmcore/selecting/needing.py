"""What a condition cannot do without: the tables whose row must be there for it to be true.

They are joined so that only who has such a row is looked at; PostgreSQL finds that out by itself, SQLite not always.
"""

from functools import reduce
from typing import Any

from sqlalchemy import Cast, FromClause, Null
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ColumnClause, Grouping, UnaryExpression
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import and_, is_, or_

Tables = frozenset[FromClause]
_NOTHING: Tables = frozenset()
_OF_ALL = frozenset({"length", "lower", "upper", "substr", "fraction", "place", "plain", "own_words"})
"""Functions that are NULL when one of their arguments is."""
_OF_THE_FIRST = "nullif"


def needed(condition: Any) -> Tables:
    """Return the tables without whose row a condition is not true, or a value is NULL; those that are sure."""
    match condition:
        case BooleanClauseList():
            found = [needed(one) for one in condition.clauses]
            if condition.operator is and_:
                return _NOTHING.union(*found)
            return reduce(Tables.intersection, found) if found and condition.operator is or_ else _NOTHING
        case BinaryExpression() if condition.operator is is_ and isinstance(condition.right, Null):
            return _NOTHING
        case BinaryExpression():
            return needed(condition.left) | needed(condition.right)
        case Grouping() | UnaryExpression():
            return needed(condition.element)
        case Cast():
            return needed(condition.clause)
        case FunctionElement() if condition.name in _OF_ALL:
            return _NOTHING.union(*(needed(one) for one in condition.clauses))
        case FunctionElement() if condition.name == _OF_THE_FIRST:
            return needed(next(iter(condition.clauses)))
        case ColumnClause() if condition.table is not None:
            return frozenset({condition.table})
    return _NOTHING
