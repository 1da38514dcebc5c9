"""What becomes of tickets, visits and answers when a person is erased: what tells of it goes, every sum stays."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, delete, literal, or_, select, update

from crmcore.api import ApplyTransaction, Subject, impl, tables
from crmcore_service import tables as t
from crmcore_service.answers.indexing import forget
from crmcore_service.i18n import _
from crmcore_service.replying.states import KINDS, STATES

ERASED = "erased"
_NOTHING: Mapping[str, Any] = {}
_EMPTIED: Mapping[Table, Mapping[str, Any]] = {
    t.ticket: {
        "subject": ERASED, "resolution": "", "note": "", "source": "", "custom": _NOTHING, "details": _NOTHING,
    },
    t.work_order: {
        "subject": ERASED, "place": "", "latitude": None, "longitude": None, "result": "", "note": "", "source": "",
        "uid": "", "custom": _NOTHING, "details": _NOTHING,
    },
    t.asset: {
        "serial": "", "place": "", "latitude": None, "longitude": None, "note": "", "source": "", "custom": _NOTHING,
        "details": _NOTHING,
    },
    t.contract: {"name": ERASED, "number": "", "note": "", "source": "", "custom": _NOTHING, "details": _NOTHING},
    t.deflection: {"question": ERASED, "source": "", "offered": []},
    t.rating: {"comment": "", "source": "", "reason": ""},
    t.cost: {"note": "", "source": ""},
    t.gain: {"reason": "", "note": "", "source": ""},
    t.outgoing: {
        "sender": "", "address": "", "subject": "", "text": "", "reason": "", "worker": "", "in_reply_to": "",
        "references": "", "details": _NOTHING, "message_id": literal("erased-").concat(t.outgoing.c.id),
    },
}  # fmt: skip
"""By table: what of its rows told of the person. States, days, scores and amounts stay."""
_LETTER: Mapping[str, Any] = {
    "key": "", "message_id": "", "sender": "", "subject": "", "reason": "", "content": None,
}  # fmt: skip
"""The digest stays, of which nothing can be read: without it the mail would be taken in again."""
_CODES: Mapping[Table, tuple[str, ...]] = {
    t.ticket: ("channel", "cause", "calendar"),
    t.work_order: ("kind", "cause", "skill"),
    t.asset: ("product", "model"),
    t.deflection: ("channel", "answer_kind", "answer_title"),
    t.rating: ("channel",),
    t.contract: ("kind",),
}
"""What figures are grouped by: it stays where others have it too, and so tells of nobody."""
_WORDS: Mapping[Table, Mapping[str, Iterable[str]]] = {
    t.outgoing: {
        "kind": KINDS,
        "purpose": ("service", "transactional"),
        "status": STATES,
    },
    t.deflection: {"basis": ("category", "measured")},
    t.cost: {"what": ("labour", "parts", "travel", "other")},
    t.gain: {"kind": ("renewal", "save", "sale")},
}
"""Words of ours: these tell of nobody; others that stand in their place go."""
_KINDS = (t.cost, t.gain)
"""Tables whose `entity` names a kind of record, which has no blank; what has one is somebody's words, and goes."""
_WAITING = ("queued", "deferred")


@impl
def crm_erase(subject: Subject, tx: ApplyTransaction) -> Iterable[str]:
    """Empty what people wrote and where they were reached; how many asked, waited and were content stays.

    What waits to be sent to them is not sent any more.
    """
    o, r = t.outgoing.c, t.received.c
    waiting = update(t.outgoing).where(_theirs(t.outgoing, subject), o.status.in_(_WAITING))
    tx.execute(waiting.values(status="cancelled"))
    if subject.entity == "contact":
        theirs = select(t.ticket.c.id).where(t.ticket.c.contact_id.in_(subject.contact_ids))
        p = tables.contact_point.c
        wrote_from = select(p.normal).where(p.contact_id.in_(subject.contact_ids), p.normal != "")
        written = or_(r.ticket_id.in_(theirs), r.sender.in_(wrote_from))
        tx.execute(update(t.received).where(written).values(_LETTER))
        tx.execute(delete(t.link).where(t.link.c.ticket_id.in_(theirs)))
        tx.execute(update(t.post).where(t.post.c.ticket_id.in_(theirs)).values(message_id="", why=""))
    counts = {table.name: _empty(tx, table, subject, values) for table, values in _EMPTIED.items()}
    forget(tx, _theirs(t.ticket, subject))
    if not any(counts.values()):
        return []
    return [
        _(
            "{tickets} tickets, {orders} work orders and {ratings} ratings stay as sums, without what was written."
        ).format(tickets=counts[t.ticket.name], orders=counts[t.work_order.name], ratings=counts[t.rating.name])
    ]


def _theirs(table: Table, subject: Subject) -> ColumnElement[bool]:
    """Return the condition that a row is about the person; a customer's is one that names none of its people."""
    if subject.entity == "contact":
        return table.c.contact_id.in_(subject.contact_ids)
    return and_(table.c.customer_id.in_(subject.customer_ids), table.c.contact_id.is_(None))


def _empty(tx: ApplyTransaction, table: Table, subject: Subject, values: Mapping[str, Any]) -> int:
    """Give the person's rows of a table these values, and keep of their words what tells of nobody."""
    said = dict(values)
    if "version" in table.c:
        said["version"] = table.c.version + 1
    for name, words in _WORDS.get(table, {}).items():
        said[name] = case((table.c[name].in_(sorted(words)), table.c[name]), else_="")
    if table in _KINDS:
        said["entity"] = case((table.c.entity.not_like("% %"), table.c.entity), else_="")
    for name in _CODES.get(table, ()):
        said[name] = _shared(table, name)
    return tx.execute(update(table).where(_theirs(table, subject)).values(said)).rowcount


def _shared(table: Table, name: str) -> ColumnElement[str]:
    """Return a word that rows of other people have too, else no text; what may not be empty is then `erased`."""
    other = table.alias("others")
    theirs = select(other.c.id).where(
        other.c[name] == table.c[name], other.c.contact_id.is_distinct_from(table.c.contact_id)
    )
    nothing = ERASED if name == "product" else ""
    return case((theirs.correlate(table).exists(), table.c[name]), else_=nothing)
