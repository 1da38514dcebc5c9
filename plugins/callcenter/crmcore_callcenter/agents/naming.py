"""Finding queues, agents and wrap-up codes by what a person types, and what all of them must be."""

from collections.abc import Mapping
from typing import Any

import attrs
from sqlalchemy import Table, func, or_, select

from crmcore.api import InvalidInput, NotFound, record_named, tables
from crmcore_callcenter.agents.finding import AnyReader, Ours
from crmcore_callcenter.i18n import _
from crmcore_callcenter.tables import agent, line, queue, wrap_code

_CALLED = {
    agent.name: lambda: _("agent"),
    queue.name: lambda: _("queue"),
    wrap_code.name: lambda: _("wrap-up code"),
}


def queue_named(reader: AnyReader, text: str) -> int:
    """Return the id of a queue by its id, code or name, or by a number of it; raises `NotFound` or `InvalidInput`."""
    try:
        return record_named(reader, queue, text, called=_("queue"))
    except NotFound:
        found = Ours(reader).queue(text)
        if found is None:
            raise
        return found


def agent_named(reader: AnyReader, text: str) -> int:
    """Return the id of an agent by id, name, extension, or the login of the user they are."""
    a, u = agent.c, tables.user_account.c
    wanted = (
        select(a.id)
        .outerjoin(tables.user_account, u.id == a.user_id)
        .where(a.active.is_(True), or_(a.extension == text.strip(), u.login == text.strip()))
        .limit(2)
    )
    rows = reader.rows(wanted) if text.strip() else ()
    return int(rows[0].id) if len(rows) == 1 else record_named(reader, agent, text, called=_("agent"))


def own_agent(reader: AnyReader) -> int:
    """Return the agent that the actor is; raises `NotFound` for a user who takes no calls."""
    a = agent.c
    found = reader.value(select(a.id).where(a.user_id == reader.actor.user_id, a.active.is_(True)).order_by(a.id))
    if found is None:
        raise NotFound(_("{login} is no agent; say --agent NAME.").format(login=reader.actor.login))
    return int(found)


def wrap_code_named(reader: AnyReader, text: str) -> int:
    """Return the id of a wrap-up code by its id, code or name."""
    return record_named(reader, wrap_code, text, called=_("wrap-up code"))


def line_named(reader: AnyReader, text: str) -> int:
    """Return the id of a line by its id, code or name."""
    return record_named(reader, line, text, called=_("line"))


def coded(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a new record with a code, made of its name where none is said; raises as `named`."""
    name = named(fields)
    return {**fields, "name": name, "code": fields.get("code") or "-".join(name.lower().split())}


def named(fields: Mapping[str, Any]) -> str:
    """Return the name among the values of a record; raises `InvalidInput` for an empty one."""
    name = str(fields.get("name", "")).strip()
    if not name:
        raise InvalidInput(_("Say a name: it must not be empty."))
    return name


def must_be_free(reader: AnyReader, table: Table, fields: Mapping[str, Any], but: int = 0) -> None:
    """Raise `InvalidInput` for a name, or a code, that another record of a table has, and for an empty name."""
    t = table.c
    if "name" in fields:
        named(fields)
    said = [str(fields[name]).strip() for name in ("name", "code") if fields.get(name)]
    columns = [t[name] for name in ("name", "code") if name in t]
    folded = [func.lower(column).in_([each.lower() for each in said]) for column in columns]
    taken = reader.first(select(t.id, t.name, *columns[1:]).where(t.id != but, or_(*folded)).limit(1))
    if said and taken is not None:
        theirs = {str(value).lower() for value in tuple(taken)[1:]}
        raise InvalidInput(
            _("“{text}” is what {kind} {id}, {name}, is called already.").format(
                text=next((each for each in said if each.lower() in theirs), taken.name),
                kind=_CALLED[table.name](), id=taken.id, name=taken.name,
            )
        )  # fmt: skip


def assign(record: Any, fields: Mapping[str, Any]) -> None:
    """Give a record other values; raises `InvalidInput` for a field that it does not have, or that is not for editing.

    Nothing is changed then.
    """
    kept = {"id", "version", "created_at", "updated_at"}
    known = [each.name for each in attrs.fields(type(record)) if each.name not in kept]
    unknown = [name for name in fields if name not in known]
    if unknown:
        raise InvalidInput(
            _("There is no field “{name}” to change; there are: {known}.").format(
                name=unknown[0], known=", ".join(known)
            )
        )
    for name, value in fields.items():
        setattr(record, name, value)
