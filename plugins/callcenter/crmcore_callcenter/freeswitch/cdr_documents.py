"""Files of mod_json_cdr and mod_xml_cdr: one document a leg, one or many in a file, however they were put together.

JSON: an object a line, an array, or objects one after the other; XML: one `<cdr>` or several, with or without a root
around them. XML with a document type or entities is refused: it has no business here, and such can fill the memory.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote
from xml.parsers import expat

from attrs import define, field, frozen

from crmcore.api import InvalidInput, Rejection, Source
from crmcore_callcenter.i18n import _

LONGEST = 8 * 1024 * 1024
"""Characters of one document; a longer one is none."""

_BLOCK = 256 * 1024
_BETWEEN = re.compile(r"[\s,\[\]]*")
_AROUND = re.compile(r"(?:\s|<\?xml[^>]*\?>|<!--.*?-->|</?cdrs[^>]*>)*\Z", re.DOTALL)
_RAW = 300


@frozen(kw_only=True)
class Document:
    """A leg as it was written: the channel's variables, and the profiles of its way, the first (the call's) first."""

    line: int
    variables: Mapping[str, str]
    flow: Sequence[Mapping[str, Mapping[str, str]]]


def documents(source: Source) -> Iterator[Document | Rejection]:
    """Yield the documents of a file, in constant memory. Raises `InvalidInput` for XML with a document type."""
    texts = _Texts(source)
    start = texts.more().lstrip("\ufeff \t\r\n")
    found = _xml(texts) if start.startswith("<") else _json(texts)
    last = 0
    for line, one in found:
        last = max(last + 1, line)
        yield _document(last, one) if isinstance(one, dict) else Rejection(line=last, reason=one[0], raw=one[1])


@define
class _Texts:
    """The text of a file, a block at a time; `buffer` is what was read and not yet taken, `line` where it begins."""

    source: Source
    buffer: str = ""
    line: int = 1
    ended: bool = False
    _blocks: Iterator[str] | None = field(default=None)

    def more(self) -> str:
        """Read more into the buffer, as much as is in it, and return all of it."""
        self._blocks = self._blocks or _blocks(self.source)
        wanted = len(self.buffer) + _BLOCK
        while len(self.buffer) < wanted and not self.ended:
            block = next(self._blocks, None)
            self.ended = block is None
            self.buffer += block or ""
        return self.buffer

    def take(self, count: int) -> None:
        """Take so many characters from the buffer."""
        self.line += self.buffer.count("\n", 0, count)
        self.buffer = self.buffer[count:]


def _blocks(source: Source) -> Iterator[str]:
    try:
        with source.path.open("rb") as file:
            head = file.read(_BLOCK)
    except OSError as error:
        raise InvalidInput(
            _("{file}: cannot be read: {why}").format(file=source.path.name, why=error.strerror)
        ) from error
    encoding = source.options.get("encoding") or ("utf-8" if _is_utf8(head) else "gb18030")
    try:
        with source.path.open(encoding=encoding, errors="replace", newline="") as text:
            while block := text.read(_BLOCK):
                yield block
    except LookupError:
        raise InvalidInput(
            _("{file}: encoding {name} is not known").format(file=source.path.name, name=encoding)
        ) from None


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4
    return True


_Found = tuple[int, dict[str, Any] | tuple[str, str]]
"""The line, and a document, or a reason with how it begins."""


def _json(texts: _Texts) -> Iterator[_Found]:
    decoder = json.JSONDecoder()
    texts.take(1 if texts.buffer.startswith("\ufeff") else 0)
    while True:
        if len(texts.buffer) < _BLOCK // 4:
            texts.more()
        between = _BETWEEN.match(texts.buffer)
        texts.take(between.end() if between else 0)
        if not texts.buffer:
            if texts.ended:
                return
            continue
        line = texts.line
        try:
            found, end = decoder.raw_decode(texts.buffer)
        except (ValueError, RecursionError):
            if not texts.ended and len(texts.buffer) < LONGEST:
                texts.more()
                continue
            raw = texts.buffer[:_RAW]
            texts.take(_next_object(texts.buffer))
            yield line, (_("this is no JSON object"), raw)
            continue
        raw = texts.buffer[:_RAW]
        texts.take(end)
        is_leg = isinstance(found, dict) and isinstance(found.get("variables"), dict)
        yield line, found if is_leg else (_("this is no leg of a call: it has no variables"), raw)


def _next_object(text: str) -> int:
    """Return where reading goes on behind what could not be read: an object that begins a line, else the end."""
    found = re.compile(r"(?<=\n)\s*[,\[]?\s*\{|\{\s*\"core-uuid\"").search(text, 1)
    return found.start() if found else len(text)


def _xml(texts: _Texts) -> Iterator[_Found]:
    while True:
        end = texts.buffer.find("</cdr>")
        if end < 0 and not texts.ended and len(texts.buffer) < LONGEST:
            texts.more()
            continue
        if end < 0:
            if not _AROUND.match(texts.buffer.lstrip("\ufeff")):
                yield texts.line, (_("this is no leg of a call: the end, </cdr>, is missing"), texts.buffer[:_RAW])
            texts.take(len(texts.buffer))
            if texts.ended:
                return
            continue
        text = texts.buffer[: end + len("</cdr>")]
        begins = re.search(r"<cdr[\s>]", text)
        around = text[: begins.start()] if begins else text
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise InvalidInput(
                _("{file}: XML with a document type is not read: call detail records have none").format(
                    file=texts.source.path.name
                )
            )
        texts.take(len(around))
        line = texts.line
        texts.take(len(text) - len(around))
        found = _parsed(text[len(around) :]) if _AROUND.match(around.lstrip("\ufeff")) else None
        yield line, found or (_("this is no leg of a call in XML"), text[:_RAW])


def _parsed(text: str) -> dict[str, Any] | None:
    """Return a document in the shape that JSON has; None for what is no well-formed XML or has no variables."""
    variables: dict[str, str] = {}
    flow: list[dict[str, dict[str, str]]] = []
    path: list[str] = []
    words: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name)
        words.clear()
        if path == ["cdr", "callflow"]:
            flow.append({"": attributes, "caller_profile": {}, "times": {}, "originator": {}})

    def end(name: str) -> None:
        text = "".join(words).strip()
        if len(path) == 3 and path[1] == "variables":
            variables[name] = text
        elif flow and path[1:2] == ["callflow"] and path[2:3] in (["caller_profile"], ["times"]) and len(path) == 4:
            flow[-1][path[2]][name] = text
        elif flow and path[1:2] == ["callflow"] and "originator" in path and name == "uuid":
            flow[-1]["originator"]["uuid"] = text
        path.pop()
        words.clear()

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = words.append
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, UnicodeError):
        return None
    return {"variables": variables, "callflow": flow} if variables else None


def _document(line: int, found: Mapping[str, Any]) -> Document:
    variables = {name: _plain(value) for name, value in found["variables"].items()}
    flow = found.get("callflow")
    profiles = [_profile(one) for one in (flow if isinstance(flow, list) else [flow]) if isinstance(one, dict)]
    profiles.sort(key=lambda one: int(one[""]["index"]))
    return Document(line=line, variables=variables, flow=profiles)


def _profile(said: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return a part of the way: the caller's profile, its times, and who made the leg."""
    caller = said.get("caller_profile")
    caller = caller if isinstance(caller, dict) else {}
    index = said.get("profile_index") or (said[""].get("profile_index") if isinstance(said.get(""), dict) else "")
    makers = said.get("originator") or caller.get("originator")
    makers = makers if isinstance(makers, dict) else {}
    profiles = makers.get("originator_caller_profiles")
    first = profiles[0] if isinstance(profiles, list) and profiles and isinstance(profiles[0], dict) else makers
    times = said.get("times")
    return {
        "": {"index": str(index) if str(index).isdecimal() else "0"},
        "caller_profile": {name: _plain(value) for name, value in caller.items() if not isinstance(value, dict | list)},
        "originator": {"uuid": _plain(first.get("uuid", ""))},
        "times": {name: _plain(value) for name, value in times.items()} if isinstance(times, dict) else {},
    }


def _plain(value: Any) -> str:
    """Return a value as text; they are percent-encoded, where the configuration does not say otherwise."""
    if isinstance(value, list):
        return "|:".join(map(_plain, value))
    text = "" if value is None else str(value)
    return unquote(text) if "%" in text else text
