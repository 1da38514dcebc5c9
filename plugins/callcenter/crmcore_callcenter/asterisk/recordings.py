"""Recorded streams of Asterisk's Manager Interface: the text as it was sent, or its events as JSON."""

import re
from collections.abc import Iterator, Mapping

from crmcore.api import Rejection, Source
from crmcore_callcenter.asterisk.correlating import Correlator
from crmcore_callcenter.asterisk.wire import Frame, Frames
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.events import AgentEvent, Heard
from crmcore_callcenter.protocol.recorded import BOM, Message, blocks, heard, is_json, json_messages

_MARKS = ("event", "response", "action", "greeting")
_EVENTS = re.compile(rb"^Event: ?\w+\r?$", re.MULTILINE)
_BESIDE = re.compile(rb"^(?:Privilege|ActionID|Uniqueid): ?", re.MULTILINE | re.IGNORECASE)
_ANSWERS = re.compile(rb"^(?:Response: ?(?:Success|Error|Follows|Goodbye|Pong)|Action: ?\w+)\r?$", re.MULTILINE)
_JSON_EVENT = re.compile(rb'"Event" ?: ?"\w+"')
_JSON_BESIDE = re.compile(rb'"(?:Privilege|Uniqueid|ChannelState)" ?: ?"', re.IGNORECASE)


def sniff(head: bytes, _name: str) -> int:
    """Return from 0 to 100 how surely a file that begins so is such a recording."""
    text = head.removeprefix(BOM).lstrip()
    if text[:1] in (b"[", b"{"):
        return 90 if _JSON_EVENT.search(text) and _JSON_BESIDE.search(text) else 0
    if text.startswith(b"Asterisk Call Manager"):
        return 95
    if _EVENTS.search(text) and _BESIDE.search(text):
        return 90
    return 70 if _ANSWERS.match(text) else 0


def read(source: Source) -> Iterator[Heard | AgentEvent | Rejection]:
    """Yield each call of a recording, what it says of agents, and what could not be read, in the order of the file.

    Actions that were sent, and their answers, may lie between the events. Raises `InvalidInput` for a file that holds
    no message of the Manager Interface.
    """
    yield from heard(
        json_messages(source.path) if is_json(source.path) else _written(source),
        Correlator().feed,
        is_known=_is_known,
        strange=_("This message says neither which event it tells nor what it answers."),
        refusal=_("{file} holds no messages of Asterisk's Manager Interface.").format(file=source.path.name),
    )


def _is_known(fields: Mapping[str, str]) -> bool:
    return any(name.lower() in _MARKS for name in fields)


def _written(source: Source) -> Iterator[Message]:
    frames = Frames(source.options.get("encoding") or "latin-1")
    for block in blocks(source.path):
        yield from map(_message, frames.feed(block))
    yield from map(_message, frames.close())


def _message(frame: Frame) -> Message:
    return Message(line=frame.line, fields=frame.fields, problem=frame.problem, raw=frame.raw)
