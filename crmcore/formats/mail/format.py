"""The formats eml, mbox and maildir."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from attrs import evolve

from crmcore.errors import InvalidInput
from crmcore.hooks.formats import Format, Source
from crmcore.i18n import _
from crmcore.model.incoming import IncomingInteraction, Rejection

_BOM = b"\xef\xbb\xbf"
_OLE = b"\xd0\xcf\x11\xe0"
_PST = b"!BDN"
_HEAD = 65536
_FIELD = re.compile(rb"^[!-9;-~]+[ \t]*:")
_MAIL_FIELD = re.compile(
    rb"^(?:from|to|cc|date|subject|message-id|received|return-path|delivered-to|mime-version|content-type|"
    rb"reply-to|sender|in-reply-to|references|content-transfer-encoding|dkim-signature)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))


def _first_lines(head: bytes) -> bytes:
    """Return the head of a file up to its first blank line, without byte-order mark and leading blank lines."""
    return head.removeprefix(_BOM).lstrip(b"\r\n").replace(b"\r\n", b"\n").partition(b"\n\n")[0]


def _sniff_eml(head: bytes, name: str) -> int:
    first = _first_lines(head)
    lower = name.lower()
    if head.startswith((_OLE, _PST)):
        return 50 if lower.endswith((".msg", ".pst")) else 0  # to be refused with what to do
    known = {found.split(b":")[0].strip().lower() for found in _MAIL_FIELD.findall(first)}
    if lower.endswith(".eml"):
        return min(95, 40 + 20 * len(known))
    if not _FIELD.match(first) or first.upper().startswith(b"BEGIN:"):
        return 0
    return min(95, 20 * len(known))


def _sniff_mbox(head: bytes, name: str) -> int:
    named = name.lower().endswith((".mbox", ".mbx"))
    first = head.removeprefix(_BOM)
    if not first.startswith(b"From "):
        return 20 if named else 0
    if named:
        return 98
    # A single saved message often keeps its "From " line: the file's own name decides.
    return 60 if name.lower().endswith(".eml") else 90


def _sniff_maildir(head: bytes, name: str) -> int:
    """`name` is the folder's path with a trailing slash; the three sub-folders make it a maildir."""
    if head or not name.endswith("/"):
        return 0
    return 100 if all((Path(name) / each).is_dir() for each in ("cur", "new", "tmp")) else 0


def _refuse_binary(path: Path) -> None:
    """Raise `InvalidInput` with what the file is, where it is no text."""
    with _open(path) as file:
        head = file.read(_HEAD)
    if head.startswith(_OLE):
        reason = _("{file} is an Outlook file (.msg), not an e-mail as text: open it in Outlook and save it as .eml")
    elif head.startswith(_PST):
        reason = _("{file} is an Outlook data file (.pst): export its folders as .eml or mbox first")
    elif head.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        reason = _("{file} is a compressed archive: unpack it first")
    elif head.startswith((b"\xff\xfe", b"\xfe\xff")):
        reason = _("{file} is UTF-16 text: save it as UTF-8 first")
    elif _is_binary(head):
        reason = _("{file} is a binary file, not an e-mail")
    else:
        return
    raise InvalidInput(reason.format(file=path.name))


def _is_binary(head: bytes) -> bool:
    first = _first_lines(head)
    if _MAIL_FIELD.search(first) or first.startswith(b"From "):
        return False  # whatever its body holds
    return b"\x00" in head or len(head.translate(None, _CONTROL)) < len(head) * 0.95


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise InvalidInput(_("{file} cannot be read: {reason}").format(file=path, reason=error.strerror)) from error


def _read_eml(source: Source) -> Iterator[IncomingInteraction | Rejection]:
    from crmcore.formats.mail.message import read_message

    _refuse_binary(source.path)
    with _open(source.path) as file:
        raw = file.read().removeprefix(_BOM)
    if not raw.strip():
        raise InvalidInput(_("{file} is empty").format(file=source.path.name))
    skipped = len(raw) - len(raw.lstrip(b"\r\n"))
    yield read_message(raw[skipped:], 1 + raw[:skipped].count(b"\n"))


def _read_mbox(source: Source) -> Iterator[IncomingInteraction | Rejection]:
    from crmcore.formats.mail.mailbox import split_mbox
    from crmcore.formats.mail.message import read_message

    _refuse_binary(source.path)
    with _open(source.path) as file:
        for line, raw in split_mbox(file):
            yield read_message(raw, line)


def _read_maildir(source: Source) -> Iterator[IncomingInteraction | Rejection]:
    """Yield the messages of a maildir; `line` is the place among them, `extra["file"]` the file's name."""
    from crmcore.formats.mail.mailbox import maildir_files
    from crmcore.formats.mail.message import read_message

    if not source.path.is_dir():
        raise InvalidInput(_("{file} is not a maildir folder").format(file=source.path.name))
    for place, path in enumerate(maildir_files(source.path), 1):
        name = f"{path.parent.name}/{path.name}"
        try:
            _refuse_binary(path)
            with _open(path) as file:
                record = read_message(file.read(), place)
        except InvalidInput as problem:
            yield Rejection(line=place, reason=str(problem))
            continue
        if isinstance(record, Rejection):
            yield evolve(record, reason=f"{name}: {record.reason}")
        else:
            yield evolve(record, extra={**record.extra, "file": name})


EML = Format(name="eml", label=_("E-mail message"), extensions=(".eml",), sniff=_sniff_eml, read=_read_eml)
MBOX = Format(name="mbox", label=_("Mailbox (mbox)"), extensions=(".mbox", ".mbx"), sniff=_sniff_mbox, read=_read_mbox)
MAILDIR = Format(name="maildir", label=_("Maildir folder"), extensions=(), sniff=_sniff_maildir, read=_read_maildir)
"""What `crm import` reads as e-mail."""

__all__ = ["EML", "MAILDIR", "MBOX"]
