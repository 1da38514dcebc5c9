"""Files of messages into single ones: mbox files (mboxo, mboxrd, mboxcl) and maildir folders, one at a time."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

_BOM = b"\xef\xbb\xbf"
_POSTMARK = re.compile(rb"^From (?:-|.*\b\d{1,2}:\d{2}(?::\d{2})?\b.*|\S+@\S+)\s*$")
_LONGEST = 400
_FIELD = re.compile(rb"^(?:[!-9;-~]+[ \t]*:|>From )")
_ESCAPED = re.compile(rb"^>+From ")


def split_mbox(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield each message of an mbox (RFC 4155) and the number of the line at which its "From " line stands.

    `lines` keep their line ends. A "From " line parts messages when it has the form that mail programs give it, and
    either a blank line before it or a header field after it: unescaped text such as "From Russia with love" stays
    text. The "From " line and the blank line that closes a message are not part of it; one ">" of ">From " is taken
    off, as mboxrd asks for. What stands before the first "From " line is a message of its own, unless it is blank.
    """
    message: list[bytes] = []
    began, opened, blank = 1, False, True
    previous: bytes | None = None
    for number, line in enumerate(chain(lines, [b""]), 0):
        # `previous` is line `number`; `line` is the one after it.
        if previous is not None:
            here = previous.removeprefix(_BOM) if number == 1 else previous
            if here.startswith(b"From ") and _parts(here, line, blank, first=number == 1):
                if opened or b"".join(message).strip():
                    yield began, _closed(message)
                message, began, opened = [], number, True
            else:
                message.append(here[1:] if _ESCAPED.match(here) else here)
            blank = not here.strip()
        previous = line
    if opened or b"".join(message).strip():
        yield began, _closed(message)


def _parts(line: bytes, following: bytes, after_blank: bool, *, first: bool) -> bool:
    return first or (bool(_POSTMARK.match(line[:_LONGEST])) and (after_blank or bool(_FIELD.match(following))))


def _closed(message: list[bytes]) -> bytes:
    if len(message) > 1 and message[-1] in {b"\n", b"\r\n"}:
        message = message[:-1]
    return b"".join(message)


def maildir_files(folder: Path) -> list[Path]:
    """Return the messages of a maildir, `cur` before `new`, in order of name, which begins with the time of delivery.

    Files in `tmp` are still being delivered and are left alone, as are the sub-folders of Maildir++ (".Sent", ...):
    each is a maildir to be named by itself.
    """
    return [
        path
        for kind in ("cur", "new")
        for path in sorted((folder / kind).iterdir() if (folder / kind).is_dir() else [])
        if path.is_file() and not path.name.startswith(".")
    ]
