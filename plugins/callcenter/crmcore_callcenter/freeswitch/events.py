"""Recorded streams of FreeSWITCH's event socket: as they were sent, events alone, or events as JSON."""

import re
from collections.abc import Iterator, Mapping

from crmcore.api import Rejection, Source
from crmcore_callcenter.freeswitch.correlating import Correlator
from crmcore_callcenter.freeswitch.wire import Frame, Frames
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.events import AgentEvent, Heard
from crmcore_callcenter.protocol.recorded import BOM, Message, blocks, heard, is_json, json_messages

_EVENT = re.compile(rb"^Event-Name: ?[A-Z_]+\r?$", re.MULTILINE)
_MESSAGE = re.compile(rb"^Content-Type: ?(?:text/event-|command/reply|api/response|auth/request)", re.MULTILINE)
_JSON_EVENT = re.compile(rb'"Event-Name" ?: ?"[A-Z_]+"')


def sniff(head: bytes, _name: str) -> int:
    """Return from 0 to 100 how surely a file that begins so is such a recording."""
    text = head.removeprefix(BOM).lstrip()
    if text[:1] in (b"[", b"{"):
        return 90 if _JSON_EVENT.search(text) else 0
    if _MESSAGE.search(text):
        return 90 if _EVENT.search(text) else 60
    return 85 if _EVENT.match(text) else 0


def read(source: Source) -> Iterator[Heard | AgentEvent | Rejection]:
    """Yield each call of a recording, what it says of agents, and what could not be read, in the order of the file.

    Answers to commands may lie between the events. Raises `InvalidInput` for a file that holds no message of the event
    socket.
    """
    yield from heard(
        json_messages(source.path) if is_json(source.path) else _written(source),
        Correlator().feed,
        is_known=_is_known,
        strange=_("This message is neither an event nor an answer of the event socket."),
        refusal=_("{file} holds no messages of FreeSWITCH's event socket.").format(file=source.path.name),
    )


def _is_known(fields: Mapping[str, str]) -> bool:
    return "Event-Name" in fields or "Content-Type" in fields


def _written(source: Source) -> Iterator[Message]:
    frames = Frames()
    for block in blocks(source.path):
        yield from map(_message, frames.feed(block))
    yield from map(_message, frames.close())


def _message(frame: Frame) -> Message:
    is_event = frame.headers.get("Content-Type", "").startswith("text/event")
    fields = frame.event or ({} if is_event else frame.headers)
    return Message(line=frame.line, fields=fields, problem=frame.problem, raw=frame.raw)
