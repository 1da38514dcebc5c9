"""Calls in briefs and timelines: callbacks owed, the last calls and what came of them. Calls are interactions."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, case, literal, select, union_all

from crmcore.api import Block, Entry, Id, PluginReader, Subject, tables
from crmcore_callcenter.i18n import _
from crmcore_callcenter.tables import call, callback, queue, wrap_code

_MOST = 6
_c, _b = call.c, callback.c
_person, _user = tables.contact, tables.user_account


def _of_party(statement: Select[Any], table: Any) -> dict[str, Select[Any]]:
    """Return a statement for a contact's own, and for those of a customer; made once, asked with `id`."""
    wanted: BindParameter[Any] = bindparam("id", type_=Id)
    return {"contact": statement.where(table.c.contact_id == wanted),
            "customer": statement.where(table.c.customer_id == wanted)}  # fmt: skip


_CALLS = _of_party(
    select(_c.id, _c.direction, _c.status, _c.started_at, _c.answered, _c.abandoned, _c.reason, _c.talk_seconds)
    .add_columns(_c.wait_seconds, case((_c.direction == "in", _c.from_number), else_=_c.to_number).label("number"))
    .add_columns(_person.c.name.label("contact"), _user.c.login.label("owner"))
    .add_columns(queue.c.name.label("queue"), wrap_code.c.name.label("wrap_up"))
    .select_from(
        call.outerjoin(_person, _person.c.id == _c.contact_id)
        .outerjoin(_user, _user.c.id == _c.owner_id)
        .outerjoin(queue, queue.c.id == _c.queue_id)
        .outerjoin(wrap_code, wrap_code.c.id == _c.wrap_code_id)
    )
    .order_by(_c.started_at.desc(), _c.id.desc())
    .limit(_MOST),
    call,
)
_OWED = _of_party(
    select(_b.id, _b.number, _b.note, _b.asked_at, _b.due_at, _b.attempts, _b.call_id)
    .add_columns(_person.c.name.label("contact"), _user.c.login.label("owner"), queue.c.name.label("queue"))
    .select_from(
        callback.outerjoin(_person, _person.c.id == _b.contact_id)
        .outerjoin(_user, _user.c.id == _b.owner_id)
        .outerjoin(queue, queue.c.id == _b.queue_id)
    )
    .where(_b.status == "open")
    .order_by(_b.due_at, _b.id)
    .limit(_MOST),
    callback,
)


def last_calls(subject: Subject, now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Show the callbacks owed to the party, what is due first, and its last calls: two statements."""
    owed, calls = (reader.rows(of[subject.entity], {"id": subject.id}) for of in (_OWED, _CALLS))
    if not owed and not calls:
        return
    told = [(row.due_at, _("callback owed"), row, row.note) for row in owed]
    told += [(row.started_at, _(row.direction) if row.direction else "", row, _came_of(row)) for row in calls]
    rows = [
        (_at(at, now), kind, row.contact or row.number, what, row.owner or row.queue or "")
        for at, kind, row, what in told
    ]
    data = [{"callback": True, **row._mapping} for row in owed] + [{"callback": False, **row._mapping} for row in calls]
    yield Block(
        title=_("Calls"),
        weight=14,
        headings=(_("when"), _("call"), _("who"), _("what came of it"), _("by")),
        rows=tuple(rows),
        data=data,
    )


def callback_entries(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterator[Entry]:
    """Tell when somebody was to be called back, and when that was done or given up; calls are told by the core.

    One statement.
    """
    party = _b.contact_id if subject.entity == "contact" else _b.customer_id
    kinds = []
    for what, column in (("asked", _b.asked_at), ("ended", _b.done_at)):
        wanted = (
            select(_b.id, column.label("at"), literal(what).label("what"), _b.status, _b.due_at, _b.why, _b.note)
            .add_columns(_person.c.name.label("contact"))
            .join_from(callback, _person, _person.c.id == _b.contact_id, isouter=True)
            .where(party == subject.id, column.is_not(None))
        )
        wanted = wanted if before is None else wanted.where(column <= before)
        kinds.append(select(wanted.order_by(column.desc(), _b.id.desc()).limit(limit).subquery()))
    both = union_all(*kinds).subquery("told")
    for row in reader.rows(select(both).order_by(both.c.at.desc(), both.c.id.desc()).limit(limit)):
        yield Entry(
            at=row.at,
            kind=_("callback"),
            who=row.contact or "",
            text=_told(row),
            entity=callback.name,
            id=row.id,
            data={"what": row.what, "status": row.status, "due_at": row.due_at},
        )


def _told(row: Any) -> str:
    if row.what == "asked":
        said = _("to be called back")
    else:
        said = _("called back") if row.status == "done" else _("not called back any more")
    return ": ".join(part for part in (str(said), row.note if row.what == "asked" else row.why and _(row.why)) if part)


def _came_of(row: Any) -> str:
    """Return what came of a call: how long they talked and how it was summed up, or why nobody did."""
    if row.answered:
        told = _("talked {time}").format(time=_clock(row.talk_seconds)) if row.talk_seconds is not None else _("talked")
        return f"{told}; {row.wrap_up}" if row.wrap_up else str(told)
    if row.status != "ended":
        return _(row.status)
    if row.abandoned:
        waited = row.wait_seconds
        return _("gave up") if waited is None else _("gave up after {time}").format(time=_clock(waited))
    return _(row.reason) if row.reason else _("nobody answered")


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def _at(at: datetime, now: datetime) -> str:
    return at.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M")
