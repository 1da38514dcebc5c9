"""What becomes of campaigns, mail and answers when a person is erased: what is known of it goes, every sum stays."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, or_, select, update

from crmcore.api import ApplyTransaction, Subject, impl
from crmcore_marketing import tables as t
from crmcore_marketing.campaigns.reached import ERASED
from crmcore_marketing.i18n import _
from crmcore_marketing.web.visitors import forget_all

_NOTHING: Mapping[str, Any] = {}
_EMPTIED: Mapping[Table, Mapping[str, Any]] = {
    t.member: {"note": "", "source": "", "custom": _NOTHING, "details": _NOTHING},
    t.registration: {"note": "", "source": ""},
    t.handout: {"source": ""},
    t.submission: {"data": _NOTHING, "utm": _NOTHING, "reason": "", "source": "", "external_id": None},
    t.qualification: {"need": "", "note": "", "source": ""},
    t.answer: {"verbatim": "", "source": "", "external_id": None},
    t.message: {"address": "", "reason": "", "details": _NOTHING},
}
"""By table: what of its rows told of the person. States, days, scores, products and amounts stay."""
_LETTER: Mapping[str, Any] = {"address": "", "subject": "", "reason": "", "details": _NOTHING}


@impl
def crm_erase(subject: Subject, tx: ApplyTransaction) -> Iterable[str]:
    """Empty what people said and where they were reached; how many were reached, answered and came stays."""
    counts = {table.name: _empty(tx, table, _theirs(table, subject), values) for table, values in _EMPTIED.items()}
    if subject.entity == "contact":
        sent = select(t.message.c.id).where(t.message.c.contact_id.in_(subject.contact_ids))
        theirs = or_(t.received.c.contact_id.in_(subject.contact_ids), t.received.c.message_id.in_(sent))
        _empty(tx, t.received, theirs, _LETTER)
        forget_all(tx, subject.contact_ids)
        tx.execute(delete(t.score).where(t.score.c.contact_id.in_(subject.contact_ids)))
    else:
        _empty(tx, t.placement, t.placement.c.customer_id.in_(subject.customer_ids), {"note": ""})
    met = tx.execute(
        update(t.touch).where(_theirs(t.touch, subject)).values(entity=ERASED, record_id=tx.new_id())
    ).rowcount
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
    version = {"version": table.c.version + 1} if "version" in table.c else {}
    return tx.execute(update(table).where(mine).values({**values, **version})).rowcount
