"""A component opened for reading: its properties, taken one by one, and whatever is left for `extra`."""

from hashlib import sha256

from icalendar.parser import split_on_unescaped_comma

from crmcore.formats.calendar.blocks import Block
from crmcore.formats.calendar.properties import Property, read_properties
from crmcore.formats.calendar.scope import Scope
from crmcore.formats.calendar.times import Moment, read_moment
from crmcore.i18n import _

_SAYS_LITTLE = frozenset({"VALUE", "LANGUAGE", "ENCODING", "CHARSET"})
_LISTS = frozenset({"CATEGORIES", "RESOURCES"})
_ALWAYS_AS_WRITTEN = frozenset({"DTEND", "DUE", "RDATE", "EXDATE", "RECURRENCE-ID"})


class Component:
    """One VEVENT, VTODO or VJOURNAL while it is read.

    What a record has a place for is taken with `take` and `take_all`; `extra` then gives the rest, so that nothing is
    lost. Values that cannot be read are noted with `note` and stay in `extra` as written.
    """

    def __init__(self, block: Block, scope: Scope) -> None:
        self.block = block
        self.scope = scope
        self._left, self._unreadable = read_properties(block.lines)
        self._kept: list[tuple[str, str]] = []
        self._problems: list[str] = []

    @property
    def empty(self) -> bool:
        """Whether there is nothing in the component."""
        return not (self._left or self._kept or self._unreadable or self.block.inside)

    def peek(self, name: str) -> Property | None:
        """Return the first property of that name that is still there."""
        return next((one for one in self._left if one.name == name), None)

    def take(self, name: str) -> Property | None:
        """Remove and return the first property of that name; a second one stays for `extra`."""
        found = self.peek(name)
        if found is not None:
            self._left.remove(found)
        return found

    def take_all(self, *names: str) -> list[Property]:
        """Remove and return all properties of these names, in their order."""
        found = [one for one in self._left if one.name in names]
        self._left = [one for one in self._left if one.name not in names]
        return found

    def text(self, name: str) -> str:
        """Take a text property; empty if there is none."""
        found = self.take(name)
        return found.text.strip() if found is not None else ""

    def keep(self, name: str, text: str) -> None:
        """Add something to `extra`."""
        if text:
            self._kept.append((name, text))

    def note(self, one: Property, sentence: str = "") -> None:
        """Say in `extra` what is wrong with a value; by default, that it cannot be read."""
        sentence = sentence or _("line {line}: {field} cannot be read: “{value}”")
        self._problems.append(sentence.format(line=one.line, field=one.name, value=one.value[:80]))

    def moment(self, name: str, tzid: str = "") -> Moment | None:
        """Read a date or time that the record can do without; one that cannot be read is noted. It stays in `extra`.

        `tzid` is the zone of DTSTART, for a value that names none.
        """
        one = self.peek(name)
        if one is None:
            return None
        try:
            return read_moment(one, self.scope, tzid)
        except ValueError:
            self.note(one)
            return None

    def external_id(self) -> str:
        """Take UID; without one, return a SHA-256 of the component that is the same for each export.

        DTSTAMP is left out of it: programs write the moment of the export there.
        """
        uid = self.text("UID")
        if uid:
            return uid
        lines = [line.text for line in self.block.lines if not line.text.upper().startswith("DTSTAMP")]
        return "sha256:" + sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()

    def extra(self) -> dict[str, str]:
        """Return all that was not taken, under lower-case names; values of one name are joined by line ends."""
        found: dict[str, list[str]] = {}
        for name, text in self._kept:
            found.setdefault(name, []).append(text)
        for one in self._left:
            found.setdefault(one.name.lower(), []).append(_left_over(one))
        for block in self.block.inside:
            if block.name != "VALARM":
                found.setdefault(block.name.lower(), []).append(block.text)
        for line in self._unreadable:
            self._problems.append(_("line {line}: no property: “{text}”").format(line=line.number, text=line.text))
        alarms = sum(block.name == "VALARM" for block in self.block.inside)
        extra = {name: "\n".join(texts) for name, texts in found.items()}
        extra |= {"alarms": str(alarms)} if alarms else {}
        extra |= {"method": self.scope.method} if self.scope.method else {}
        extra |= {"problems": "\n".join(self._problems)} if self._problems else {}
        return extra | dict(self.scope.about)


def _left_over(one: Property) -> str:
    if one.name in _ALWAYS_AS_WRITTEN or one.parameters.keys() - _SAYS_LITTLE:
        return one.written
    if one.name in _LISTS:
        return "\n".join(split_on_unescaped_comma(one.value))
    return one.text
