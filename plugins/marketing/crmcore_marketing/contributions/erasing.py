"""What becomes of campaigns, mail and answers when a person is erased: what is known of it goes, every sum stays."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, delete, literal, or_, select, update

from crmcore.api import ApplyTransaction, Subject, impl
from crmcore_marketing import tables as t
from crmcore_marketing.campaigns.members import WAY
from crmcore_marketing.campaigns.reached import ERASED
from crmcore_marketing.campaigns.touching import KINDS
from crmcore_marketing.i18n import _
from crmcore_marketing.sending.states import CANCELLED, STATES, WAITING
from crmcore_marketing.web.visitors import forget_all

_NOTHING: Mapping[str, Any] = {}
_EMPTIED: Mapping[Table, Mapping[str, Any]] = {
    t.member: {"note": "", "source": "", "custom": _NOTHING, "details": _NOTHING},
    t.registration: {"note": "", "source": ""},
    t.handout: {"source": ""},
    t.submission: {"data": _NOTHING, "utm": _NOTHING, "reason": "", "source": "", "external_id": None},
    t.qualification: {"need": "", "note": "", "source": ""},
    t.answer: {"verbatim": "", "source": "", "external_id": None},
    t.message: {
        "address": "",
        "reason": "",
        "worker": "",
        "details": _NOTHING,
        "token": literal("erased-").concat(t.message.c.id),
    },
}
"""By table: what of its rows told of the person. States, days, scores and amounts stay."""
_LETTER: Mapping[str, Any] = {
    "address": "",
    "subject": "",
    "reason": "",
    "details": _NOTHING,
    "external_id": literal("erased-").concat(t.received.c.id),
}
_CODES: Mapping[Table, tuple[str, tuple[str, ...]]] = {
    t.touch: ("campaign_id", ("channel", "product")),
    t.member: ("campaign_id", ("worklist",)),
    t.answer: ("survey_id", ("channel", "product", "question")),
    t.registration: ("event_id", ("channel",)),
    t.handout: ("material_id", ("channel", "department")),
    t.message: ("mailing_id", ("purpose",)),
    t.qualification: ("campaign_id", ("product",)),
}
"""What figures are grouped by, and among which rows: it stays where others have it there, and so tells of nobody."""


@impl
def crm_erase(subject: Subject, tx: ApplyTransaction) -> Iterable[str]:
    """Empty what people said and where they were reached; how many were reached, answered and came stays.

    What waits to be sent to them is not sent any more.
    """
    g = t.message.c
    waiting = update(t.message).where(_theirs(t.message, subject), g.status.in_(WAITING))
    tx.execute(waiting.values(status=CANCELLED))
    counts = {table.name: _empty(tx, table, _theirs(table, subject), values) for table, values in _EMPTIED.items()}
    if subject.entity == "contact":
        sent = select(t.message.c.id).where(t.message.c.contact_id.in_(subject.contact_ids))
        theirs = or_(t.received.c.contact_id.in_(subject.contact_ids), t.received.c.message_id.in_(sent))
        _empty(tx, t.received, theirs, _LETTER)
        forget_all(tx, subject.contact_ids)
        tx.execute(delete(t.score).where(t.score.c.contact_id.in_(subject.contact_ids)))
    else:
        _empty(tx, t.placement, t.placement.c.customer_id.in_(subject.customer_ids), {"note": ""})
    nobody = tx.new_id()
    tx.execute(update(t.member).where(_theirs(t.member, subject)).values(source=f"{ERASED}-{nobody}"))
    met = _empty(tx, t.touch, _theirs(t.touch, subject), {"entity": ERASED, "record_id": nobody})
    if not met and not any(counts.values()):
        return []
    return [
        _("{members} memberships, {messages} messages and {answers} answers stay as sums, without what was written, "
          "and {met} times that campaigns met the person are nobody's.").format(
            members=counts[t.member.name], messages=counts[t.message.name], answers=counts[t.answer.name], met=met
        )
    ]  # fmt: skip


def _theirs(table: Table, subject: Subject) -> ColumnElement[bool]:
    """Return the condition that a row is about the person; a customer's is one that names none of its people."""
    if subject.entity == "contact":
        return table.c.contact_id.in_(subject.contact_ids)
    if "customer_id" not in table.c:
        return table.c.id.is_(None)
    return and_(table.c.customer_id.in_(subject.customer_ids), table.c.contact_id.is_(None))


def _empty(tx: ApplyTransaction, table: Table, mine: ColumnElement[bool], values: Mapping[str, Any]) -> int:
    """Give the person's rows of a table these values, and keep of their words what tells of nobody."""
    said = dict(values)
    if "version" in table.c:
        said["version"] = table.c.version + 1
    for name, words in _words().get(table, {}).items():
        said[name] = case((table.c[name].in_(sorted(words)), table.c[name]), else_="")
    among, codes = _CODES.get(table, ("", ()))
    for name in codes:
        said[name] = _shared(table, name, among)
    return tx.execute(update(table).where(mine).values(said)).rowcount


def _words() -> Mapping[Table, Mapping[str, Iterable[str]]]:
    """Return words of ours by table: these tell of nobody; others that stand in their place go.

    Unless others have them too. What deals with mail is imported only here.
    """
    from crmcore.mail import KINDS as LETTERS
    from crmcore_marketing.sending.queueing import KINDS as MESSAGES

    return {
        t.touch: {"kind": KINDS},
        t.member: {"status": (*WAY, "no_show"), "standing": ("customer", "owned", "new")},
        t.answer: {"sentiment": ("positive", "neutral", "negative")},
        t.message: {"kind": MESSAGES, "status": STATES},
        t.received: {"kind": LETTERS},
    }


def _shared(table: Table, name: str, among: str) -> ColumnElement[str]:
    """Return a code that rows of other people of the same campaign, survey or the like have too, else no text."""
    other = table.alias("others")
    theirs = select(other.c.id).where(
        other.c[name] == table.c[name],
        other.c[among].is_not_distinct_from(table.c[among]),
        other.c.contact_id.is_distinct_from(table.c.contact_id),
    )
    return case((theirs.correlate(table).exists(), table.c[name]), else_="")
