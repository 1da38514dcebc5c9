"""Statements that are made once and asked often: on SQLite their text is found once, too.

SQLite answers a question by an index in a hundredth of a millisecond. SQLAlchemy takes four times as long to find the
text it has made of a large statement, by comparing all of its parts, and to gather its parameters.
"""

import re
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Dialect, Executable, Select, bindparam, column, text
from sqlalchemy.dialects import sqlite

_NAMED = sqlite.dialect(paramstyle="named")
_NAME = re.compile(r":(\w+)")
_PREPARED: WeakKeyDictionary[Select[Any], Executable | None] = WeakKeyDictionary()


def prepared(statement: Select[Any], dialect: Dialect) -> Executable:
    """Return what answers the same rows as a statement, by parameters of the same names.

    It is the statement itself on other databases, and where its text depends on the values it is asked with.
    """
    if dialect.name != "sqlite":
        return statement
    found = _PREPARED.get(statement, statement)
    if found is statement:
        found = _PREPARED[statement] = _as_text(statement)
    return statement if found is None else found


def _as_text(statement: Select[Any]) -> Executable | None:
    compiled = statement.compile(dialect=_NAMED)
    said = str(compiled)
    names = _NAME.findall(said)
    depends = compiled.post_compile_params or compiled.literal_execute_params
    if depends or said.count(":") != len(names) or not compiled.binds.keys() >= set(names):
        return None
    known: dict[Any, BindParameter[Any]] = {}
    renamed: dict[str, str] = {}
    for name in names:
        bind = compiled.binds[name]
        same = (type(bind.type), repr(bind.value)) if bind.unique else name  # who asks is named in many places
        if same not in known:
            given = {} if bind.required else {"value": compiled.params[name]}
            known[same] = bindparam(name, type_=bind.type, **given)
        renamed[name] = known[same].key
    columns = [column(one.keyname, one.type) for one in compiled._result_columns]
    said = _NAME.sub(lambda found: f":{renamed[found[1]]}", said)
    return text(said).bindparams(*known.values()).columns(*columns)
