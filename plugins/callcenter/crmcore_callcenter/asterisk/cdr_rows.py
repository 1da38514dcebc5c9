"""Rows of call detail records: how Asterisk lays them out, and what a row says.

Sources: cdr_csv (Master.csv: 16 columns, and with loguniqueid, loguserfield, newcdrcolumns up to five more), the
samples of cdr_custom.conf and cdr_sqlite3_custom.conf, the columns of cdr_adaptive_odbc and FreePBX (calldate, cnum,
cnam, did, recordingfile), https://docs.asterisk.org (CDR specification).
"""

import re
from datetime import datetime, timedelta

from attrs import frozen

from crmcore.api import InvalidInput
from crmcore_callcenter.asterisk.channels import dialled
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.logs import Cells, Layout, Log, LogRow
from crmcore_callcenter.protocol.written import is_moment, is_number, seconds_in

DISPOSITIONS = {
    "ANSWERED": "ANSWERED", "NO ANSWER": "NO ANSWER", "BUSY": "BUSY", "FAILED": "FAILED", "CONGESTION": "CONGESTION",
    "0": "NO ANSWER", "1": "FAILED", "2": "FAILED", "4": "BUSY", "8": "ANSWERED", "16": "CONGESTION",
}  # fmt: skip
"""Dispositions by their words and by their numbers (`disposition(int64)`)."""

_CSV = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer",
    "end", "duration", "billsec", "disposition", "amaflags",
)  # fmt: skip
_NEW = ("peeraccount", "linkedid", "sequence")
_CUSTOM = (*_CSV[4:5], *_CSV[1:4], *_CSV[5:], "accountcode", "uniqueid", "userfield", "sequence")
_TABLE = (
    "start", "clid", "src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata", "duration", "billsec",
    "disposition", "amaflags", "accountcode", "uniqueid", "userfield",
)  # fmt: skip
_CHANNEL = re.compile(r"[A-Za-z][\w.]*/\S+\Z|\Z")
_APPLICATION = re.compile(r"[A-Za-z_]*\Z")
_FLAGS = re.compile(r"(?i)(?:DOCUMENTATION|BILLING|BILL|OMIT|DEFAULT|IGNORE|UNKNOWN|\d)?\Z")
_UNIQUE = re.compile(r"(?:\S*-)?\d{8,}\.\d+\Z|\Z")
_CALLER = re.compile(r'\s*"?(.*?)"?\s*<([^<>]*)>\s*\Z', re.DOTALL)
_SLACK = 2.0
_HOUR = 3600.0


@frozen(kw_only=True)
class Leg:
    """A row: a channel that called, and one that it rang, if it did. Instants are in UTC; `answer` where they talked.

    `key` is what tells the row from others, in whichever layout it stands.
    """

    line: int
    key: str
    start: datetime
    end: datetime
    answer: datetime | None
    disposition: str
    src: str
    name: str
    dst: str
    did: str
    channel: str
    dstchannel: str
    application: str
    arguments: str
    uniqueid: str
    linkedid: str
    sequence: int
    account: str
    userfield: str
    recording: str


def _problem(cells: Cells) -> str:
    """Return what in a row is not as Asterisk writes it."""
    checks = {
        "disposition": disposition(cells["disposition"]) is not None,
        "duration": is_number(cells["duration"]),
        "billsec": is_number(cells["billsec"]),
        "channel": bool(_CHANNEL.match(cells["channel"])),
        "dstchannel": bool(_CHANNEL.match(cells["dstchannel"])),
        "uniqueid": bool(_UNIQUE.match(cells["uniqueid"])),
        "linkedid": bool(_UNIQUE.match(cells["linkedid"])),
    }
    wrong = next((name for name, fits in checks.items() if not fits), "")
    return _("{field} cannot be “{value}”").format(field=wrong, value=cells[wrong]) if wrong else ""


def _doubtful(cells: Cells) -> bool:
    """Return whether the row of a table without headings may be of another layout."""
    number = caller(cells["clid"])[1]
    seconds = [seconds_in(cells[name]) or 0.0 for name in ("duration", "billsec") if cells[name]]
    fits = (
        cells["start"] and cells["disposition"] and all(is_moment(cells[name]) for name in ("start", "answer", "end"))
        and len(seconds) == 2 and seconds[1] <= seconds[0]
        and cells["channel"] and cells["dst"] and not re.match(r"\+?\d{5,}\Z", cells["dcontext"])
        and _APPLICATION.match(cells["lastapp"]) and _FLAGS.match(cells["amaflags"])
        and (cells["sequence"].isdecimal() or not cells["sequence"])
        and (not number or number == cells["src"] or number != cells["dst"])
    )  # fmt: skip
    return not fits


CDR = Log(
    what=lambda: _("call detail records of Asterisk"),
    columns={
        **dict.fromkeys((*_CSV, "uniqueid", "userfield", "sequence", "linkedid", "peeraccount", "cnum", "cnam"), ()),
        "start": ("calldate", "start time"),
        "end": ("end time",),
        "answer": ("answer time",),
        "src": ("source",),
        "dst": ("destination",),
        "clid": ("callerid",),
        "dstchannel": ("destination channel",),
        "did": (),
        "recordingfile": ("recording",),
    },
    needed=(
        ("start",),
        ("src", "clid", "cnum"),
        ("dst", "did"),
        ("disposition", "billsec"),
        ("duration", "end", "billsec"),
    ),
    typical=(
        ("disposition",),
        ("channel", "dstchannel", "lastapp", "dcontext", "clid"),
        ("duration", "end"),
        ("billsec", "answer"),
    ),
    layouts=(
        Layout(columns=(*_CSV, "uniqueid", "userfield"), least=16),
        Layout(columns=(*_CSV, "userfield"), least=17),
        Layout(columns=(*_CSV, *_NEW), least=19),
        Layout(columns=(*_CSV, "uniqueid", *_NEW), least=20),
        Layout(columns=(*_CSV, "userfield", *_NEW), least=20),
        Layout(columns=(*_CSV, "uniqueid", "userfield", *_NEW), least=21),
        Layout(columns=_CUSTOM, least=18),
        Layout(columns=_TABLE, least=15),
    ),
    problem=_problem,
    doubtful=_doubtful,
    example="src",
    lengths=("duration", "billsec"),
)
"""Call detail records."""


def disposition(text: str) -> str | None:
    """Return how a call came out, in Asterisk's words; empty for an empty cell, None for another word."""
    return DISPOSITIONS.get(" ".join(text.upper().replace("_", " ").split())) if text else ""


def caller(text: str) -> tuple[str, str]:
    """Return name and number of a caller ID such as "Li Wei" <13800138000>."""
    found = _CALLER.match(text)
    if found:
        return found[1].replace('""', '"').strip(), found[2].strip()
    return ("", text) if re.match(r"\+?[\d*#]+\Z", text) else (text.strip(' "'), "")


def leg(row: LogRow) -> Leg:
    """Return what a row says. Raises `InvalidInput` for a row that cannot be right."""
    start = row.at("start")
    if start is None:
        raise InvalidInput(_("start is empty: when did it begin?"))
    end, answer = _times(row, start)
    name, number = caller(row["clid"])
    src = dialled(row["src"]) or dialled(row["cnum"]) or dialled(number)
    return Leg(
        line=row.line,
        key=f"{start:%Y%m%dT%H%M%S} {row['channel']} {row['dstchannel']}".strip(),
        start=start,
        end=end,
        answer=answer,
        disposition=disposition(row["disposition"]) or ("ANSWERED" if answer else ""),
        src=src,
        name=row["cnam"] or ("" if name == src else name),
        dst=dialled(row["dst"]),
        did=row["did"],
        channel=row["channel"],
        dstchannel=row["dstchannel"],
        application=row["lastapp"],
        arguments=row["lastdata"],
        uniqueid=row["uniqueid"],
        linkedid=row["linkedid"],
        sequence=int(row["sequence"]) if row["sequence"].isdecimal() else 0,
        account=row["accountcode"],
        userfield=row["userfield"],
        recording=row["recordingfile"],
    )


def _times(row: LogRow, start: datetime) -> tuple[datetime, datetime | None]:
    """Return the end, and when it was answered.

    They follow from the seconds where those are known: what a clock shows is ambiguous in the hour that comes twice.
    """
    duration, talk = row.seconds("duration"), row.seconds("billsec")
    shown, said = row.at("end"), row.at("answer")
    answered = disposition(row["disposition"]) == "ANSWERED" or (not row["disposition"] and bool(talk))
    if duration is not None:
        end = start + timedelta(seconds=duration)
    elif shown is not None:
        end = shown
    elif said is not None and talk is not None:
        end = said + timedelta(seconds=talk)
    elif talk is not None:
        end = start + timedelta(seconds=talk)
    else:
        raise InvalidInput(_("duration and end are empty: how long did it last?"))
    if shown is not None and not _agree(shown, end):
        raise InvalidInput(_("end is not start and duration"))
    if end < start:
        raise InvalidInput(_("end is before start"))
    if not answered:
        return end, None
    if said is None and talk is None:
        raise InvalidInput(_("it was answered, but answer and billsec are empty: how long did they talk?"))
    answer = said if talk is None else end - timedelta(seconds=talk)
    if said is not None and answer is not None and not _agree(said, answer):
        raise InvalidInput(_("answer is not end less billsec"))
    if answer is not None and answer < start:
        if start - answer > timedelta(seconds=_SLACK):
            raise InvalidInput(_("billsec is longer than duration"))
        answer = start
    return end, answer


def _agree(one: datetime, other: datetime) -> bool:
    """Return whether two instants are the same, but for rounding, and an hour where clocks are put back or on."""
    apart = abs((one - other).total_seconds())
    return apart <= _SLACK or abs(apart - _HOUR) <= _SLACK
