"""Asterisk's log of its queues: the file, and exports of a table of it.

The log knows only what happens in queues: of a call that is passed on, or leaves a queue unanswered, the end is where
the log last tells of it; a call detail record or a stream of events knows better.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from crmcore.api import Rejection, Source
from crmcore_callcenter.asterisk.channels import number_of
from crmcore_callcenter.asterisk.queue_rows import LEFT, PASSED_ON, QUEUE_LOG, Line, line
from crmcore_callcenter.protocol.events import AgentEvent, Heard, Party
from crmcore_callcenter.protocol.gathering import Gathering, Piece
from crmcore_callcenter.protocol.logs import records, sniffed
from crmcore_callcenter.protocol.telling import Teller

_NOT_REACHED = {
    "RINGNOANSWER": "no-answer",
    "RINGCANCELED": "cancelled",
    "AGENTDUMP": "rejected",
    "SYSCOMPAT": "failed",
}


def read(source: Source) -> Iterator[Heard | AgentEvent | Rejection]:
    """Yield the calls and the news of agents of a log of queues, and a rejection for each line that is neither.

    Lines about the queues themselves (CONFIGRELOAD, QUEUESTART, penalties) are passed over. In constant memory: lines
    of a call lie at most 10,000 lines apart (see `gathering`). Raises `InvalidInput` for a table of an unknown layout,
    with a sentence that says how to map it.
    """
    gathering: Gathering[Line, AgentEvent | Rejection] = Gathering()
    lines = (one for one in records(source, QUEUE_LOG, line) if one is not None)
    for one in gathering.run(map(_piece, lines)):
        yield _told(one) if isinstance(one, tuple) else one


def sniff(head: bytes, name: str) -> int:
    """Return how certain it is, 0 to 100, that a file that begins with `head` is a log of queues."""
    return sniffed(QUEUE_LOG, head)


def headings(headings: Sequence[str]) -> int:
    """Return how certain it is, 0 to 100, that a table with these headings, or this first row, is one."""
    return QUEUE_LOG.certain([headings])


def _piece(one: Line | AgentEvent | Rejection) -> Piece[Line] | AgentEvent | Rejection:
    return Piece(line=one.line, keys=(one.call,), value=one) if isinstance(one, Line) else one


def _told(lines: Sequence[Line]) -> Heard:
    """Return what happened in the call of these lines."""
    ids = dict.fromkeys(one.text(1) for one in lines if one.event == "CONNECT" and one.text(1))
    teller = Teller(system="asterisk", source="queue-log", call=lines[0].call, ids=tuple(ids))
    for one in lines:
        _tell(teller, one)
    last = max(lines, key=lambda one: (one.at, one.line))
    key = f"hangup {_key(last)}"
    if last.event == "ABANDON":
        teller.tell("hangup", key, last.at, reason="cancelled")
    elif last.event in ("COMPLETEAGENT", "COMPLETECALLER", *PASSED_ON):
        teller.tell("hangup", key, last.at, reason="completed", details={"event": last.event.lower()})
    elif last.event in LEFT:
        teller.tell("hangup", key, last.at, reason="no-answer", details={"event": last.event.lower()})
    return Heard(events=teller.told(), line=min(one.line for one in lines))


def _tell(teller: Teller, one: Line) -> None:
    key, agent = _key(one), _agent(one.agent)
    if one.event == "DID":
        teller.tell("begin", f"begin {key}", one.at, dialled=one.text(0))
    elif one.event == "ENTERQUEUE":
        teller.tell("begin", f"begin {key}", one.at, caller=Party(number=one.text(1)))
        teller.tell("queue", f"queue {key}", one.at, caller=Party(number=one.text(1)), queue=one.queue)
    elif one.event == "CONNECT":
        rang = one.at - timedelta(seconds=one.number(2))
        teller.tell("ring", f"ring {key}", rang, target=agent, queue=one.queue)
        teller.tell("answer", f"answer {key}", one.at, target=agent, queue=one.queue)
    elif one.event in _NOT_REACHED:
        rang = one.at - timedelta(milliseconds=one.number(0) if one.event.startswith("RING") else 0)
        teller.tell("ring", f"ring {key}", rang, target=agent, queue=one.queue)
        teller.tell("ring_end", f"ring_end {key}", one.at, target=agent, reason=_NOT_REACHED[one.event])
    elif one.event == "ABANDON":
        teller.tell("abandon", f"abandon {key}", one.at, queue=one.queue)
    elif one.event in PASSED_ON:
        attended = one.event == "ATTENDEDTRANSFER"
        to = None if attended else Party(number=one.text(0))
        how = "attended" if attended else "blind"
        teller.tell("transfer", f"transfer {key}", one.at, by=agent, target=to, how=how, queue=one.queue)
    elif one.event in LEFT and one.event not in ("EXITEMPTY", "EXITWITHKEY", "EXITWITHTIMEOUT", "LEAVEEMPTY"):
        teller.tell("begin", f"begin {key}", one.at)
        teller.tell("queue", f"queue {key}", one.at, queue=one.queue)


def _key(one: Line) -> str:
    return f"{one.event} {one.at:%Y%m%dT%H%M%S} {one.queue} {one.agent}".strip()


def _agent(name: str) -> Party:
    """Return a member of a queue: by its name, and by its device where that is its name."""
    is_device = "/" in name
    number = number_of(name if is_device else f"/{name}") if not name.startswith("Agent/") else ""
    return Party(number=number, device=name if is_device else "", agent=name)
