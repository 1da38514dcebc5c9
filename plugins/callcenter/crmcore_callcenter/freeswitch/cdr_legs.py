"""A leg of a call, from a document of mod_json_cdr or mod_xml_cdr, or from a row of mod_cdr_csv.

Sources: conf/vanilla/autoload_configs/cdr_csv.conf.xml (the templates), the examples of mod_json_cdr and mod_xml_cdr in
FreeSWITCH's documentation, mod_callcenter's variables (cc_*).
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from attrs import frozen

from crmcore.api import InvalidInput
from crmcore_callcenter.freeswitch.cdr_documents import Document
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.logs import Cells, Layout, Log, LogRow
from crmcore_callcenter.protocol.written import is_moment, is_number

_EXAMPLE = (
    "caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp", "end_stamp",
    "duration", "billsec", "hangup_cause", "uuid", "bleg_uuid", "accountcode", "read_codec", "write_codec",
)  # fmt: skip
_LONGER = ("sip_user_agent", "call_clientcode", "sip_rtp_rxstat", "sip_rtp_txstat", "sofia_record_file")
_ID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\Z")
_CAUSE = re.compile(r"[A-Z][A-Z0-9_]+\Z")
_LATER = 4_102_444_800
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")
_SLACK = 2.0


@frozen(kw_only=True)
class Leg:
    """A leg: a channel to a telephone. Instants are in UTC; `answer` where it was taken up.

    `made_by` is the leg that rang this one; `others` are ids of legs of the same call; `transfers` are when it was
    passed on, whether after a talk (attended), and to whom.
    """

    line: int
    uuid: str
    call: str = ""
    made_by: str = ""
    others: tuple[str, ...] = ()
    outbound: bool = False
    number: str = ""
    name: str = ""
    dialled: str = ""
    callee: str = ""
    callee_name: str = ""
    channel: str = ""
    start: datetime
    answer: datetime | None = None
    bridged: datetime | None = None
    bridge: str = ""
    end: datetime
    cause: str = ""
    queue: str = ""
    joined: datetime | None = None
    gave_up: datetime | None = None
    agent: str = ""
    account: str = ""
    recording: str = ""
    transfers: tuple[tuple[datetime, bool, str], ...] = ()
    holds: tuple[tuple[datetime, datetime | None], ...] = ()


def from_document(document: Document, local: Callable[[str], datetime]) -> Leg:
    """Return the leg of a document; `local` reads a time without a zone. Raises `InvalidInput` for what is none."""
    v = document.variables
    first = document.flow[0] if document.flow else {}
    profile, times = first.get("caller_profile", {}), first.get("times", {})
    last = document.flow[-1]["times"] if document.flow else {}
    uuid = v.get("uuid") or profile.get("uuid", "")
    if not uuid:
        raise InvalidInput(_("it has no uuid"))
    start = _at(local, v, "start", times.get("created_time", ""))
    end = _at(local, v, "end", last.get("hangup_time", ""))
    if start is None or end is None:
        raise InvalidInput(_("it does not say when it began and ended"))
    if end < start:
        raise InvalidInput(_("end is before start"))
    makers = [v.get("originating_leg_uuid"), v.get("originator"), first.get("originator", {}).get("uuid")]
    side = v.get("cc_side", "member")
    makers += [v.get("cc_member_session_uuid")] if side == "agent" else []
    made_by = next((each for each in makers if each and each != uuid), "")
    bridge = v.get("bridge_uuid") or v.get("last_bridge_to", "")
    legs = [each.partition(";")[0] for each in v.get("originated_legs", "").removeprefix("ARRAY::").split("|:")]
    others = (v.get("call_uuid", ""), made_by, bridge, v.get("signal_bond", ""), *legs)
    return Leg(
        line=document.line,
        uuid=uuid,
        call=v.get("call_uuid", ""),
        made_by=made_by,
        others=tuple(dict.fromkeys(each for each in others if each and each != uuid)),
        outbound=v.get("direction") == "outbound",
        number=profile.get("caller_id_number") or v.get("caller_id_number") or v.get("sip_from_user", ""),
        name=profile.get("caller_id_name") or v.get("caller_id_name", ""),
        dialled=profile.get("destination_number") or v.get("destination_number") or v.get("sip_req_user", ""),
        callee=v.get("dialed_user") or profile.get("callee_id_number") or v.get("last_sent_callee_id_number", ""),
        callee_name=profile.get("callee_id_name", ""),
        channel=profile.get("chan_name") or v.get("channel_name", ""),
        start=start,
        answer=_at(local, v, "answer", last.get("answered_time", "")),
        bridged=_at(local, v, "bridge", last.get("bridged_time", "")) if bridge else None,
        bridge=bridge,
        end=end,
        cause=v.get("hangup_cause", ""),
        queue=v.get("cc_queue", "").partition("@")[0] if side == "member" else "",
        joined=_epoch(v.get("cc_queue_joined_epoch", "")),
        gave_up=_epoch(v.get("cc_queue_canceled_epoch", "")) if v.get("cc_cancel_reason") in _GAVE_UP else None,
        agent=v.get("cc_agent", "").partition("@")[0] if side == "agent" else "",
        account=v.get("accountcode", ""),
        recording=_recording(v.get),
        transfers=tuple(_transfers(v.get("transfer_history", ""))),
        holds=tuple(_holds(v.get("hold_events", ""))),
    )


_GAVE_UP = ("BREAK_OUT", "NONE", None, "")


def _recording(variable: Callable[[str, str], str]) -> str:
    path, name = variable("record_path", ""), variable("record_name", "")
    named = (
        variable(each, "") for each in ("cc_record_filename", "record_file", "recording_file", "sofia_record_file")
    )
    return f"{path.rstrip('/')}/{name}" if path and name else next(filter(None, named), name)


def _at(local: Callable[[str], datetime], variables: Cells, name: str, shown: str) -> datetime | None:
    """Return an instant: by the seconds since 1970 where they are given, else by the local time."""
    for text in (variables.get(f"{name}_uepoch", ""), variables.get(f"{name}_epoch", ""), shown):
        if found := _epoch(text):
            return found
    stamp = variables.get(f"{name}_stamp", "")
    return local(stamp) if _STAMP.match(stamp) and not stamp.startswith(("1970-01-01", "1969-12-31")) else None


def _epoch(text: str) -> datetime | None:
    if not re.match(r"\d{9,17}(?:\.\d+)?\Z", text):
        return None
    number = float(text)
    while number > _LATER:
        number /= 1000
    return datetime.fromtimestamp(number, UTC)


def _transfers(text: str) -> Sequence[tuple[datetime, bool, str]]:
    """Read transfer_history: `epoch:uuid:bl_xfer:exten/context/dialplan`, `epoch:uuid:att_xfer:from@host/to@host`."""
    found: list[tuple[datetime, bool, str]] = []
    for one in text.removeprefix("ARRAY::").split("|:"):
        seconds, _uuid, how, to = ([*one.split(":", 3), "", "", ""])[:4]
        at = _epoch(seconds)
        if at is not None and how in ("bl_xfer", "att_xfer"):
            whom = to.partition("/")[0] if how == "bl_xfer" else to.rpartition("/")[2].partition("@")[0]
            found.append((at, how == "att_xfer", whom))
    return found


def _holds(text: str) -> Sequence[tuple[datetime, datetime | None]]:
    """Read hold_events: `{{begin,end},{begin,end}}` in microseconds since 1970."""
    found = ((_epoch(begin), _epoch(end)) for begin, end in re.findall(r"\{(\d+),(\d*)\}", text))
    return [(begin, end) for begin, end in found if begin is not None]


def _problem(cells: Cells) -> str:
    checks = {
        "uuid": bool(_ID.match(cells["uuid"])),
        "bleg_uuid": not cells["bleg_uuid"] or bool(_ID.match(cells["bleg_uuid"])),
        "hangup_cause": bool(_CAUSE.match(cells["hangup_cause"])),
        "duration": is_number(cells["duration"]),
        "billsec": is_number(cells["billsec"]),
    }
    wrong = next((name for name, fits in checks.items() if not fits), "")
    return _("{field} cannot be “{value}”").format(field=wrong, value=cells[wrong]) if wrong else ""


def _doubtful(cells: Cells) -> bool:
    fits = (
        cells["start_stamp"] and all(is_moment(cells[f"{name}_stamp"]) for name in ("start", "answer", "end"))
        and cells["end_stamp"] and cells["duration"] and cells["billsec"] and cells["destination_number"]
        and not re.match(r"\+?\d{7,}\Z", cells["context"]) and not _STAMP.match(cells["caller_id_number"])
        and cells["caller_id_name"] not in {cells["destination_number"]} - {cells["caller_id_number"]}
    )  # fmt: skip
    return not fits


CSV = Log(
    what=lambda: _("call detail records of FreeSWITCH"),
    columns={
        **dict.fromkeys((*_EXAMPLE, "sofia_record_file", "record_path", "record_name", "cc_queue", "cc_agent"), ()),
        "uuid": ("xml_cdr_uuid", "callid"),
        "bleg_uuid": ("bridge_uuid",),
        "start_stamp": ("start_epoch", "start_uepoch"),
        "answer_stamp": ("answer_epoch", "answer_uepoch"),
        "end_stamp": ("end_epoch", "end_uepoch"),
        "originating_leg_uuid": ("originator",),
        "direction": (),
    },
    needed=(("caller_id_number",), ("destination_number",), ("start_stamp",), ("end_stamp", "duration"), ("uuid",)),
    typical=(("hangup_cause",),),
    layouts=(
        Layout(columns=(*_EXAMPLE, *_LONGER), least=12),
        Layout(columns=(*_EXAMPLE[:10], "hangup_cause_q850", *_EXAMPLE[10:]), least=13),
    ),
    problem=_problem,
    doubtful=_doubtful,
    example="caller_id_number",
    lengths=("duration", "billsec"),
)
"""Tables of mod_cdr_csv and the like: a row is a leg, as a rule the caller's."""


def from_row(row: LogRow) -> Leg:
    """Return what a row says. Raises `InvalidInput` for a row that cannot be right."""
    start, answer, shown = row.at("start_stamp"), row.at("answer_stamp"), row.at("end_stamp")
    duration, talk = row.seconds("duration"), row.seconds("billsec")
    if start is None:
        raise InvalidInput(_("start_stamp is empty: when did it begin?"))
    end = shown if duration is None else start + timedelta(seconds=duration)
    if end is None:
        raise InvalidInput(_("duration and end_stamp are empty: how long did it last?"))
    if shown is not None and abs(abs((shown - end).total_seconds()) % 3600) > _SLACK:
        raise InvalidInput(_("end_stamp is not start_stamp and duration"))
    if end < start:
        raise InvalidInput(_("end is before start"))
    if answer is not None and talk is not None:
        answer = max(end - timedelta(seconds=talk), start)
    path, name = row["record_path"], row["record_name"]
    bridge, maker = row["bleg_uuid"], row["originating_leg_uuid"]
    return Leg(
        line=row.line,
        uuid=row["uuid"],
        made_by=maker,
        others=tuple(filter(None, (bridge, maker))),
        outbound=bool(maker),
        number=row["caller_id_number"],
        name=row["caller_id_name"],
        dialled=row["destination_number"],
        start=start,
        answer=answer,
        bridged=answer if bridge else None,
        bridge=bridge,
        end=end,
        cause=row["hangup_cause"],
        queue=row["cc_queue"].partition("@")[0],
        account=row["accountcode"],
        recording=f"{path.rstrip('/')}/{name}" if path and name else row["sofia_record_file"],
    )
