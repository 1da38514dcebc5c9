"""Rows of call logs: what a row says, and the rows of one call as what happened in it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from attrs import evolve, frozen

from crmcore.api import InvalidInput, heading_key
from crmcore_callcenter.formats.words import COLUMNS, DIRECTIONS, ENDS, NOBODY, words
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.events import Heard, Party
from crmcore_callcenter.protocol.logs import Cells, Log, LogRow
from crmcore_callcenter.protocol.telling import Teller
from crmcore_callcenter.protocol.written import is_number

SYSTEM = "call-log"
LENGTHS = ("seconds", "milliseconds", "talk_seconds", "talk_milliseconds", "duration")
"""The columns that say how long something took; `duration` does not say what."""

_NAMED = re.compile(r'"?(?P<name>[^"<(]*?)"?\s*[<(](?P<number>[^<>()]+)[>)]\Z')
_NUMBER = re.compile(r"\+?[\d\s\-().#*/]+\Z")
_SIP = re.compile(r"(?:sips?|tel):([^@;]+)", re.IGNORECASE)
_DIGITS = range(2, 19)
_OUTSIDE = 6  # digits that a number of somebody else has at least
_DAY = 86_400
_SLACK = 2.0
_ENDS = {heading_key(word): end for end, text in ENDS.items() for word in words(text)}
_DIRECTIONS = {heading_key(word): way for way, text in DIRECTIONS.items() for word in words(text)}
_NOBODY = frozenset(map(heading_key, words(NOBODY)))


@frozen(kw_only=True)
class CallRow:
    """A row: who called whom, since when (UTC), and how it ended: `reason` is empty where somebody talked.

    `end` and `answer` are None where the log does not tell them.
    """

    line: int
    call: str
    start: datetime
    answer: datetime | None
    end: datetime | None
    reason: str
    gave_up: bool
    caller: Party
    to: Party
    agent: str
    direction: str
    queue: str
    recording: str


def _problem(cells: Cells) -> str:
    for name in (*LENGTHS, "ring_seconds"):
        if not is_number(cells[name]):
            return _("{field} cannot be “{value}”: it is to be seconds, or as 0:02:07").format(
                field=name, value=cells[name]
            )
    for name in ("from", "to"):
        if _party(cells[name]) is None:
            return _("{field} cannot be “{value}”: it is to be a telephone number").format(
                field=name, value=cells[name]
            )
    if cells["status"] and heading_key(cells["status"]) not in _ENDS:
        return _(
            'status cannot be “{value}”: a mapping file says what it means, such as [values."status"] '
            '"{value}" = "answered" (or no-answer, busy, abandoned, cancelled, rejected, failed)'
        ).format(value=cells["status"])
    return ""


def _unclear(named: Mapping[str, Sequence[str]]) -> str:
    """Return why it is not known who called whom, or what a table's only length of time is."""
    for name in ("from", "to"):
        several = named.get(name, ())
        if len(several) > 1 and heading_key(several[0]) != name:
            return _('“{one}” or “{other}” may be {name}: [columns] "{one}" = "{name}" says which').format(
                one=several[0], other=several[1], name=name
            )
    if "duration" not in named or not named.keys().isdisjoint({*LENGTHS[:-1], "answer", "end"}):
        return ""
    heading = named["duration"][0]
    return _(
        "“{heading}” may be how long the whole call took, or the talk alone: "
        '[columns] "{heading}" = "seconds", or "talk_seconds", says which'
    ).format(heading=heading)


LOG = Log(
    what=lambda: _("a log of calls"),
    columns={name: words(text) for name, text in COLUMNS.items()},
    needed=(("from",), ("to",), ("start", "date", "time"), (*LENGTHS, "end")),
    typical=(),
    layouts=(),
    problem=_problem,
    doubtful=lambda _cells: True,
    example="from",
    unclear=_unclear,
    lengths=("seconds", "talk_seconds", "duration"),
)
"""Logs of calls of any telephone system, whose headings say what their columns are."""


def call_row(row: LogRow) -> CallRow:
    """Return what a row says. Raises `InvalidInput` for a row that cannot be right."""
    start = row.at("start") if row["start"] else row.at("date", "time")
    caller, to = _party(row["from"]), _party(row["to"])
    if start is None:
        raise InvalidInput(_("start is empty: when did it begin?"))
    if caller is None or to is None or not (row["from"] or row["to"]):
        raise InvalidInput(_("from and to are empty: who called whom?"))
    answer, end = row.at("answer"), row.at("end")
    if end is not None and end < start:
        raise InvalidInput(_("end is before start"))
    whole, talk = _lengths(row, start, answer, end)
    reason = _reason(row, answer, talk)
    if not reason and talk is not None and answer is None:
        answer = start if whole is None else start + timedelta(seconds=max(whole - talk, 0.0))
    if end is None and whole is not None:
        end = start + timedelta(seconds=whole)
    elif end is None and not reason and answer is not None and talk is not None:
        end = answer + timedelta(seconds=talk)
    if not start <= (answer or start) <= (end or answer or start):
        raise InvalidInput(_("it was answered or ended before it began"))
    return CallRow(
        line=row.line,
        call=row["id"] or f"{start:%Y%m%dT%H%M%S} {caller.number} {to.number}",
        start=start,
        answer=None if reason else answer,
        end=end,
        reason="cancelled" if reason == "abandoned" else reason,
        gave_up=reason == "abandoned",
        caller=caller,
        to=to,
        agent=row["agent"],
        direction=_DIRECTIONS.get(heading_key(row["direction"]), ""),
        queue=row["queue"],
        recording=row["recording"],
    )


def told(rows: Sequence[CallRow]) -> Heard:
    """Return what happened in the call of these rows: each rang somebody."""
    ordered = sorted(rows, key=lambda one: (one.start, one.line))
    first = ordered[0]
    teller = Teller(system=SYSTEM, source="cdr", call=first.call)
    way = _way(first)
    caller = evolve(first.caller, agent=first.agent) if way == "out" else first.caller
    details = {"agent": first.agent} if first.agent and not way else {}
    teller.tell(
        "begin", "begin", first.start,
        caller=caller, dialled=first.to.number, direction=first.direction, details=details,
    )  # fmt: skip
    for one in ordered:
        key = f"{one.start:%Y%m%dT%H%M%S} {one.to.number} {one.agent}".strip()
        target = one.to
        if one.agent and way == "in":
            target = Party(number=one.to.number if _is_short(one.to) else "", agent=one.agent, name=one.agent)
        if one.queue:
            teller.tell("queue", f"queue {key}", one.start, queue=one.queue)
        if one.recording:
            teller.tell("recording", f"recording {one.recording}", one.answer or one.start, url=one.recording)
        teller.tell("ring", f"ring {key}", one.start, target=target, queue=one.queue)
        if one.reason:
            teller.tell("ring_end", f"ring_end {key}", one.end or one.start, target=target, reason=one.reason)
        else:
            teller.tell("answer", f"answer {key}", one.answer, target=target, queue=one.queue)
        if one.gave_up:
            teller.tell("abandon", f"abandon {key}", one.end or one.start, queue=one.queue)
    last = max(ordered, key=lambda one: (not one.reason, one.end or one.start, one.line))
    ends = [one.end for one in ordered if one.end is not None]
    known = {} if ends else {"at": "about"}
    teller.tell("hangup", "hangup", max(ends, default=last.start), reason=last.reason or "completed", details=known)
    return Heard(events=teller.told(), line=min(one.line for one in ordered))


def _way(one: CallRow) -> str:
    """Return whither a call went: as the log says, or by the extension at one end; nothing where neither tells."""
    ends = (_is_short(one.caller), _is_short(one.to))
    return one.direction or {(True, False): "out", (False, True): "in"}.get(ends, "")


def _is_short(party: Party) -> bool:
    """Return whether a number can only be an extension."""
    return 0 < sum(map(str.isdigit, party.number)) < _OUTSIDE


def _lengths(
    row: LogRow, start: datetime, answer: datetime | None, end: datetime | None
) -> tuple[float | None, float | None]:
    """Return how long the call took, and how long they talked; None where the row does not say."""
    whole, talk = _length(row, "seconds"), _length(row, "talk_seconds")
    either, ring = row.seconds("duration"), row.seconds("ring_seconds")
    shown = (end - start).total_seconds() if end is not None else None
    spoken = (end - answer).total_seconds() if end is not None and answer is not None else None
    whole, talk = _same(whole, shown, "seconds"), _same(talk, spoken, "talk_seconds")
    if either is not None and not _fits(either, whole) and not _fits(either, talk):
        if whole is not None and talk is not None:
            raise InvalidInput(_("duration is neither that of the call nor that of the talk"))
        whole, talk = (either, talk) if whole is None else (whole, either)
    if whole is None and ring is not None and talk is not None:
        whole = ring + talk
    if whole is not None and (whole > _DAY or whole + _SLACK < (talk or 0)):
        raise InvalidInput(_("the call would be longer than a day, or its talk longer than itself"))
    if (talk or 0) > _DAY:
        raise InvalidInput(_("the talk would be longer than a day"))
    return whole, talk


def _length(row: LogRow, name: str) -> float | None:
    """Return a length in seconds, also where it is written in milliseconds."""
    thousandths = row.seconds(name.replace("seconds", "milliseconds"))
    return row.seconds(name) if thousandths is None else thousandths / 1000


def _fits(one: float, other: float | None) -> bool:
    return other is not None and abs(one - other) <= _SLACK


def _same(given: float | None, shown: float | None, name: str) -> float | None:
    if given is not None and shown is not None and not _fits(given, shown):
        raise InvalidInput(_("{field} is not what the times make").format(field=name))
    return shown if given is None else given


def _reason(row: LogRow, answer: datetime | None, talk: float | None) -> str:
    """Return how a call ended nobody talked in; empty where somebody did."""
    talked = answer is not None or bool(talk)
    end = _ENDS[heading_key(row["status"])] if row["status"] else ""
    if end not in ("", "answered") and talk:
        raise InvalidInput(_("they talked, but status says “{value}”").format(value=row["status"]))
    if not end and not talked and talk is None:
        raise InvalidInput(_("it does not say whether it was answered: status, answer or talk_seconds"))
    return "" if end == "answered" or (not end and talked) else end or "no-answer"


def _party(text: str) -> Party | None:
    """Return who a cell names; None where it is no number, nor says that it is hidden."""
    if not text or heading_key(text) in _NOBODY:
        return Party(name=text)
    named = _NAMED.match(text)
    number = (named["number"] if named else text).strip()
    if found := _SIP.match(number):
        number = found[1]
    digits = sum(character.isdigit() for character in number)
    if (
        not _NUMBER.match(number)
        or number.endswith(".0")
        or digits not in _DIGITS
        or re.match(r"\d{4}-\d\d-\d\d", number)
    ):
        return None
    return Party(number=number, name=named["name"].strip() if named else "")
