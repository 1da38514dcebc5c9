"""The secret names of messages, in addresses, identifiers and links: nobody guesses them, and servers leave them be.

A message of ours is `<crm-TOKEN@domain>` on the wire, what comes back of it goes to NAME+TOKEN@..., and links in it end
in /LETTER/TOKEN. By these it is known again in whatever comes back, wherever a server or a mail program put it.
"""

import re
import secrets
from base64 import b32encode
from collections.abc import Iterable, Iterator
from email.message import Message

from crmcore.formats.mail.mime import text
from crmcore.model.incoming import IncomingInteraction

ADDRESS, THREAD, TEXT = "address", "thread", "text"
"""Where a token was found, the surest first: whom the mail came to, what it answers, what it returns or quotes."""
_BYTES = 16
_TOKEN = r"[A-Za-z2-7]{26}"  # noqa: S105 # as `new_token` makes them; servers may write capitals
_TO_TOKEN = re.compile(rf"\+({_TOKEN})(?:=[^\s@<>]*)?@")
_ID_TOKEN = re.compile(rf"(?<![\w-])crm-({_TOKEN})@")
_LINK_TOKEN = re.compile(rf"/[a-z]/({_TOKEN})(?![\w-])")
_CAME_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Apparently-To", "Resent-To")
_READ = 200_000  # characters in which tokens are sought
_MOST = 5


def new_token() -> str:
    """Return 128 bits of chance as 26 small letters and digits: the local part of an address may be folded."""
    return b32encode(secrets.token_bytes(_BYTES)).decode().rstrip("=").lower()


def name_of(token: str, domain: str) -> str:
    """Return the Message-ID of a message of ours, without the angle brackets, as interactions of mail have it."""
    return f"crm-{token}@{domain}"


def tokens(tree: "Message[str, str]", mail: IncomingInteraction) -> tuple[tuple[str, str], ...]:
    """Return the tokens a mail tells of, each with where; in the text, those of a head or link before others."""
    found = [(token, ADDRESS) for value in came_to(tree) for token in _TO_TOKEN.findall(value)]
    found += [(token, THREAD) for token in _ids(reversed(mail.thread))]
    report = [words for name, words in mail.extra.items() if name.startswith("Original-")]
    texts = "\n".join([*report, *_all_text(tree)])[:_READ]
    for pattern in (_ID_TOKEN, _TO_TOKEN, _LINK_TOKEN):
        found += [(token, TEXT) for token in pattern.findall(texts)]
    surest: dict[str, str] = {}
    for token, where in found:
        surest.setdefault(token.lower(), where)
    return tuple(surest.items())[:_MOST]


def came_to(tree: "Message[str, str]") -> Iterator[str]:
    """Yield what a mail says of whom it came to, by its writer and by the servers on its way."""
    for name in _CAME_TO:
        yield from (str(value) for value in tree.get_all(name, ()))
    for value in tree.get_all("Received", ()):
        yield from re.findall(r"\sfor\s+<?([^\s<>;]+@[^\s<>;]+)", str(value))


def _ids(thread: Iterable[str]) -> list[str]:
    return [found.group(1) for one in thread if (found := _ID_TOKEN.search(one))]


def _all_text(tree: "Message[str, str]") -> Iterator[str]:
    """Yield the heads and texts of all parts, also of messages that came attached; nothing of files."""
    for part in tree.walk():
        if part is not tree:
            yield "\n".join(f"{name}: {value}" for name, value in part.items())
        if not part.is_multipart() and part.get_content_maintype() in {"text", "message"}:
            yield text(part)[0]
