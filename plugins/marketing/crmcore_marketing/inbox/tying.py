"""Which of our messages a letter is about, and who of the people we know wrote it; for many letters at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import Select, and_, func, select

from crmcore.api import point_key, tables
from crmcore.mail import AUTO_REPLY, BOUNCE, COMPLAINT, DELAY, REPLY, UNSUBSCRIBE, Letter, is_answer, plain_subject
from crmcore_marketing.inbox.people import AnyTransaction, People
from crmcore_marketing.tables import mailing, message

ADDRESSEE, COLLEAGUE, STRANGER = "addressee", "colleague", "stranger"
RECIPIENT = "recipient"
"""How a letter was tied, beside the places of tokens: by whom it was sent to, the newest message to that address."""
_LATELY = timedelta(days=90)


@frozen(kw_only=True)
class Tied:
    """A letter, the message of ours that it is about (None: it is not known), how that was found, and who wrote.

    `writer` is the contact whose address it came from; `standing` says what he is to the message: its addressee, from
    whichever of his addresses; a colleague, somebody else we know; or a stranger, an address we do not know.
    """

    letter: Letter
    message: Any = None
    how: str = ""
    writer: int | None = None
    standing: str = STRANGER

    @property
    def contact_id(self) -> int | None:
        """Whom the letter is from or about: who wrote, else whom the message went to."""
        if self.letter.kind in (BOUNCE, DELAY, COMPLAINT) or self.writer is None:
            return self.message.contact_id if self.message is not None else self.writer
        return self.writer


def tie(tx: AnyTransaction, letters: Sequence[Letter], known: People) -> list[Tied]:
    """Tie letters to messages: by the token in the address, thread or text; else by the recipient: two statements.

    A letter from a person without a token is tied only when its subject answers that of the newest message to him.
    """
    by_token = _by_token(tx, letters)
    tied = [_by_tokens(one, by_token) for one in letters]
    newest = _newest(tx, {key for one in tied if one.message is None for key in _may_be(one.letter, known)})
    return [_who(one if one.message is not None else _by_recipient(one, newest, known), known) for one in tied]


_COLUMNS = (
    message.c.id, message.c.token, message.c.contact_id, message.c.customer_id, message.c.campaign_id,
    message.c.mailing_id, message.c.address, message.c.purpose, message.c.status, message.c.sent_at,
    message.c.taken_at, message.c.bounced_at, message.c.replied_at, message.c.unsubscribed_at,
    mailing.c.owner_id, tables.interaction.c.subject,
)  # fmt: skip


def _statement() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .outerjoin(mailing, mailing.c.id == message.c.mailing_id)
        .outerjoin(tables.interaction, tables.interaction.c.id == message.c.interaction_id)
    )


def _by_token(tx: AnyTransaction, letters: Iterable[Letter]) -> Mapping[str, Any]:
    wanted = {token for letter in letters for token, _where in letter.tokens}
    return {row.token: row for row in tx.rows(_statement().where(message.c.token.in_(wanted)))} if wanted else {}


def _by_tokens(letter: Letter, known: Mapping[str, Any]) -> Tied:
    found = next(((known[token], where) for token, where in letter.tokens if token in known), (None, ""))
    return Tied(letter=letter, message=found[0], how=found[1])


def _may_be(letter: Letter, known: People) -> Iterable[int]:
    for address in _about(letter):
        yield from known.contacts.get(address, ())


def _about(letter: Letter) -> list[str]:
    """Return the addresses that a message was sent to, if the letter is about it."""
    if letter.kind in (BOUNCE, DELAY, COMPLAINT):
        return [one.address for one in letter.failures if one.address]
    if letter.kind in (AUTO_REPLY, UNSUBSCRIBE) or (letter.kind == REPLY and is_answer(letter.subject)):
        return [letter.sender] if letter.sender else []
    return []


def _newest(tx: AnyTransaction, contact_ids: Iterable[int]) -> Mapping[int, Any]:
    """Return the newest message to each contact that was sent lately."""
    wanted = set(contact_ids)
    if not wanted:
        return {}
    c = message.c
    last = (
        select(c.contact_id, func.max(c.sent_at).label("sent_at"))
        .where(c.contact_id.in_(wanted), c.sent_at > tx.now - _LATELY)
        .group_by(c.contact_id)
        .subquery()
    )
    same = and_(last.c.contact_id == c.contact_id, last.c.sent_at == c.sent_at)
    return {row.contact_id: row for row in tx.rows(_statement().join(last, same).order_by(c.id))}


def _by_recipient(one: Tied, newest: Mapping[int, Any], known: People) -> Tied:
    letter = one.letter
    for address in _about(letter):
        for contact_id in known.contacts.get(address, ()):
            row = newest.get(contact_id)
            if row is None or (
                letter.kind in (BOUNCE, DELAY, COMPLAINT) and point_key("email", row.address) != address
            ):
                continue
            if letter.kind != REPLY or (row.subject and plain_subject(row.subject) == plain_subject(letter.subject)):
                return Tied(letter=letter, message=row, how=RECIPIENT)
    return one


def _who(one: Tied, known: People) -> Tied:
    """Say who wrote, and what he is to the message."""
    sender = one.letter.sender
    ids = known.contacts.get(sender, ()) if sender else ()
    row = one.message
    if row is not None and (row.contact_id in ids or (sender and point_key("email", row.address) == sender)):
        writer, standing = row.contact_id, ADDRESSEE
    else:
        writer, standing = next(iter(ids), None), COLLEAGUE if ids else STRANGER
    return Tied(letter=one.letter, message=row, how=one.how, writer=writer, standing=standing)
