"""Links of ours: the address they begin with, and names in them that nobody else can make, for a purpose and a time.

A token is `BODY.SIGNATURE`, both base64url (RFC 4648) without padding: the body is JSON, `[until, payload]` with the
end in seconds since 1970; the signature is HMAC-SHA256 (RFC 2104) of the body, by a key made of the workspace's and the
purpose. Who has a token can read what is in it: put ids in, no secrets.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from typing import Any

from crmcore.engine.borrowed import PluginReader
from crmcore.engine.reader import Reader
from crmcore.errors import InvalidInput, NotFound
from crmcore.i18n import _
from crmcore.settings.secrets import secret

SHORTEST = 32
"""Characters that a key has at least."""
_LONGEST = 2_000


def public(reader: Reader | PluginReader) -> str:
    """Return the address that the web reaches us at, without a closing slash; empty where the workspace has none."""
    return str(reader.setting("web.url")).rstrip("/")


def key_of(reader: Reader | PluginReader) -> bytes:
    """Return the key that links are signed with; empty where none is set.

    Raises `InvalidInput` for one that cannot be read, or is too short to be safe.
    """
    key = secret(reader, "web.key")
    if key and len(key) < SHORTEST:
        raise InvalidInput(
            _(
                "The key that web.key names is too short; `crm web key FILE` makes one of {n} characters and more."
            ).format(n=SHORTEST)
        )
    return key.encode()


def signed(reader: Reader | PluginReader, purpose: str, payload: Any, until: datetime) -> str | None:
    """Return a token that holds for a purpose until an instant; None where the workspace has no key (`web.key`).

    `payload` is what JSON can hold. Raises `InvalidInput` as `key_of` does.
    """
    key = key_of(reader)
    if not key:
        return None
    body = _text(json.dumps([int(until.timestamp()), payload], separators=(",", ":")).encode())
    return f"{body}.{_signature(key, purpose, body)}"


def opened(reader: Reader | PluginReader, purpose: str, token: str) -> Any:
    """Return what a token holds; raises `NotFound` with the same sentence whatever is wrong with it.

    A wrong token, one of another purpose, one that is over, and any token where no key is set: all are alike.
    """
    key = key_of(reader)
    body, _dot, signature = token.partition(".")
    wanted = _signature(key, purpose, body[:_LONGEST])
    if (
        not key
        or len(token) > _LONGEST
        or not hmac.compare_digest(signature.encode("utf-8", "replace"), wanted.encode())
    ):
        raise gone()
    until, payload = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    if reader.now.timestamp() >= until:
        raise gone()
    return payload


def gone() -> NotFound:
    """Return what is said of every link that does not hold, so that nobody learns why; also of one that was revoked."""
    return NotFound(_("This link does not hold, or no longer. Please ask us for a new one."))


def _signature(key: bytes, purpose: str, body: str) -> str:
    own = hmac.digest(key, f"crmcore.web {purpose}".encode(), sha256)
    return _text(hmac.digest(own, body.encode("utf-8", "replace"), sha256))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
