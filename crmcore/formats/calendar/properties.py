"""One content line: its name, parameters and value (RFC 5545, 3.1 to 3.3)."""

import quopri
import re
from collections.abc import Iterable, Mapping

from attrs import frozen
from icalendar.parser import Contentline, unescape_backslash

from crmcore.formats.calendar.lines import Line

_PLAIN = re.compile(r"([A-Za-z0-9-]+):(.*)", re.DOTALL)
_HEAD = re.compile(r'([^:;"]+)((?:"[^"]*"|[^":])*):(.*)', re.DOTALL)
_BARE_ENCODINGS = frozenset({"QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT"})
NO_PARAMETERS: Mapping[str, str] = {}


@frozen(kw_only=True)
class Property:
    """A property as written: upper-case name, parameters by upper-case name, value still escaped, place in the file."""

    name: str
    value: str
    line: int
    parameters: Mapping[str, str] = NO_PARAMETERS

    @property
    def text(self) -> str:
        """The value as TEXT: escapes resolved, and quoted-printable (vCalendar 1.0) decoded."""
        if self.parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
            octets = quopri.decodestring(unescape_backslash(self.value).encode("utf-8"))
            return _decoded(octets, self.parameters.get("CHARSET", "")).replace("\r\n", "\n")
        return str(unescape_backslash(self.value))

    @property
    def written(self) -> str:
        """Parameters and value as one text, with nothing lost: `TZID=Europe/Paris:20170120T080000`."""
        if not self.parameters:
            return self.value
        return ";".join(f"{name}={value}" for name, value in self.parameters.items()) + ":" + self.value


def _decoded(octets: bytes, charset: str) -> str:
    for name in (charset, "utf-8", "gb18030"):
        if name:
            try:
                return octets.decode(name)
            except (UnicodeError, LookupError):
                continue
    return octets.decode("latin-1")


def read_property(line: Line) -> Property | None:
    """Read a content line; None when it is not one, even after the usual mistakes are mended.

    Mended are doubled semicolons, parameters without a value (`;QUOTED-PRINTABLE:` of vCalendar 1.0), quotation marks
    that do not close, and a TZID with a bare colon in it.
    """
    plain = _PLAIN.fullmatch(line.text)
    if plain is not None:
        return Property(name=plain[1].upper(), value=plain[2], line=line.number)
    for mend in (str, _mended):
        try:
            name, parameters, value = _contentline(mend(line.text)).raw_parts()
        except ValueError:
            continue
        return Property(
            name=name.upper(),
            value=value,
            line=line.number,
            parameters={key.upper(): _one(found) for key, found in parameters.items()},
        )
    return None


def _contentline(text: str) -> Contentline:
    return Contentline(text.replace("\n", "\\n"))  # type: ignore[no-untyped-call]  # the library's own has no types


def _one(value: object) -> str:
    return ",".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _mended(text: str) -> str:
    parts = _HEAD.fullmatch(text) or _HEAD.fullmatch(text.replace('"', ""))
    if parts is None:
        return text
    kept = []
    for parameter in parts[2].split(";"):
        if "=" in parameter:
            kept.append(parameter)
        elif parameter.strip().upper() in _BARE_ENCODINGS:
            kept.append(f"ENCODING={parameter.strip()}")
        elif parameter.strip():
            kept.append(f"{parameter.strip()}=")
    return ";".join([parts[1].strip(), *kept]) + ":" + parts[3]


def read_properties(lines: Iterable[Line]) -> tuple[list[Property], list[Line]]:
    """Read the lines of a component; return the properties, and the lines that are none."""
    properties: list[Property] = []
    others: list[Line] = []
    for line in lines:
        found = read_property(line)
        if found is None:
            others.append(line)
        else:
            properties.append(found)
    return properties, others
