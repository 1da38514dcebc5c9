"""Components of a calendar file, cut out one after the other (RFC 5545, 3.4 and 3.6)."""

import re
from collections.abc import Iterator

from attrs import frozen

from crmcore.formats.calendar.lines import Line

_BOUNDARY = re.compile(r"(BEGIN|END)\s*(?:;[^:]*)?:\s*(.*?)\s*$", re.IGNORECASE)
_MAIN = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VAVAILABILITY"})


@frozen(kw_only=True)
class Block:
    """A component: its property lines, the components inside it, and whether its END was there.

    `calendar` counts the calendars of the file from 0; -1 for a component that stands outside any. A calendar itself is
    a block too, named VCALENDAR, with its own properties only.
    """

    name: str
    line: int
    calendar: int
    lines: tuple[Line, ...] = ()
    inside: tuple["Block", ...] = ()
    ended: bool = True

    @property
    def text(self) -> str:
        """The component as it stands in the file, unfolded, without its END."""
        own = [f"BEGIN:{self.name}", *(line.text for line in self.lines)]
        return "\n".join([*own, *(block.text for block in self.inside)])


class _Open:
    """A component whose END has not come yet."""

    def __init__(self, name: str, line: int) -> None:
        self.name = name
        self.line = line
        self.lines: list[Line] = []
        self.inside: list[Block] = []


class _Splitter:
    def __init__(self) -> None:
        self.stack: list[_Open] = []
        self.calendar = -1
        self.seen = 0

    def begin(self, name: str, line: int) -> Iterator[Block]:
        if name == "VCALENDAR":
            yield from self.close(0)
            self.calendar, self.seen = self.seen, self.seen + 1
        elif name in _MAIN:  # these never stand in one another: the one before lacks its END
            yield from self.close(1 if self.calendar >= 0 else 0)
        self.stack.append(_Open(name, line))

    def end(self, name: str) -> Iterator[Block]:
        depth = max(index for index, block in enumerate(self.stack) if block.name == name)
        yield from self.close(depth, ended=name)

    def close(self, depth: int, ended: str = "") -> Iterator[Block]:
        while len(self.stack) > depth:
            last = self.stack.pop()
            block = Block(
                name=last.name,
                line=last.line,
                calendar=self.calendar,
                lines=tuple(last.lines),
                inside=tuple(last.inside),
                ended=len(self.stack) == depth and last.name == ended,
            )
            if len(self.stack) > (1 if self.calendar >= 0 else 0):
                self.stack[-1].inside.append(block)
            else:
                yield block
            if last.name == "VCALENDAR":
                self.calendar = -1


def split(lines: Iterator[Line]) -> Iterator[Block | Line]:
    """Yield each component when it ends, each calendar after its components, and lines that belong to none.

    A component that another one cuts short, or the end of the file, has `ended` False; those after it are whole. Memory
    is that of one component.
    """
    splitter = _Splitter()
    for line in lines:
        boundary = _BOUNDARY.match(line.text)
        if boundary is None:
            if splitter.stack:
                splitter.stack[-1].lines.append(line)
            else:
                yield line
            continue
        name = boundary[2].upper()
        if boundary[1].upper() == "BEGIN":
            yield from splitter.begin(name, line.number)
        elif any(block.name == name for block in splitter.stack):
            yield from splitter.end(name)
        else:
            yield line
    yield from splitter.close(0)
