"""The parts of a message (RFC 2045, 2046): what is text to read, what is an attachment, and their decoded content."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageDefect, MessageError
from email.generator import BytesGenerator
from hashlib import sha256
from io import BytesIO
from typing import cast

from crmcore.formats.mail.charsets import declared_in_html, decode, raw_bytes
from crmcore.formats.mail.headers import RAW, Mail, text_of
from crmcore.model.incoming import Attachment


class NestedTooDeepDefect(MessageDefect):
    """The parts of the message are nested deeper than anybody writes."""


READ_TYPES = frozenset({"text/plain", "text/html"})
MESSAGE_TYPES = frozenset({"message/rfc822", "message/global", "message/news"})
REPORT_TYPES = frozenset({"message/delivery-status", "message/disposition-notification", "message/feedback-report"})
_DEEPEST = 50  # levels of parts; letters forwarded many times have a dozen
_ENCODINGS = {"quotedprintable": "quoted-printable", "qp": "quoted-printable", "base64": "base64"}


def parse(raw: bytes) -> Mail:
    """Return the bytes of a message as a tree of parts. Malformed mail gives a tree too; see `defects`."""
    try:
        message = message_from_bytes(raw, policy=RAW)
    except RecursionError:
        return _without_parts(raw)
    if _depth(message) > _DEEPEST:
        return _without_parts(raw)
    for part in message.walk():
        _mend_encoding(part)
    return message


def _depth(message: Mail) -> int:
    depth, level = 0, [message]
    while level and depth <= _DEEPEST:
        level = [inner for part in level if part.is_multipart() for inner in cast(list[Mail], part.get_payload())]
        depth += 1
    return depth


def _without_parts(raw: bytes) -> Mail:
    """Return a message nested too deep to be a letter: its head, and all the rest as text."""
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    message = message_from_bytes(head + b"\n\n", policy=RAW)
    for name in ("Content-Type", "Content-Transfer-Encoding"):
        del message[name]
    message.set_payload(body.decode("ascii", "surrogateescape"))
    message.defects.append(NestedTooDeepDefect())
    return message


def _mend_encoding(part: Mail) -> None:
    """Write a misspelt Content-Transfer-Encoding ("quoted printable") the way the parser knows it."""
    name = "Content-Transfer-Encoding"
    found = _ENCODINGS.get(re.sub(r"[^a-z0-9]", "", str(part.get(name, "")).lower()))
    if found:
        part.replace_header(name, found)


def defects(message: Mail) -> list[str]:
    """Return the names of the defects met in a message and its parts, each once, in order."""
    found = [type(defect).__name__.removesuffix("Defect") for part in message.walk() for defect in part.defects]
    return list(dict.fromkeys(found))


def parts_of(part: Mail) -> list[Mail]:
    """Return the parts that a part is made of, empty for a leaf. An attached message counts as a leaf."""
    made_of_parts = part.is_multipart() and part.get_content_maintype() != "message"
    return cast(list[Mail], part.get_payload()) if made_of_parts else []


def leaves(part: Mail) -> Iterator[Mail]:
    """Yield the parts that are not made of parts, in order."""
    inner = parts_of(part)
    if not inner:
        yield part
    for each in inner:
        yield from leaves(each)


def enclosed(part: Mail) -> list[Mail]:
    """Return the message that an attached message is, empty for any other part (RFC 2046, 5.2.1)."""
    if part.get_content_type() not in MESSAGE_TYPES or not part.is_multipart():
        return []
    return [parse(content(part))] if is_encoded(part) else cast(list[Mail], part.get_payload())


def is_encoded(part: Mail) -> bool:
    """Tell whether an attached message is encoded: what the parser took for its text is its code."""
    inner = cast(list[Mail], part.get_payload()) if part.is_multipart() else []
    if len(inner) != 1 or inner[0].keys():
        return False
    return str(part.get("Content-Transfer-Encoding", "")).lower() in {"base64", "quoted-printable"}


def is_report(part: Mail) -> bool:
    """Tell whether a part holds the machine-readable facts of a report (RFC 3464, 8098, 5965)."""
    return part.get_content_type() in REPORT_TYPES


def is_read(part: Mail) -> bool:
    """Tell whether a part is text to be read with the message rather than a file that came with it."""
    if part.is_multipart():
        return False
    attached = part.get_content_disposition() == "attachment"
    if part.get_content_maintype() == "multipart":  # announced parts, and has none
        return not attached
    return part.get_content_type() in READ_TYPES and not attached


def content(part: Mail) -> bytes:
    """Return the content of a leaf, decoded; an attached message as it came."""
    if not part.is_multipart():
        return cast(bytes, part.get_payload(decode=True))
    inner = cast(list[Mail], part.get_payload())
    if is_encoded(part):
        head = f"Content-Transfer-Encoding: {part['Content-Transfer-Encoding']}\n\n".encode("ascii", "replace")
        return content(message_from_bytes(head + content(inner[0]), policy=RAW))
    return b"".join(_written(each) for each in inner)


def _written(message: Mail) -> bytes:
    target = BytesIO()
    try:
        BytesGenerator(target, mangle_from_=False, maxheaderlen=0, policy=RAW).flatten(message)
    except (ValueError, LookupError, TypeError, AttributeError, MessageError):
        return raw_bytes("\n".join(f"{name}: {value}" for name, value in message.items()))
    return target.getvalue()


def text(part: Mail) -> tuple[str, str]:
    """Return the text of a leaf, and the defect met on the way ("" for none)."""
    raw = content(part)
    declared = parameter(part, "charset")
    if not declared and part.get_content_type() == "text/html":
        declared = declared_in_html(raw)
    return decode(raw, declared)


def parameter(part: Mail, name: str) -> str:
    """Return a parameter of the Content-Type of a part, "" where it is absent or unreadable."""
    try:
        found = part.get_param(name)
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    return str(found[2]) if isinstance(found, tuple) else str(found or "")


def filename(part: Mail, charset: str = "") -> str:
    """Return the name of an attachment, from Content-Disposition or Content-Type, decoded; "" where it has none."""
    try:
        found = part.get_filename()
    except (ValueError, LookupError, TypeError, AttributeError):
        found = parameter(part, "name")
    return text_of(found or "", charset)


def attachment(part: Mail, charset: str = "") -> Attachment:
    """Return what is known of an attached file: name, media type, size and SHA-256 of its decoded content."""
    raw = content(part)
    return Attachment(
        name=filename(part, charset),
        media_type=part.get_content_type(),
        size=len(raw),
        sha256=sha256(raw).hexdigest(),
    )
