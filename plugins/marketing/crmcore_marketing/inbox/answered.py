"""What follows from what people answer: the message was answered, its campaign touched them, or they want no more."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from crmcore.api import Consent
from crmcore.mail import ADDRESS, COMPLAINT, REPLY, UNSUBSCRIBE
from crmcore_marketing.campaigns.members import comes_after, join, move_on
from crmcore_marketing.campaigns.touching import Touch, touch
from crmcore_marketing.i18n import _
from crmcore_marketing.inbox.lost import BAD, mark
from crmcore_marketing.inbox.people import AnyTransaction, People
from crmcore_marketing.inbox.tying import COLLEAGUE, Tied
from crmcore_marketing.model.campaign import Member
from crmcore_marketing.tables import member, message

_PURPOSES = ("marketing", "sales")
_SHOWN = 80
RESPONDED = "responded"


def note_replies(tx: AnyTransaction, letters: Sequence[tuple[Tied, datetime]], interactions: dict[str, int]) -> None:
    """Note replies on their messages, as touches and on the members of the campaign.

    An address that somebody answers from works, whatever was thought of it.
    """
    told = [(one, at) for one, at in letters if one.letter.kind == REPLY and one.message is not None]
    _stamp(tx, "replied_at", told)
    touches = [_touch(one, at, interactions.get(one.letter.external_id)) for one, at in told]
    _responded(tx, touches)
    touch(tx, touches)
    mark(
        tx, {one.letter.sender for one, _at in letters if one.writer is not None and one.letter.kind == REPLY}, BAD, ""
    )


def _responded(tx: AnyTransaction, touches: Iterable[Touch]) -> None:
    """Let who answered be members who responded, each when it did: some statements for each campaign."""
    first: dict[int, dict[int, datetime]] = defaultdict(dict)
    for one in touches:
        if one.campaign_id is not None and one.contact_id is not None:
            when = first[one.campaign_id]
            when[one.contact_id] = min(one.at, when.get(one.contact_id, one.at))
    for campaign_id, when in first.items():
        held = tx.load(Member, member.c.campaign_id == campaign_id, member.c.contact_id.in_(when))
        for person in held:
            if comes_after(RESPONDED, person.status):
                move_on(person, RESPONDED, when[person.contact_id or 0])
        new = when.keys() - {person.contact_id for person in held}
        if new:
            at = min(when[key] for key in new)
            join(tx, campaign_id, sorted(new), status=RESPONDED, source="reply", at=at, touched=False)


def note_refusals(tx: AnyTransaction, letters: Sequence[tuple[Tied, datetime]], known: People) -> None:
    """Keep who wants no more mail, on evidence: who wrote to unsubscribe, said so, or reported the message as spam."""
    told = [(one, at, _refusing(one, known)) for one, at in letters if one.letter.kind in (UNSUBSCRIBE, COMPLAINT)]
    ended = [(one, at) for one, at, who in told if one.message is not None and one.message.contact_id in who]
    _stamp(tx, "unsubscribed_at", ended)
    for one, at, who in told:
        purpose = one.message.purpose if one.message is not None and one.message.purpose in _PURPOSES else _PURPOSES[0]
        for contact_id in sorted(who):
            tx.add(
                Consent(
                    state="denied", channel="email", purpose=purpose, contact_id=contact_id, at=at,
                    evidence=_evidence(one, at), source="mail",
                )
            )  # fmt: skip


def _refusing(one: Tied, known: People) -> set[int]:
    """Return for whom a refusal holds: whoever has the address it came from, and whom the message went to.

    A colleague whom a message was passed on to speaks for himself, unless he wrote to the address by which the person
    it went to unsubscribes.
    """
    letter = one.letter
    whose = [letter.sender] if letter.kind == UNSUBSCRIBE else [each.address for each in letter.failures]
    found = {key for address in whose for key in known.contacts.get(address, ())}
    by_another = letter.kind == UNSUBSCRIBE and one.standing == COLLEAGUE and one.how != ADDRESS
    if one.message is not None and one.message.contact_id is not None and not by_another:
        found.add(one.message.contact_id)
    return found


def _evidence(one: Tied, at: datetime) -> str:
    if one.letter.kind == COMPLAINT:
        return _("reported our message as spam on {day}").format(day=at.date().isoformat())
    mail = one.letter.mail
    said = " ".join((mail.body if mail is not None else "").split()) or one.letter.subject
    return _("mail from {who} on {day}: “{said}”").format(
        who=one.letter.sender or _("an unknown address"), day=at.date().isoformat(), said=said[:_SHOWN]
    )


def _stamp(tx: AnyTransaction, name: str, letters: Iterable[tuple[Tied, datetime]]) -> None:
    """Write into messages when something first happened to them."""
    first: dict[int, datetime] = {}
    for one, at in letters:
        if getattr(one.message, name) is None:
            first[one.message.id] = min(at, first.get(one.message.id, at))
    values: dict[str, Any] = {name: bindparam("at")}
    if first:
        rows = [{"key": key, "at": at} for key, at in first.items()]
        tx.execute(update(message).where(message.c.id == bindparam("key")).values(**values), rows)


def _touch(one: Tied, at: datetime, interaction_id: int | None) -> Touch:
    row = one.message
    same = one.contact_id == row.contact_id
    return Touch(
        campaign_id=row.campaign_id, kind="reply", at=at, contact_id=one.contact_id,
        customer_id=row.customer_id if same else None, channel="email",
        entity="interaction" if interaction_id else message.name, record_id=interaction_id or row.id,
    )  # fmt: skip
