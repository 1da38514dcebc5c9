"""The vCard format as `crm import` sees it; cheap to import, the reader is loaded when a file is read."""

import re
from collections.abc import Iterator

from crmcore.hooks.formats import Format, Source
from crmcore.i18n import _
from crmcore.model.incoming import Incoming, Rejection

_FIRST = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*BEGIN\s*:\s*VCARD\b", re.IGNORECASE)
_LATER = re.compile(rb"^BEGIN:VCARD[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


def _sniff(head: bytes, name: str) -> int:
    # UTF-16 and UTF-32 put zero bytes between the letters: without them the marker reads the same.
    plain = head.replace(b"\0", b"")
    if _FIRST.search(plain):
        return 100
    named = name.lower().endswith(VCARD.extensions)
    if _LATER.search(plain):
        return 90 if named else 30  # a card inside something else, such as a mail
    return 40 if named else 0


def _read(source: Source) -> Iterator[Incoming | Rejection]:
    from crmcore.formats.vcard.reader import read  # the reader loads more than the command line's start may cost

    return read(source)


VCARD = Format(
    name="vcard",
    label=_("vCard (address books of phones, Outlook, macOS, Google, Thunderbird)"),
    extensions=(".vcf", ".vcard"),
    sniff=_sniff,
    read=_read,
)
"""vCard 2.1, 3.0 and 4.0. Yields contacts, and customers for the cards of organisations."""
