"""The iCalendar format, as the importer sees it. Nothing heavy is imported until a file is read."""

import re
from collections.abc import Iterator

from crmcore.formats.calendar.encoding import wide_encoding
from crmcore.hooks.formats import Format, Source
from crmcore.i18n import _
from crmcore.model.incoming import Incoming, Rejection

_EXTENSIONS = (".ics", ".ical", ".icalendar", ".vcs", ".ifb")
_BEGIN = re.compile(
    rb"^[ \t]*BEGIN[ \t]*:[ \t]*(VCALENDAR|VEVENT|VTODO|VJOURNAL)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)


def _sniff(head: bytes, name: str) -> int:
    wide = wide_encoding(head)
    text = (head.decode(wide, "replace").encode("utf-8") if wide else head).removeprefix(b"\xef\xbb\xbf").lstrip()
    named = name.lower().endswith(_EXTENSIONS)
    found = _BEGIN.search(text)
    if found is not None and found.start() == 0:
        return 98
    if found is not None and named:
        return 90
    return 40 if named else 0


def _read(source: Source) -> Iterator[Incoming | Rejection]:
    from crmcore.formats.calendar.reader import read_calendar

    return read_calendar(source)


ICALENDAR = Format(
    name="icalendar", label=_("Calendar (iCalendar, vCalendar)"), extensions=_EXTENSIONS, sniff=_sniff, read=_read
)
"""The format of .ics and .vcs files."""
