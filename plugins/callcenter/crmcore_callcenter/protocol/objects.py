"""JSON objects that follow each other in a file: in an array, or one after another, read in constant memory."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import TextIO

from attrs import define, frozen

LONGEST = 1024 * 1024
"""Characters of an object; a longer one is not read."""

_BETWEEN = re.compile(r"[\s,\[\]]*")
_BEGINNING = re.compile(r"\n[\s,]*(?=\{)")
_DECODER = json.JSONDecoder()


@frozen(kw_only=True)
class Found:
    """An object as headers and their values, and the line it begins in, counted from 1.

    A list's values are joined by line breaks, numbers written as text. `fields` is None for what is no object, and
    `raw` then how it begins; `cut` says that the file ended within it.
    """

    line: int
    fields: Mapping[str, str] | None
    raw: str = ""
    cut: bool = False


@define
class _Buffer:
    file: TextIO
    text: str = ""
    line: int = 1
    ended: bool = False

    def more(self) -> None:
        """Read another block."""
        block = self.file.read(65536)
        self.text += block
        self.ended = not block

    def drop(self, count: int) -> str:
        """Take characters from the beginning, counting lines."""
        dropped, self.text = self.text[:count], self.text[count:]
        self.line += dropped.count("\n")
        return dropped


def objects(file: TextIO) -> Iterator[Found]:
    """Yield the objects of a file. After one that is broken, reading goes on where a line begins with another."""
    buffer = _Buffer(file)
    while True:
        while True:
            between = _BETWEEN.match(buffer.text)
            buffer.drop(between.end() if between else 0)
            if buffer.text or buffer.ended:
                break
            buffer.more()
        if not buffer.text:
            return
        line = buffer.line
        try:
            value, end = _DECODER.raw_decode(buffer.text)
        except (json.JSONDecodeError, RecursionError) as problem:
            if not buffer.ended and len(buffer.text) < LONGEST and _unfinished(problem, buffer.text):
                buffer.more()
                continue
            cut = buffer.ended and _unfinished(problem, buffer.text)
            yield Found(line=line, fields=None, raw=_skipped(buffer)[:2000], cut=cut)
            continue
        raw = buffer.drop(end)
        yield Found(line=line, fields=fields_of(value) if isinstance(value, dict) else None, raw=raw[:2000])


def _unfinished(problem: Exception, text: str) -> bool:
    if not isinstance(problem, json.JSONDecodeError):
        return False
    return problem.msg.startswith("Unterminated") or problem.pos >= len(text.rstrip()) - 8


def _skipped(buffer: _Buffer) -> str:
    """Drop what is broken, up to the next line that begins with an object, and return how it begins."""
    first = ""
    while True:
        beginning = _BEGINNING.search(buffer.text, 1)
        if beginning is not None:
            return first or buffer.drop(beginning.end())
        kept = "" if buffer.ended else buffer.text[-200:].rpartition("\n")[2]
        dropped = buffer.drop(len(buffer.text) - len(kept))
        first = first or dropped
        if buffer.ended:
            return first
        buffer.more()


def fields_of(value: Mapping[str, object]) -> dict[str, str]:
    """Return an object's members as texts: a list's joined by line breaks, what is no text as JSON writes it."""
    return {clean(str(name)): clean(_text(one)) for name, one in value.items()}


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(_text(one) for one in value)
    return json.dumps(value, ensure_ascii=False)


def clean(text: str) -> str:
    """Return a text without what no database keeps: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
