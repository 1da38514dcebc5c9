"""Conditions that find records by a part of their text, through the index."""

from sqlalchemy import ColumnElement, and_, cast, column, literal, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.elements import quoted_name

from crmcore.model.names import search_text
from crmcore.search.terms import query_terms


def contains(index: str, dialect: str, sought: str, key: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that the record with id `key` holds every term of `sought`.

    It may also hold them apart from each other: names are checked once more with `name_contains`. A text without a
    letter or digit is found nowhere.
    """
    wanted = query_terms(sought)
    if not wanted:
        return literal(False)
    if dialect == "sqlite":
        expression = " AND ".join(f'"{term}"' + ("*" if prefix else "") for term, prefix in wanted)
        found = table(quoted_name(index, False), column("rowid"))
        match = text(f"{index} MATCH :sought").bindparams(sought=expression)
        return key.in_(select(found.c.rowid).where(match))
    expression = " & ".join(f"'{term}'" + (":*" if prefix else "") for term, prefix in wanted)
    indexed = table(index, column("id"), column("terms"))
    return key.in_(select(indexed.c.id).where(indexed.c.terms.op("@@")(cast(expression, TSQUERY))))


def name_contains(search: ColumnElement[str], sought: str) -> ColumnElement[bool]:
    """Return the condition that a folded name holds each word of `sought`, in any order."""
    return and_(*(search.contains(word, autoescape=True) for word in search_text(sought).split()))
