"""One message's bytes to an interaction."""

import re
from collections.abc import Iterator
from hashlib import sha256

from crmcore.formats.mail.headers import Mail, addresses, canonical_name, fields, ids, instant, readable, text_of
from crmcore.formats.mail.mime import attachment, defects, enclosed, is_encoded, is_report, leaves, parse
from crmcore.formats.mail.reply import cut_reply
from crmcore.formats.mail.report import report_facts
from crmcore.formats.mail.text import is_body, readable_text
from crmcore.i18n import _
from crmcore.model.incoming import IncomingInteraction, IncomingParticipant, Rejection

_ESSENTIAL = ("From", "To", "Date", "Subject", "Message-ID")
_SINGLE = frozenset({"subject", "date", "message-id"})  # the first is taken; a second one is an error, and kept
_ROLES = ("from", "to", "cc", "bcc", "reply-to", "sender")
# Read into fields of the interaction, or said by its parts.
_UNDERSTOOD = re.compile(
    r"from|to|cc|bcc|reply-to|sender|date|subject|message-id|in-reply-to|references|mime-version|"
    r"content-type|content-transfer-encoding|content-disposition|content-length|content-id|lines|status|"
    r"x-status|x-uidl|x-mozilla-status|x-mozilla-status2|x-mozilla-keys"
)
# How the message travelled and was scanned and signed: of no use to a CRM, and most of the bytes of a modern head.
_TRAVEL = re.compile(
    r"received|x-received|authentication-results|dkim-signature|domainkey-signature|received-spf|"
    r"x-google-dkim-signature|x-google-smtp-source|x-gm-message-state|x-originating-ip|"
    r"x-originalarrivaltime|x-virus-scanned|autocrypt|"
    r"(?:arc|x-ms-exchange|x-microsoft|x-forefront|x-spam|x-gm|x-qq)-.*"
)


def read_message(raw: bytes, line: int) -> IncomingInteraction | Rejection:
    """Return the message in `raw` (RFC 5322, however malformed) as an interaction that begins in `line` of its file.

    Bytes with neither From, To, Date, Subject nor Message-ID are no message and give a `Rejection`. What could not be
    read as it should is named in `extra["defects"]`; headers without a field of their own are in `extra` by name,
    spelt like Return-Path; several of one name on a line each.
    """
    message = parse(raw.removeprefix(b"\xef\xbb\xbf"))
    if not any(name in message for name in _ESSENTIAL):
        reason = _("line {line}: no message, it has neither From, To, Date, Subject nor Message-ID").format(line=line)
        return Rejection(line=line, reason=reason, raw=raw[:500].decode("utf-8", "replace"))
    charset = _charset(message)
    written, text_defects = readable_text(message)
    reply = cut_reply(written)
    when = next((found for found in map(instant, fields(message, "Date")) if found), None)
    own = ids(fields(message, "Message-ID"))
    thread = ids([*fields(message, "References"), *fields(message, "In-Reply-To")])
    extra = _extra(message, charset, dated=when is not None, answered=bool(ids(fields(message, "In-Reply-To"))))
    found = [*defects(message), *text_defects, *_header_defects(message, charset)]
    return IncomingInteraction(
        line=line,
        channel="email",
        external_id=own[0] if own else _own_id(message, raw),
        thread=thread,
        at=when[0] if when else None,
        zone=when[1] if when else "",
        subject=text_of(next(iter(fields(message, "Subject")), ""), charset),
        body=reply.body,
        quoted="\n\n".join(each for each in (reply.quoted, *_enclosed(message)) if each),
        participants=_participants(message, charset),
        attachments=tuple(attachment(part, charset) for part in _files(message)),
        extra=extra | report_facts(message) | ({"defects": ", ".join(dict.fromkeys(found))} if found else {}),
    )


def _files(message: Mail) -> Iterator[Mail]:
    """Yield the parts that came as files, an attached message before the files in it.

    A message attached in base64 (which RFC 2046 forbids) counts as one file, as other mail readers have it.
    """
    for part in leaves(message):
        if not is_body(part) and not is_report(part):
            yield part
            for inner in enclosed(part) if not is_encoded(part) else ():
                yield from _files(inner)


def _enclosed(message: Mail) -> Iterator[str]:
    """Yield the text of the messages that came attached, forwarded or returned, each below its head."""
    for part in leaves(message):
        for inner in enclosed(part):
            charset = _charset(inner)
            shown = ((name, text_of(next(iter(fields(inner, name)), ""), charset)) for name in _ESSENTIAL[:4])
            head = "\n".join(f"{name}: {value}" for name, value in shown if value)
            yield "\n\n".join(each for each in (head, readable_text(inner)[0].strip(), *_enclosed(inner)) if each)


def _own_id(message: Mail, raw: bytes) -> str:
    """Return a Message-ID that is not in the usual form as it is, else one made from the bytes, the same each time."""
    written = text_of(next(iter(fields(message, "Message-ID")), "")).strip("<>")
    unified = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").strip(b"\n")
    return written or f"sha256:{sha256(unified).hexdigest()}"


def _charset(message: Mail) -> str:
    """Return the first charset a part declares: raw 8-bit headers are mostly in that one."""
    return next((found for part in message.walk() if (found := part.get_content_charset())), "")


def _participants(message: Mail, charset: str) -> tuple[IncomingParticipant, ...]:
    found: list[IncomingParticipant] = []
    senders: set[str] = set()
    for role in _ROLES:
        for name, address in addresses(fields(message, role), charset):
            if role == "from":
                senders.add(address.lower())
            elif role in {"reply-to", "sender"} and address.lower() in senders:
                continue
            found.append(IncomingParticipant(role=role, name=name, address=address))
    return tuple(dict.fromkeys(found))


def _extra(message: Mail, charset: str, *, dated: bool, answered: bool) -> dict[str, str]:
    extra: dict[str, str] = {}
    seen: set[str] = set()
    for written, value in message.items():
        name, lower = canonical_name(written), written.lower()
        kept = not _UNDERSTOOD.fullmatch(lower) and not _TRAVEL.fullmatch(lower)
        kept |= lower in _SINGLE and name in seen
        seen.add(name)
        kept |= (lower in {"date", "received"} and not dated) or (lower == "in-reply-to" and not answered)
        if kept and not (lower == "received" and "Received" in extra):  # the last leg is at the top
            shown = text_of(value, charset)
            extra[name] = f"{extra[name]}\n{shown}" if name in extra else shown
    return extra


def _header_defects(message: Mail, charset: str) -> list[str]:
    return [f"{name}: {defect}" for name, value in message.items() if (defect := readable(value, charset)[1])]
