"""Recorded streams of a telephone system's messages: one `Heard` for each call in them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from attrs import evolve, field, frozen

from crmcore.api import InvalidInput, Rejection
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.events import AgentEvent, CallEvent, Heard
from crmcore_callcenter.protocol.gathering import Gathering, Piece
from crmcore_callcenter.protocol.objects import objects

BLOCK = 65536
"""Bytes read at once."""

BOM = b"\xef\xbb\xbf"
"""What some editors put before UTF-8."""

_STRANGE = 100
"""So many messages of another kind at the beginning show that a file is of another kind."""


@frozen(kw_only=True)
class Message:
    """A message of a recording and the line it begins in; with a `problem`, a sentence, it could not be read."""

    line: int
    fields: Mapping[str, str] = field(factory=dict)
    problem: str = ""
    raw: str = ""


def is_json(path: Path) -> bool:
    """Return whether a file holds JSON, by how it begins. Raises `InvalidInput` where it cannot be opened."""
    try:
        with path.open("rb") as file:
            return file.read(BLOCK).removeprefix(BOM).lstrip()[:1] in (b"[", b"{")
    except OSError as problem:
        raise InvalidInput(_("{file} cannot be read: {why}").format(file=path.name, why=problem.strerror)) from problem


def blocks(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes."""
    with path.open("rb") as file:
        block = file.read(BLOCK).removeprefix(BOM)
        while block:
            yield block
            block = file.read(BLOCK)


def json_messages(path: Path) -> Iterator[Message]:
    """Yield the objects of a JSON file; those that share a line are counted on from it."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        last = 0
        for one in objects(file):
            last = max(last + 1, one.line)
            problem = ""
            if one.fields is None:
                problem = _("The last message is cut off.") if one.cut else _("This is not a JSON object.")
            yield Message(fields=one.fields or {}, line=last, problem=problem, raw=one.raw)


def heard(
    messages: Iterator[Message],
    feed: Callable[[Mapping[str, str]], Sequence[CallEvent | AgentEvent]],
    *,
    is_known: Callable[[Mapping[str, str]], bool],
    strange: str,
    refusal: str,
) -> Iterator[Heard | AgentEvent | Rejection]:
    """Yield each call, what is said of agents, and what could not be read, in the order of the file.

    A call that another one joins is one with it; of one that goes on when the recording ends, what was heard till
    then. `strange` is the sentence for a message that is not `is_known`. Raises `InvalidInput` with the sentence
    `refusal` for a file that begins with nothing else.
    """
    gathering: Gathering[tuple[int, CallEvent], AgentEvent | Rejection] = Gathering()
    for one in gathering.run(_told(_checked(messages, is_known, strange, refusal), feed)):
        if not isinstance(one, tuple):
            yield one
        elif all(event.details.get("called") == "nobody" for _line, event in one):
            reason = _("The telephone system rang one of us, who did not take it up: nobody was called.")
            yield Rejection(line=one[0][0], reason=reason, raw=one[0][1].call)
        else:
            yield Heard(events=tuple(event for _line, event in one), line=one[0][0])


def _checked(
    messages: Iterator[Message], is_known: Callable[[Mapping[str, str]], bool], strange: str, refusal: str
) -> Iterator[Message]:
    waiting: list[Message] | None = []
    for message in messages:
        if not message.problem and not is_known(message.fields):
            raw = "\n".join(f"{name}: {value}" for name, value in message.fields.items())[:2000]
            message = evolve(message, problem=strange, raw=raw)
        if waiting is not None and message.problem:
            waiting.append(message)
            if len(waiting) == _STRANGE:
                break
            continue
        yield from waiting or ()
        waiting = None
        yield message
    if waiting is not None:
        raise InvalidInput(refusal)


def _told(
    messages: Iterator[Message], feed: Callable[[Mapping[str, str]], Sequence[CallEvent | AgentEvent]]
) -> Iterator[Piece[tuple[int, CallEvent]] | AgentEvent | Rejection]:
    for message in messages:
        if message.problem:
            yield Rejection(line=message.line, reason=message.problem, raw=message.raw)
            continue
        for one in feed(message.fields):
            if isinstance(one, AgentEvent):
                yield evolve(one, line=message.line)
            else:
                keys = (one.call, one.joins) if one.joins else (one.call,)
                yield Piece(line=message.line, keys=keys, value=(message.line, one))
