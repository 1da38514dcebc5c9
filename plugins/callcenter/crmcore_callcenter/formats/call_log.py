"""Logs of calls of any telephone system, as tables: read where the headings say all of it, else refused.

A table that looks like a log of calls is never read as anything else: where its columns are not known, the refusal says
how to map them.
"""

import re
from collections.abc import Iterator, Sequence

from crmcore.api import Rejection, Source, heading_key
from crmcore_callcenter.formats.call_log_rows import LENGTHS, LOG, CallRow, call_row, told
from crmcore_callcenter.formats.words import ALONE, CALLS, COLUMNS, NOTES, WEAK, words
from crmcore_callcenter.protocol.events import AgentEvent, Heard
from crmcore_callcenter.protocol.gathering import Gathering, Piece
from crmcore_callcenter.protocol.logs import first_lines, records
from crmcore_callcenter.protocol.written import is_none, moment_in, seconds_in

_LOOKS = 85  # more than a table of any kind, less than a log whose program is known
_HEADED = 80
_CHANNEL = re.compile(r"(?:SIP|PJSIP|IAX2|DAHDI|Local|Agent|sofia)/\S+|CHAN_START|ENTERQUEUE|COMPLETE(?:AGENT|CALLER)")
_TELEPHONE = re.compile(r"\+?\d{3,15}\Z")
_STRONG = frozenset(heading_key(word) for name in ("from", "to") for word in words(COLUMNS[name])) - frozenset(
    map(heading_key, words(WEAK))
)
_OF_CALLS = frozenset(map(heading_key, words(CALLS)))
_ALONE = frozenset(map(heading_key, words(ALONE)))
_OF_NOTES = frozenset(map(heading_key, words(NOTES)))


def read(source: Source) -> Iterator[Heard | AgentEvent | Rejection]:
    """Yield the calls of a log, and a rejection for each row that is none.

    In constant memory: rows of a call lie at most 10,000 rows apart (see `gathering`). Raises `InvalidInput` for a
    table of an unknown layout, with a sentence that says how to map it.
    """
    gathering: Gathering[CallRow, Rejection] = Gathering()
    for one in gathering.run(map(_piece, records(source, LOG, call_row))):
        yield one if isinstance(one, Rejection) else told(one)


def sniff(head: bytes, name: str) -> int:
    """Return how certain it is, 0 to 100, that a file that begins with `head` is a log of calls by what is in it."""
    rows = max((rows for rows in first_lines(head) if len(rows) > 1), key=lambda rows: len(rows[0]), default=[])
    named = sum(any(map(_CHANNEL.match, row)) for row in rows)
    plain = sum(map(_is_call, rows)) if rows and _is_call(rows[0]) else 0
    return _LOOKS if max(named, plain) * 2 > len(rows) else 0


def headings(headings: Sequence[str]) -> int:
    """Return how certain it is, 0 to 100, that a table with these headings, or this first row, is one."""
    if _is_call(headings) or any(map(_CHANNEL.match, headings)):
        return _LOOKS
    there, keys = set(LOG.named(headings)), set(map(heading_key, headings))
    parties = {"from", "to"} <= there and (keys & _STRONG or keys & _OF_CALLS)
    told = there & {"start", "date", "time", "end", "answer", *LENGTHS}
    return _HEADED if keys & _ALONE or (parties and told and not keys & _OF_NOTES) else 0


def _is_call(cells: Sequence[str]) -> bool:
    """Return whether a row without headings is one of a call: a moment, two numbers, a length of time."""
    moments = [cell for cell in cells if not is_none(cell) and moment_in(cell, "") and not cell.isdecimal()]
    numbers = [cell for cell in cells if _TELEPHONE.match(cell)]
    lengths = [cell for cell in cells if seconds_in(cell) is not None]
    return bool(moments) and len(numbers) > 1 and len({*numbers, *lengths}) > 2


def _piece(one: CallRow | Rejection) -> Piece[CallRow] | Rejection:
    return one if isinstance(one, Rejection) else Piece(line=one.line, keys=(one.call,), value=one)
