"""Taking in letters, each once: tied to our messages, and all that follows from them, in one transaction."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import field, frozen
from sqlalchemy import insert, select

from crmcore.api import InvalidInput, point_key
from crmcore.mail import BOUNCE, CALENDAR, COMPLAINT, DELAY, Letter
from crmcore_marketing.inbox.answered import note_refusals, note_replies
from crmcore_marketing.inbox.conversations import keep
from crmcore_marketing.inbox.deciding import decided, is_conversation
from crmcore_marketing.inbox.lost import failure_of, note_lost
from crmcore_marketing.inbox.people import AnyTransaction, people
from crmcore_marketing.inbox.tying import Tied, tie
from crmcore_marketing.sending.addressing import ours
from crmcore_marketing.sending.deciding import settle_sent
from crmcore_marketing.sending.states import UNKNOWN
from crmcore_marketing.tables import received

Answered = Callable[[Any, str, str, str], int | None]
"""Takes an answer to an invitation: transaction, UID, address and PARTSTAT; None where it is about none of ours."""
_LONGEST = 500


@frozen(kw_only=True)
class Taken:
    """What was taken in: how many letters there were, how many of them had been before, and the new ones by kind."""

    read: int = 0
    before: int = 0
    kinds: Mapping[str, int] = field(factory=dict)
    tied: int = 0
    conversations: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(
            read=self.read + other.read,
            before=self.before + other.before,
            kinds=Counter(self.kinds) + Counter(other.kinds),
            tied=self.tied + other.tied,
            conversations=self.conversations + other.conversations,
        )


def take(tx: AnyTransaction, letters: Sequence[Letter], *, mailbox_id: int, answered: Answered) -> Taken:
    """Take in letters that were not taken in before; some dozens at a time, in as many statements as for one."""
    by_key = {one.key: one for one in letters}
    r = received.c
    seen = {row.external_id for row in tx.rows(select(r.external_id).where(r.external_id.in_(by_key)))}
    new = [one for key, one in by_key.items() if key not in seen]
    if not new:
        return Taken(read=len(letters), before=len(letters))
    known = people(tx, new)
    found = [(decided(one, known), _when(one, tx.now)) for one in tie(tx, new, known)]
    _arrived(tx, [one for one, _at in found])
    kept = keep(tx, [(one, at) for one, at in found if is_conversation(one, known)], known)
    tx.flush()
    gone = note_lost(tx, found)
    note_refusals(tx, found, known)
    for one, _at in found:
        for answer in one.letter.answers:
            answered(tx, answer.uid, answer.address, answer.partstat)
    note_replies(tx, found, kept)
    tx.execute(insert(received), [_row(tx, one, at, mailbox_id, kept, gone) for one, at in found])
    return Taken(
        read=len(letters),
        before=len(letters) - len(new),
        kinds=Counter(one.letter.kind for one, _at in found),
        tied=sum(one.message is not None for one, _at in found),
        conversations=len(kept),
    )


def _when(one: Tied, now: datetime) -> datetime:
    """Return when a letter was written; now where its clock goes wrong: no answer is older than what it answers."""
    at = one.letter.at
    sent_at = one.message.sent_at if one.message is not None else None
    return now if at is None or at > now or (sent_at is not None and at < sent_at) else at


def _arrived(tx: AnyTransaction, found: Sequence[Tied]) -> None:
    """Take messages of which nobody knew whether they left as sent: something came back."""
    lost = {one.message.id for one in found if one.message is not None and one.message.status == UNKNOWN}
    if lost:
        settle_sent(tx, sorted(lost), _domain(tx))


def _domain(tx: AnyTransaction) -> str:
    try:
        return ours(tx).domain
    except InvalidInput:  # nobody is named any more whom our mail is from
        return ""


def _row(
    tx: AnyTransaction, one: Tied, at: datetime, mailbox_id: int, kept: Mapping[str, int], gone: set[str]
) -> dict[str, Any]:
    letter = one.letter
    details: dict[str, Any] = {"name": letter.sender_name, "tied_by": one.how}
    address, sent_to = letter.sender, one.message.address if one.message is not None else ""
    if letter.kind in (BOUNCE, DELAY):
        told = failure_of(one)
        address = told.address or sent_to
        lasting = told.hard or point_key("email", sent_to) in gone
        details |= {"status": told.status, "hard": lasting, "recipients": [each.address for each in letter.failures]}
    elif letter.kind == COMPLAINT:
        address = next((each.address for each in letter.failures), sent_to)
    elif one.message is not None:
        details["by"] = one.standing
    if letter.kind == CALENDAR:
        details["answers"] = [[each.uid, each.address, each.partstat] for each in letter.answers]
    return {
        "id": tx.new_id(), "external_id": letter.key, "at": at, "read_at": tx.now, "kind": letter.kind,
        "address": address, "subject": letter.subject[:_LONGEST], "reason": letter.reason[:_LONGEST],
        "mailbox_id": mailbox_id, "message_id": one.message.id if one.message is not None else None,
        "contact_id": one.contact_id, "interaction_id": kept.get(letter.external_id),
        "details": {name: value for name, value in details.items() if value not in ("", [])},
    }  # fmt: skip
