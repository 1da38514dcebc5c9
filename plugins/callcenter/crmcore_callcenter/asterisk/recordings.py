"""Recorded streams of Asterisk's Manager Interface: the text as it was sent, or its events as JSON."""

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import evolve

from crmcore.api import InvalidInput, Rejection, Source
from crmcore_callcenter.asterisk.correlating import Correlator
from crmcore_callcenter.asterisk.wire import Frame, Frames
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.events import AgentEvent, CallEvent, Heard
from crmcore_callcenter.protocol.gathering import Gathering, Piece
from crmcore_callcenter.protocol.objects import objects

_BLOCK = 65536
_STRANGE = 100
"""So many messages of another kind at the beginning show that a file is of another kind."""

_MARKS = ("event", "response", "action", "greeting")
_BOM = b"\xef\xbb\xbf"

_EVENTS = re.compile(rb"^Event: ?\w+\r?$", re.MULTILINE)
_BESIDE = re.compile(rb"^(?:Privilege|ActionID|Uniqueid): ?", re.MULTILINE | re.IGNORECASE)
_ANSWERS = re.compile(rb"^(?:Response: ?(?:Success|Error|Follows|Goodbye|Pong)|Action: ?\w+)\r?$", re.MULTILINE)
_JSON_EVENT = re.compile(rb'"Event" ?: ?"\w+"')
_JSON_BESIDE = re.compile(rb'"(?:Privilege|Uniqueid|ChannelState)" ?: ?"', re.IGNORECASE)


def sniff(head: bytes, _name: str) -> int:
    """Return from 0 to 100 how surely a file that begins so is such a recording."""
    text = head.removeprefix(_BOM).lstrip()
    if text[:1] in (b"[", b"{"):
        return 90 if _JSON_EVENT.search(text) and _JSON_BESIDE.search(text) else 0
    if text.startswith(b"Asterisk Call Manager"):
        return 95
    if _EVENTS.search(text) and _BESIDE.search(text):
        return 90
    return 70 if _ANSWERS.match(text) else 0


def read(source: Source) -> Iterator[Heard | AgentEvent | Rejection]:
    """Yield each call of a recording, what it says of agents, and what could not be read, in the order of the file.

    Actions that were sent, and their answers, may lie between the events. Of a call that goes on when the recording
    ends, what was heard until then. Raises `InvalidInput` for a file that holds no message of the Manager Interface.
    """
    gathering: Gathering[tuple[int, CallEvent], AgentEvent | Rejection] = Gathering()
    for one in gathering.run(_told(_known(_frames(source), source.path))):
        if isinstance(one, tuple):
            lines = [line for line, _event in one]
            yield Heard(events=tuple(event for _line, event in one), line=lines[0])
        else:
            yield one


def _frames(source: Source) -> Iterator[Frame]:
    try:
        with source.path.open("rb") as file:
            head = file.peek(_BLOCK).removeprefix(_BOM).lstrip()
    except OSError as problem:
        raise InvalidInput(
            _("{file} cannot be read: {why}").format(file=source.path.name, why=problem.strerror)
        ) from problem
    return _of_json(source) if head[:1] in (b"[", b"{") else _of_text(source)


def _of_text(source: Source) -> Iterator[Frame]:
    frames = Frames(source.options.get("encoding") or "latin-1")
    with source.path.open("rb") as file:
        block = file.read(_BLOCK).removeprefix(_BOM)
        while block:
            yield from frames.feed(block)
            block = file.read(_BLOCK)
    yield from frames.close()


def _of_json(source: Source) -> Iterator[Frame]:
    with source.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        last = 0
        for one in objects(file):
            last = max(last + 1, one.line)
            problem = ""
            if one.fields is None:
                problem = _("The last message is cut off.") if one.cut else _("This is not a JSON object.")
            yield Frame(fields=one.fields or {}, line=last, problem=problem, raw=one.raw)


def _known(frames: Iterator[Frame], path: Path) -> Iterator[Frame]:
    """Yield messages; one that is of no kind the Manager Interface has is a problem."""
    strange: list[Frame] | None = []
    for frame in frames:
        if not frame.problem and not any(name.lower() in _MARKS for name in frame.fields):
            raw = "\n".join(f"{name}: {value}" for name, value in frame.fields.items())[:2000]
            problem = _("This message says neither which event it tells nor what it answers.")
            frame = evolve(frame, problem=problem, raw=raw)
        if strange is not None:
            if frame.problem and len(strange) < _STRANGE:
                strange.append(frame)
                continue
            if frame.problem:
                break
            yield from strange
            strange = None
        yield frame
    if strange is not None:
        raise InvalidInput(_("{file} holds no messages of Asterisk's Manager Interface.").format(file=path.name))


def _told(frames: Iterator[Frame]) -> Iterator[Piece[tuple[int, CallEvent]] | AgentEvent | Rejection]:
    following = Correlator()
    for frame in frames:
        if frame.problem:
            yield Rejection(line=frame.line, reason=frame.problem, raw=frame.raw)
            continue
        for one in following.feed(frame.fields):
            if isinstance(one, AgentEvent):
                yield evolve(one, line=frame.line)
            else:
                keys = (one.call, one.joins) if one.joins else (one.call,)
                yield Piece(line=frame.line, keys=keys, value=(frame.line, one))
