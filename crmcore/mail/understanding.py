"""A mail's bytes to a letter: what it is by itself, and which messages of ours it tells of."""

import re
from email.message import Message
from hashlib import sha256

from attrs import evolve

from crmcore.formats.mail.message import read_message
from crmcore.formats.mail.mime import leaves, parse
from crmcore.mail.answers import answers
from crmcore.mail.automatic import is_automatic, is_late, is_list, is_returned, is_servers, is_spam, returns_nothing
from crmcore.mail.failures import guessed, recognised, reported
from crmcore.mail.letter import (
    AUTO_REPLY,
    BOUNCE,
    CALENDAR,
    COMPLAINT,
    DELAY,
    OTHER,
    REPLY,
    UNSUBSCRIBE,
    Failure,
    Letter,
)  # fmt: skip
from crmcore.mail.refusing import refuses
from crmcore.mail.subjects import is_answer
from crmcore.mail.tokens import ADDRESS, came_to, tokens
from crmcore.model.incoming import IncomingInteraction, Rejection
from crmcore.model.points import normalise

_LEAVE = re.compile(r"(?<![\w.+-])unsubscribe(?:\+[^\s@<>]*)?@", re.IGNORECASE)
_DELIVERED = "message/delivery-status"
_SEEN = "message/disposition-notification"
_COMPLAINED = "message/feedback-report"


def understood(raw: bytes) -> Letter:
    """Return what the bytes of a mail are; a mail however malformed is a letter too, of the kind other at worst."""
    mail = read_message(raw, 1)
    if isinstance(mail, Rejection):
        return unreadable(raw, mail.reason)
    tree = parse(raw)
    name, address = next(((one.name, one.address) for one in mail.participants if one.role == "from"), ("", ""))
    letter = Letter(
        key=f"{mail.external_id}#{_fingerprint(raw)}",
        external_id=mail.external_id,
        kind=REPLY,
        mail=mail,
        sender=normalise("email", address) or address.lower(),
        sender_name=name,
        subject=mail.subject,
        at=mail.at,
        tokens=tokens(tree, mail),
        is_list=is_list(mail.extra),
        is_spam=is_spam(tree),
    )
    return _report(letter, tree, mail) or _invitation(letter, tree) or _written(letter, tree, mail)


def unreadable(raw: bytes, reason: str) -> Letter:
    """Return what cannot be read as a mail, as a letter that says so."""
    name = f"sha256:{sha256(raw).hexdigest()}"
    return Letter(key=name, external_id=name, kind=OTHER, reason=reason)


def _fingerprint(raw: bytes) -> str:
    """Return what tells two mails of one id apart: what they say, not how they travelled or in which box they lie."""
    head, _blank, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    said = b"\n".join(sorted(re.findall(rb"^(?:date|from|subject):.*$", head, re.IGNORECASE | re.MULTILINE)))
    return sha256(said + b"\n\n" + body.replace(b"\n>From ", b"\nFrom ").strip(b"\n")).hexdigest()[:16]


def _report(letter: Letter, tree: "Message[str, str]", mail: IncomingInteraction) -> Letter | None:
    """Return the letter as the report of a machine; None when it is none."""
    types = {part.get_content_type() for part in leaves(tree)}
    declared = tree.get_content_type() == "multipart/report"
    if _COMPLAINED in types:
        return _complaint(letter, mail)
    if _SEEN in types and "Action" not in mail.extra:
        return evolve(letter, kind=AUTO_REPLY, reason=mail.extra.get("Disposition", ""))
    if found := reported(mail):
        return _failed(letter, found)
    returned = is_servers(letter.sender) or is_returned(letter.subject) or "X-Failed-Recipients" in mail.extra
    verp = any(where == ADDRESS for _token, where in letter.tokens) and returns_nothing(mail.extra)
    if not (returned or declared or verp or _DELIVERED in types):
        return None
    if found := recognised(tree, mail):
        return _failed(letter, found)
    if is_automatic(mail.extra, letter.subject, letter.sender) and not is_servers(letter.sender):
        return None
    if is_returned(letter.subject) or "report-type=delivery-status" in _content_type(tree) or _DELIVERED in types:
        person = not (is_servers(letter.sender) or declared or returns_nothing(mail.extra) or _DELIVERED in types)
        if person and not verp and (mail.thread or is_answer(letter.subject)):
            return None  # somebody writes about such a mail
        return _failed(letter, [guessed(tree, mail, late=is_late(letter.subject))])
    return None


def _content_type(tree: "Message[str, str]") -> str:
    return re.sub(r"[\s\"]", "", str(tree.get("Content-Type", ""))).lower()


def _failed(letter: Letter, failures: list[Failure]) -> Letter:
    lost = [one for one in failures if not one.late]
    told = (lost or failures)[0]
    reason = told.why if told.status in told.why else f"{told.status} {told.why}".strip()
    return evolve(letter, kind=BOUNCE if lost else DELAY, failures=tuple(failures), reason=reason)


def _complaint(letter: Letter, mail: IncomingInteraction) -> Letter:
    """Return a report of abuse (RFC 5965); one of another type, such as of failed signatures, is no complaint."""
    told = mail.extra.get("Feedback-Type", "abuse").strip().lower()
    if told not in {"abuse", "complaint", "fraud", "other", "opt-out", "opt-out-list"}:
        return evolve(letter, kind=OTHER, reason=f"Feedback-Type: {told}")
    named = [mail.extra.get(name, "").split("\n")[0] for name in ("Original-Rcpt-To", "Removal-Recipient")]
    address = next((key for one in named if (key := normalise("email", one.strip("<> ")))), "")
    return evolve(letter, kind=COMPLAINT, failures=(Failure(address=address),) if address else (), reason=told)


def _invitation(letter: Letter, tree: "Message[str, str]") -> Letter | None:
    found = tuple(answers(tree))
    return evolve(letter, kind=CALENDAR, answers=found, reason=found[0].partstat) if found else None


def _written(letter: Letter, tree: "Message[str, str]", mail: IncomingInteraction) -> Letter:
    """Return what a person or a program wrote: an automatic answer, a refusal, or a letter."""
    if is_automatic(mail.extra, letter.subject, letter.sender):
        return evolve(letter, kind=AUTO_REPLY)
    if any(_LEAVE.search(value) for value in came_to(tree)):
        return evolve(letter, kind=UNSUBSCRIBE, refuses=True)
    return evolve(letter, refuses=refuses(letter.subject, mail.body))
