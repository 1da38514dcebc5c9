"""Pictures, sounds and keys: what we keep of them is size and hash, or where they are; not their content."""

import re
from base64 import b64decode
from hashlib import sha256
from urllib.parse import unquote_to_bytes

from attrs import evolve, frozen

from crmcore.formats.vcard.properties import Property
from crmcore.i18n import _
from crmcore.model.incoming import Attachment

NAME, SIZE, HASH = "X-NAME", "X-SIZE", "X-SHA256"
"""Parameters that tell of a picture what vCard has no parameter for."""

_DATA_URI = re.compile(r"data:([^;,]*)((?:;[^;,]*)*?)(;base64)?,", re.IGNORECASE)
_OUTSIDE_ALPHABET = re.compile(rb"[^A-Za-z0-9+/]")
_ONLY_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{200,}={0,2}\s*")
_SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG", "image/png"), (b"GIF8", "image/gif"))
_SUBTYPES = {"jpg": "jpeg", "x509": "x-x509-cert", "pgp": "pgp-keys", "wave": "x-wav"}


@frozen(kw_only=True)
class Medium:
    """A decoded property: the `attachment`, and whether its base64 was `damaged` (cut, or with alien letters)."""

    attachment: Attachment
    damaged: bool = False


def medium_of(found: Property) -> Medium:
    """Return what a PHOTO, LOGO, SOUND or KEY property holds: data in base64 or in a data: URI, or else a URL."""
    media_type = _media_type(found)
    name = found.head.first(NAME)
    if found.base64:
        return _from_base64(found.data, media_type, name)
    text = found.text.strip()
    uri = _DATA_URI.match(text)
    if uri:
        content = text[uri.end() :]
        if uri[3]:
            return _from_base64(content.encode(), uri[1], name)
        return Medium(attachment=_attachment(unquote_to_bytes(content), uri[1], name))
    if _ONLY_BASE64.fullmatch(text):  # the encoding is not declared
        return _from_base64(text.encode(), media_type, name)
    own = own_attachment(found)
    return Medium(attachment=evolve(own, media_type=media_type, sha256=found.head.first(HASH), url=text))


def own_attachment(found: Property) -> Attachment:
    """Return a picture as the writer describes it: SHA-256 as the value, name and size as parameters."""
    size = found.head.first(SIZE)
    return Attachment(
        name=found.head.first(NAME),
        media_type=found.head.first("MEDIATYPE"),
        size=int(size) if size.isdecimal() and len(size) < 20 else None,
        sha256=found.text,
    )


def described(medium: Medium) -> str:
    """Return a short description for people: type, size and hash, or the URL."""
    attachment = medium.attachment
    if attachment.size is None:
        return attachment.url
    message = _("{type}, {size} bytes, SHA-256 {hash}")
    return message.format(type=attachment.media_type or "?", size=attachment.size, hash=attachment.sha256)


def _from_base64(data: bytes, media_type: str, name: str) -> Medium:
    # Exporters cut, pad wrongly and let other text slip in: what can be decoded is, and the damage is told.
    spaceless = b"".join(data.split())
    letters = _OUTSIDE_ALPHABET.sub(b"", spaceless)
    alien = len(spaceless.rstrip(b"=")) != len(letters)
    cut = len(letters) % 4 == 1 or (len(spaceless) % 4 != 0 and not alien)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    content = b64decode(letters + b"=" * (-len(letters) % 4))
    return Medium(attachment=_attachment(content, media_type, name), damaged=alien or cut)


def _attachment(content: bytes, media_type: str, name: str) -> Attachment:
    if not media_type:
        media_type = next((known for start, known in _SIGNATURES if content.startswith(start)), "")
    return Attachment(name=name, media_type=media_type, size=len(content), sha256=sha256(content).hexdigest())


def _media_type(found: Property) -> str:
    given = found.head.first("MEDIATYPE")
    if given:
        return given
    for word in found.head.parameters.get("TYPE", ()):
        lower = word.lower()
        if "/" in lower:
            return lower
        if lower not in ("pref", "home", "work"):
            family = {"KEY": "application", "SOUND": "audio"}.get(found.name, "image")
            return f"{family}/{_SUBTYPES.get(lower, lower)}"
    return ""
