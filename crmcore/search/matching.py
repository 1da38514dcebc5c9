"""Conditions that find records by a part of their text, through the index."""

from attrs import frozen
from sqlalchemy import ColumnElement, FromClause, and_, bindparam, cast, column, false, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.elements import quoted_name

from crmcore.engine.types import Id
from crmcore.model.names import search_text
from crmcore.search.terms import query_terms


@frozen(kw_only=True)
class Entries:
    """The entries of an index that hold every term of a text: where they are, the record's id, and the condition.

    Joined and ordered by `key`, they are read as the index has them: a first page of many costs no more than of few.
    """

    origin: FromClause
    key: ColumnElement[int]
    condition: ColumnElement[bool]


def entries(index: str, dialect: str, sought: str) -> Entries:
    """Return the entries of an index that hold every term of `sought`.

    They may also hold them apart from each other: names are checked once more with `name_contains`. A text without a
    letter or digit is found nowhere.
    """
    wanted = query_terms(sought)
    if dialect == "sqlite":
        found = table(quoted_name(index, False), column("rowid", Id))
        expression = " AND ".join(f'"{term}"' + ("*" if prefix else "") for term, prefix in wanted)
        match: ColumnElement[bool] = text(f"{index} MATCH :sought").bindparams(
            bindparam("sought", expression, unique=True)
        )  # type: ignore[assignment] # a text is taken as a condition
        return Entries(origin=found, key=found.c.rowid, condition=match if wanted else false())
    found = table(index, column("id", Id), column("terms"))
    expression = " & ".join(f"'{term}'" + (":*" if prefix else "") for term, prefix in wanted)
    held = found.c.terms.op("@@")(cast(expression, TSQUERY))
    return Entries(origin=found, key=found.c.id, condition=held if wanted else false())


def contains(index: str, dialect: str, sought: str, key: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that the record with id `key` is one of the `entries`."""
    found = entries(index, dialect, sought)
    return key.in_(select(found.key).where(found.condition))


def name_contains(search: ColumnElement[str], sought: str) -> ColumnElement[bool]:
    """Return the condition that a folded name holds each word of `sought`, in any order."""
    return and_(*(search.contains(word, autoescape=True) for word in search_text(sought).split()))
