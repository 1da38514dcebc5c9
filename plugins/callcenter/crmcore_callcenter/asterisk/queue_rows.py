"""Lines of the log of queues, as Asterisk writes it to a file or a table.

Source: https://docs.asterisk.org/Operation/Logging/Queue-Logs/, and doc/queuelog.txt of older versions.
"""

import re
from datetime import datetime

from attrs import frozen

from crmcore.api import InvalidInput
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.events import AgentEvent
from crmcore_callcenter.protocol.logs import Cells, Layout, Log, LogRow
from crmcore_callcenter.protocol.written import is_moment

AGENT_STATES = {
    "ADDMEMBER": "available", "REMOVEMEMBER": "offline", "PAUSE": "paused", "UNPAUSE": "available",
    "PAUSEALL": "paused", "UNPAUSEALL": "available", "AGENTLOGIN": "available", "AGENTCALLBACKLOGIN": "available",
    "AGENTLOGOFF": "offline", "AGENTCALLBACKLOGOFF": "offline",
}  # fmt: skip
"""What is logged of agents, and the state they are in then."""

LEFT = ("EXITEMPTY", "EXITWITHKEY", "EXITWITHTIMEOUT", "JOINEMPTY", "JOINUNAVAIL", "LEAVEEMPTY", "FULL", "CLOSED")
"""The caller did not get into the queue, or out of it unanswered: the dialplan goes on with them."""

PASSED_ON = ("TRANSFER", "BLINDTRANSFER", "ATTENDEDTRANSFER")

CALLS = frozenset(
    (
        *LEFT, *PASSED_ON, "ENTERQUEUE", "CONNECT", "ABANDON", "COMPLETEAGENT", "COMPLETECALLER", "RINGNOANSWER",
        "RINGCANCELED", "AGENTDUMP", "SYSCOMPAT", "DID",
    )
)  # fmt: skip
"""What is logged of calls."""

NOTHING = frozenset(("CONFIGRELOAD", "QUEUESTART", "RELOAD", "PENALTY", "PAUSEREASON", "RINGUSE", "INFO", "CALLSTATUS"))
"""What is logged of neither: such lines are passed over, since there is nothing to keep of them."""

_COLUMNS = ("time", "callid", "queuename", "agent", "event", *(f"data{number}" for number in range(1, 10)))
_EVENT = re.compile(r"[A-Z][A-Z_0-9]*\Z")
_CALL = re.compile(r"(?:\S*-)?\d{8,}\.\d+\Z")
_NO = ("", "NONE")


@frozen(kw_only=True)
class Line:
    """A line about a call: what happened in which queue, when (UTC), with which agent, and the figures with it."""

    line: int
    at: datetime
    call: str
    queue: str
    agent: str
    event: str
    data: tuple[str, ...]

    def number(self, place: int) -> float:
        """Return a figure; 0 where there is none."""
        text = self.data[place] if place < len(self.data) else ""
        return float(text) if re.match(r"\d{1,9}(?:\.\d+)?\Z", text) else 0.0

    def text(self, place: int) -> str:
        """Return a text; empty where there is none."""
        return self.data[place] if place < len(self.data) else ""


def _problem(cells: Cells) -> str:
    event = cells["event"]
    if event not in CALLS and event not in NOTHING and event not in AGENT_STATES:
        return _("there is no event “{name}” of queues").format(name=event)
    if event in CALLS and not _CALL.match(cells["callid"]):
        return _("{field} cannot be “{value}”").format(field="callid", value=cells["callid"])
    if event in AGENT_STATES and cells["agent"] in _NO:
        return _("it does not say of which agent it is")
    return ""


def _doubtful(cells: Cells) -> bool:
    fits = cells["time"] and is_moment(cells["time"]) and cells["queuename"] and _EVENT.match(cells["event"])
    return not fits


QUEUE_LOG = Log(
    what=lambda: _("Asterisk's log of queues"),
    columns={
        **dict.fromkeys(_COLUMNS, ()),
        "time": ("timestamp", "created", "eventtime", "time_id"),
        "callid": ("uniqueid",),
        "queuename": ("queue",),
        "event": ("verb",),
        "data1": ("data",),
    },
    needed=(("time",), ("callid",), ("queuename",), ("agent",), ("event",)),
    typical=(),
    layouts=(Layout(columns=_COLUMNS, least=5),),
    problem=_problem,
    doubtful=_doubtful,
    example="callid",
    delimiter="|",
)
"""The log of queues."""


def line(row: LogRow) -> Line | AgentEvent | None:
    """Return what a line says; None where that is nothing to keep. Raises `InvalidInput` for one that cannot be."""
    at, event = row.at("time"), row["event"]
    if at is None:
        raise InvalidInput(_("time is empty: when did it happen?"))
    queue = "" if row["queuename"] in _NO else row["queuename"]
    data = tuple(row[name] for name in _COLUMNS[5:])
    if "|" in data[0] and not any(data[1:]):
        data = tuple(data[0].split("|"))
    if event in NOTHING:
        return None
    if event in AGENT_STATES:
        state = AGENT_STATES[event]
        if event == "ADDMEMBER" and data[0].upper() == "PAUSED":
            state = "paused"
        return AgentEvent(
            system="asterisk",
            source="queue-log",
            agent=row["agent"],
            state=state,
            key=f"{event} {at:%Y%m%dT%H%M%S} {queue} {row['agent']}",
            at=at,
            queue="" if event.endswith("ALL") else queue,
            reason=data[0] if event in ("PAUSE", "PAUSEALL") else "",
            line=row.line,
        )
    agent = "" if row["agent"] in _NO else row["agent"]
    return Line(line=row.line, at=at, call=row["callid"], queue=queue, agent=agent, event=event, data=data)
