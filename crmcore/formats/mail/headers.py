"""Header fields of a message (RFC 5322): text, addresses, ids and dates, as lenient as real mail needs."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses, parsedate_tz
from typing import TypeAlias

from crmcore.formats.mail.charsets import decode, raw_bytes

Mail: TypeAlias = "Message[str, str]"
"""A message whose header values are raw strings, 8-bit bytes kept as surrogates."""

# The content may hold a raw "?", which it should not; how far that is sought is bounded, for the sake of time.
_WORD = re.compile(r"=\?([^?\s]{0,60})\?([bq])\?([^?]*|.{0,400}?)\?=", re.IGNORECASE)
_LONG = 500  # characters of one member of an address list, beyond which it is none
_ID = re.compile(r"<([^<>]+)>")


class RawHeaders(Compat32):
    """The parser's policy: headers are handed out as they are, since its own decoding fails on real mail."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """Return the value as it is."""
        return value


RAW = RawHeaders()


def fields(message: Mail, name: str) -> list[str]:
    """Return the raw values of every field of that name, in order."""
    return [str(value) for value in message.get_all(name) or []]


def canonical_name(name: str) -> str:
    """Return a field name in one spelling: Return-Path, List-Id, Reporting-MTA, Original-Message-ID."""
    spelt = "-".join(word.capitalize() for word in name.split("-"))
    return spelt.replace("-Mta", "-MTA").replace("Message-Id", "Message-ID")


def unfold(value: str) -> str:
    """Join the lines of a folded field (RFC 5322, 2.2.3)."""
    return re.sub(r"[\r\n]+[ \t]?", " ", value).strip()


def _word_bytes(kind: str, content: str) -> bytes | None:
    """Content of an encoded word as bytes, None where it is not base64 after all."""
    raw = raw_bytes(content)
    if kind in "qQ":
        return quopri.decodestring(raw.replace(b" ", b"=20"), header=True)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw.rstrip(b"=")) % 4))
    except binascii.Error:
        return None


def decode_words(text: str) -> str:
    """Decode the encoded words in `text` (RFC 2047).

    Neighbouring words of one charset are decoded together, since many clients cut a character in two. A word that
    cannot be decoded stays as it is.
    """
    if "=?" not in text:
        return text
    found: list[str] = []
    pending, charset, end = b"", "", 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        named = match.group(1).partition("*")[0].lower()  # RFC 2231 adds a language after an asterisk
        content = _word_bytes(match.group(2), match.group(3))
        joined = end > 0 and content is not None and not gap.strip()
        if not (joined and named == charset):
            found += [decode(pending, charset)[0], "" if joined else gap]
            pending = b""
        if content is None:
            found.append(match.group())
        else:
            pending += content
        charset, end = named, match.end()
    return "".join([*found, decode(pending, charset)[0], text[end:]])


def readable(value: str, charset: str = "") -> tuple[str, str]:
    """Return a raw field value unfolded, its 8-bit bytes decoded, and the defect met on the way ("" for none).

    UTF-8 comes first (RFC 6532), then the charset that the message declares for its text.
    """
    raw = raw_bytes(value)
    if value.isascii() and "\x1b" not in value:
        return unfold(value), ""
    try:
        return unfold(raw.decode("utf-8" if b"\x1b" not in raw else "iso2022_jp_ext")), ""
    except UnicodeDecodeError:
        text, defect = decode(raw, charset)
        return unfold(text), defect


def text_of(value: str, charset: str = "") -> str:
    """Return a raw field value as readable text on one line; `charset` is what the message declares for its text."""
    return re.sub(r"[\x00-\x1f\x7f]", " ", decode_words(readable(value, charset)[0])).strip()


def addresses(values: Iterable[str], charset: str = "") -> list[tuple[str, str]]:
    """Return (name, address) of every mailbox in raw address fields, groups dissolved. Either may be ""."""
    found: list[tuple[str, str]] = []
    for value in values:
        # One field at a time: newer Pythons refuse a whole list for the sake of one odd member.
        for name, address in _mailboxes(readable(value, charset)[0]):
            if name or address:
                shown = re.sub(r"[\x00-\x1f\x7f]", " ", decode_words(name))
                found.append((" ".join(shown.split()).strip("'\""), decode_words(address).strip()))
    return found


def _mailboxes(value: str) -> list[tuple[str, str]]:
    try:
        return _lenient(value)
    except RecursionError:  # thousands of members, or a broken list that the parser takes for one
        found: list[tuple[str, str]] = []
        for member in value.split(","):
            found += _lenient(member) if len(member) < _LONG else [(member.strip(), "")]
        return found


def _lenient(value: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([value], strict=False)
    except TypeError:  # Python before 3.11.10 and 3.12.6 knows no strictness
        return getaddresses([value])


def ids(values: Iterable[str]) -> tuple[str, ...]:
    """Return the message ids in raw References, In-Reply-To or Message-ID fields, without their angle brackets.

    Ids without brackets are taken where the field holds nothing but such words.
    """
    found: list[str] = []
    for value in values:
        whole = text_of(value)
        bracketed = [each.strip() for each in _ID.findall(whole) if each.strip()]
        words = whole.split()
        if bracketed:
            found += bracketed
        elif words and all("@" in word for word in words):
            found += words
    return tuple(dict.fromkeys(found))


def instant(value: str) -> tuple[datetime, str] | None:
    """Return a raw Date field as an instant in UTC and its zone as +hh:mm, None where it cannot be read.

    The zone is "" where the field has none or says -0000, which means that it is not known (RFC 5322, 3.3).
    """
    parts = parsedate_tz(text_of(value))
    if parts is None:
        return None
    seconds = parts[9] or 0
    try:
        offset = timezone(timedelta(seconds=seconds))
        at = datetime(*parts[:6], tzinfo=offset).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    unknown = parts[9] is None or text_of(value).endswith("-0000")
    minutes = abs(seconds) // 60
    return at, "" if unknown else f"{'-' if seconds < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
