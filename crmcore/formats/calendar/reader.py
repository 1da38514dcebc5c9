"""Calendar files to records."""

from collections.abc import Iterator
from itertools import chain

from crmcore.errors import InvalidInput
from crmcore.formats.calendar.blocks import Block, split
from crmcore.formats.calendar.encoding import HEAD, wide_encoding
from crmcore.formats.calendar.events import read_event
from crmcore.formats.calendar.lines import Line, content_lines, find_encoding
from crmcore.formats.calendar.scope import Scope, read_scopes
from crmcore.formats.calendar.todos import read_todo
from crmcore.hooks.formats import Source
from crmcore.i18n import _
from crmcore.model.incoming import IncomingInteraction, IncomingTask, Rejection

Found = IncomingInteraction | IncomingTask | Rejection
# Busy times and zone rules are no records: a VTIMEZONE is used through the events that name it.
_KNOWINGLY_LEFT_OUT = frozenset({"VFREEBUSY", "VTIMEZONE"})


def read_calendar(source: Source) -> Iterator[Found]:
    """Yield the meetings, notes and tasks of an iCalendar or vCalendar file, in the order in which they end.

    A component that is cut off, empty, unknown, or outside a calendar becomes a `Rejection`, and so do stray lines and
    a calendar without END; all others are kept. VFREEBUSY and VTIMEZONE are left out. Memory is that of one component.

    Raises:
        InvalidInput: if the file is missing, empty, binary, or holds no calendar.

    """
    name = source.path.name
    _check(source)
    try:
        encoding = find_encoding(source.path, source.options.get("encoding", ""))
        scopes = read_scopes(split(content_lines(source.path, encoding)))
        parts = split(content_lines(source.path, encoding))
        first = next(parts, None)
        if not scopes and not isinstance(first, Block):
            raise InvalidInput(_("{name}: no calendar in it (no line BEGIN:VCALENDAR).").format(name=name))
        for part in chain([first] if first is not None else [], parts):
            if isinstance(part, Line):
                yield Rejection(line=part.number, reason=_stray(part.text), raw=part.text)
            else:
                yield from _records(part, scopes)
    except OSError as wrong:
        raise InvalidInput(_("{name}: cannot be read: {why}").format(name=name, why=wrong.strerror)) from wrong


def _check(source: Source) -> None:
    name = source.path.name
    try:
        with source.path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as wrong:
        raise InvalidInput(_("{name}: cannot be read: {why}").format(name=name, why=wrong.strerror)) from wrong
    if not head.strip():
        raise InvalidInput(_("{name}: the file is empty.").format(name=name))
    if b"\0" in head and not wide_encoding(head) and not source.options.get("encoding"):
        raise InvalidInput(_("{name}: this is a binary file, not a calendar.").format(name=name))


def _records(block: Block, scopes: list[Scope]) -> Iterator[Found]:
    if block.name in _KNOWINGLY_LEFT_OUT:
        return
    if block.name == "VCALENDAR":
        if not block.ended:
            yield _rejection(block, _("The calendar that begins here has no END:VCALENDAR; the file may be cut off."))
    elif block.calendar < 0:
        yield _rejection(block, _("{name} stands outside a calendar (BEGIN:VCALENDAR ... END:VCALENDAR)."))
    elif not block.ended:
        yield _rejection(block, _("{name} has no END:{name}; it may be cut off."))
    elif block.name in {"VEVENT", "VJOURNAL"}:
        yield read_event(block, scopes[block.calendar])
    elif block.name == "VTODO":
        yield read_todo(block, scopes[block.calendar])
    else:
        yield _rejection(block, _("{name} is no component that is known here."))


def _stray(text: str) -> str:
    if text.upper().startswith("END"):
        return _("“{text}” ends nothing that was begun.").format(text=text.strip()[:80])
    return _("This line belongs to no component.")


def _rejection(block: Block, reason: str) -> Rejection:
    return Rejection(line=block.line, reason=reason.format(name=block.name), raw=block.text)
