"""What somebody said about themselves in a call: that they refuse calls, what they like, that a number is not theirs.

That is theirs to say: it is kept whoever of us the contact belongs to, so in the host's name; the call says who heard
it.
"""

from sqlalchemy import select

from crmcore.api import SYSTEM, App, Consent, ContactPoint, Interaction, Transaction, here, tables, wishes
from crmcore_callcenter.calls.whom import OUT, outside
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.tables import calling_list, entry, wrap_code

_REFUSED, _WRONG_NUMBER = "refused", "wrong_number"
_STALE = "stale"
"""The status of a number that is not theirs any more."""


def keep(app: App, call_id: int, note: str | None, *, login: str) -> None:
    """Keep what a caller said about themselves, as the call's wrap-up code and a note on it say; twice is as once.

    `login` is who heard it.
    """
    with app.transaction(SYSTEM, cause=f"call {call_id}, {login}") as tx:
        tx.lock(Call, call_id)
        record = tx.get(Call, call_id)
        means = tx.value(select(wrap_code.c.means).where(wrap_code.c.id == record.wrap_code_id))
        if note is not None and record.interaction_id is not None:
            talk = tx.get(Interaction, record.interaction_id)
            wishes(tx, talk, note.strip(), tx.now.astimezone(here(tx).zone))
        if means == _WRONG_NUMBER:
            _is_wrong(tx, record)
        if means == _REFUSED:
            _refused(tx, record, login)


def _is_wrong(tx: Transaction, record: Call) -> None:
    """Mark the number that we called; a stranger who calls us tells nothing of whose a number is."""
    _number, normal = outside(record)
    p = tables.contact_point.c
    if record.direction != OUT or not normal or record.contact_id is None:
        return
    for point in tx.load(ContactPoint, p.contact_id == record.contact_id, p.normal == normal):
        point.status = _STALE


def _refused(tx: Transaction, record: Call, login: str) -> None:
    """Keep that they want no calls of such a purpose: that of the list by which we called, else marketing; once."""
    if record.contact_id is None:
        return
    listed = select(calling_list.c.purpose).join(entry, entry.c.list_id == calling_list.c.id)
    purpose = tx.value(listed.where(entry.c.call_id == record.id)) or "marketing"
    evidence, c = f"call {record.id}", tables.consent.c
    if tx.value(select(c.id).where(c.contact_id == record.contact_id, c.evidence == evidence)) is None:
        tx.add(
            Consent(
                state="denied", channel="call", purpose=purpose, contact_id=record.contact_id, at=tx.now,
                evidence=evidence, source=f"said to {login}",
            )
        )  # fmt: skip
