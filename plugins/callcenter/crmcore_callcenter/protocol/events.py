"""What happens to a call: the events that every telephone system's own words are translated into."""

from collections.abc import Mapping
from datetime import datetime

from attrs import field, frozen
from attrs.validators import in_

KINDS = (
    "begin", "queue", "ring", "ring_end", "answer", "hold", "resume", "transfer", "recording", "abandon", "hangup"
)  # fmt: skip
"""begin: somebody calls; queue: they wait in a queue; ring: a telephone rings; ring_end: it rings no more (`reason`);
answer: two talk; hold, resume; transfer: one who talked passes the other on (`how`); recording: the talk is kept at
`url`; abandon: who waited in a queue gave up; hangup: the call is over (`reason`)."""

REASONS = ("completed", "answered", "busy", "no-answer", "cancelled", "rejected", "failed", "elsewhere", "unknown")
"""How ringing or a call ended: completed is a call's end after talk or by its caller; answered a telephone's end of
ringing because it was taken up, elsewhere because another was."""

HOW = ("attended", "blind", "blonde")
"""Transfers: after talking to the new one, without, or while the new one still rang."""

DIRECTIONS = ("", "in", "out", "internal")


@frozen(kw_only=True)
class Party:
    """Who takes part: a number or extension as the telephone system writes it, and what it calls the device.

    `device` is the channel there, such as `PJSIP/201-0000001a`; `agent` the name by which a queue knows its member.
    """

    number: str = ""
    name: str = ""
    device: str = ""
    agent: str = ""


@frozen(kw_only=True)
class CallEvent:
    """Something that happened to a call.

    `call` is the call's id in `system` (asterisk, freeswitch, or the poster's own word), the same whatever `source`
    (ami, cel, cdr, queue-log, esl, post) tells of it; `ids` are others it has there, such as those of its channels.
    `key` names the event among those of its call and source: told again it is the same. `at` is in UTC, None where the
    source does not say. `caller` is who calls and `dialled` what they dialled; `target` who rings, answers or gets the
    call; `by` who transfers or holds. With `joins`, the id of another call, that one goes on in this one.
    `direction` is given where the source knows.
    """

    system: str
    source: str
    call: str
    kind: str = field(validator=in_(KINDS))
    key: str
    at: datetime | None = None
    ids: tuple[str, ...] = ()
    direction: str = field(default="", validator=in_(DIRECTIONS))
    caller: Party | None = None
    dialled: str = ""
    target: Party | None = None
    by: Party | None = None
    how: str = field(default="", validator=in_(("", *HOW)))
    reason: str = field(default="", validator=in_(("", *REASONS)))
    queue: str = ""
    joins: str = ""
    url: str = ""
    details: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class AgentEvent:
    """An agent came, paused, went on or left, in one queue or all; `state`: available, paused, offline.

    `agent` is the name, device or extension by which the telephone system knows them; `line` is where in a
    file it stands.
    """

    system: str
    source: str
    agent: str
    state: str = field(validator=in_(("available", "paused", "offline")))
    key: str
    at: datetime | None = None
    queue: str = ""
    reason: str = ""
    line: int = 0


@frozen(kw_only=True)
class Heard:
    """What was heard of one call from one source, in the order it happened; `line` is where in a file it begins."""

    events: tuple[CallEvent, ...]
    line: int = 0
