"""What becomes of calls when a person is erased: numbers, words and recordings go, every count and second stays."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, or_, select, update

from crmcore.api import ApplyTransaction, Subject, impl, tables
from crmcore_callcenter import tables as t
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.events import DIRECTIONS, REASONS

ERASED = "erased"
"""Says in a call's details that what is heard of it later must not bring the person back."""
_NOTHING: Mapping[str, Any] = {}
_EMPTIED: Mapping[Table, Mapping[str, Any]] = {
    t.callback: {"number": "", "normal": "", "note": "", "why": "", "source": ""},
    t.entry: {"number": "", "normal": "", "why": "", "source": "", "details": _NOTHING},
    t.script_run: {"answers": _NOTHING},
}
"""By table: what of its rows told of the person. States and days stay."""
_CODES: Mapping[Table, tuple[str, ...]] = {t.entry: ("result",), t.script_run: ("result", "entity")}
"""What figures are grouped by: it stays where others have it too, and so tells of nobody."""


@impl
def crm_erase(subject: Subject, tx: ApplyTransaction) -> Iterable[str]:
    """Empty who called from where and what they said; how many calls there were, and how long, stays.

    They are not called back, and are on no list any more.
    """
    b, e = t.callback.c, t.entry.c
    still = {"status": "given_up", "done_at": tx.now}
    tx.execute(update(t.callback).where(_theirs(t.callback, subject), b.status == "open").values(still))
    waits = e.status.in_(("waiting", "calling"))
    tx.execute(update(t.entry).where(_theirs(t.entry, subject), waits).values(status="skipped"))
    calls = select(t.call.c.id).where(_calls(subject))
    tx.execute(update(t.heard).where(t.heard.c.call_id.in_(calls)).values(data=_NOTHING))
    outside = and_(t.leg.c.agent_id.is_(None), t.leg.c.user_id.is_(None))
    tx.execute(update(t.leg).where(t.leg.c.call_id.in_(calls), outside).values(number="", name="", device=""))
    count = _empty_calls(tx, subject)
    for table, values in _EMPTIED.items():
        said = {**values, "version": table.c.version + 1}
        said |= {name: _shared(table, table.c[name]) for name in _CODES.get(table, ())}
        tx.execute(update(table).where(_theirs(table, subject)).values(said))
    return (
        [_("{calls} calls stay as counts and seconds, without numbers and words.").format(calls=count)] if count else []
    )


def _empty_calls(tx: ApplyTransaction, subject: Subject) -> int:
    """Take the outside number, and what was kept of the talk, from the person's calls; return how many they are.

    A mark stands for the number of who called, so that who called again still counts as one.
    """
    c = t.call.c
    out = c.direction == "out"
    mark = f"{ERASED}-{tx.new_id()}"
    ours = {
        "from_number": case((out, _shared(t.call, c.from_number)), else_=""),
        "from_normal": case((out, _shared(t.call, c.from_normal)), else_=mark),
        "to_number": case((out, ""), else_=_shared(t.call, c.to_number)),
        "to_normal": case((out, ""), else_=_shared(t.call, c.to_normal)),
        "direction": case((c.direction.in_(DIRECTIONS), c.direction), else_=""),
        "reason": case((c.reason.in_(REASONS), c.reason), else_=""),
        "system": _shared(t.call, c.system),
    }
    said = {
        **ours, "external_id": "", "from_name": "", "recording": "", "source": "", "custom": _NOTHING,
        "details": {ERASED: True}, "version": c.version + 1,
    }  # fmt: skip
    return tx.execute(update(t.call).where(_calls(subject)).values(said)).rowcount


def _shared(table: Table, column: ColumnElement[str]) -> ColumnElement[str]:
    """Return a word, or a number of ours, that rows of other people have too, else no text."""
    other = table.alias("others")
    same = other.c[str(column.key)] == column
    theirs = select(other.c.id).where(same, other.c.contact_id.is_distinct_from(table.c.contact_id))
    return case((theirs.correlate(table).exists(), column), else_="")


def _calls(subject: Subject) -> ColumnElement[bool]:
    """Return the condition that a call is theirs: known as such, or from or to a number that is theirs alone."""
    known = _theirs(t.call, subject)
    if subject.entity != "contact":
        return known
    c, p = t.call.c, tables.contact_point.c
    mine = select(p.normal).where(p.contact_id.in_(subject.contact_ids), p.kind == "phone", p.normal != "")
    other = tables.contact_point.alias("others")
    shared = select(other.c.id).where(
        other.c.normal == p.normal, or_(other.c.contact_id.is_(None), other.c.contact_id.not_in(subject.contact_ids))
    )
    alone = mine.where(~shared.correlate(tables.contact_point).exists())
    return or_(known, and_(c.contact_id.is_(None), or_(c.from_normal.in_(alone), c.to_normal.in_(alone))))


def _theirs(table: Table, subject: Subject) -> ColumnElement[bool]:
    """Return the condition that a row is about the person; a customer's is one that names none of its people."""
    if subject.entity == "contact":
        return table.c.contact_id.in_(subject.contact_ids)
    return and_(table.c.customer_id.in_(subject.customer_ids), table.c.contact_id.is_(None))
