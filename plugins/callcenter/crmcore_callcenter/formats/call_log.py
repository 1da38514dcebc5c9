"""Logs of calls of any telephone system, as tables: read where the headings say all of it, else refused.

A table that looks like a log of calls is never read as anything else: where its columns are not known, the refusal says
how to map them.
"""

import re
from collections.abc import Iterator, Sequence

from crmcore.api import Rejection, Source, heading_key
from crmcore_callcenter.formats import words
from crmcore_callcenter.formats.call_log_rows import LENGTHS, LOG, CallRow, call_row, told
from crmcore_callcenter.protocol.events import AgentEvent, Heard
from crmcore_callcenter.protocol.gathering import Gathering, Piece
from crmcore_callcenter.protocol.logs import first_lines, records
from crmcore_callcenter.protocol.written import is_none, moment_in, seconds_in

_LOOKS = 85  # more than a table of any kind, less than a log whose program is known
_HEADED = 80
_CHANNEL = re.compile(r"(?:SIP|PJSIP|IAX2|DAHDI|Local|Agent|sofia)/\S+|CHAN_START|ENTERQUEUE|COMPLETE(?:AGENT|CALLER)")
_TELEPHONE = re.compile(r"\+?\d{3,15}\Z")


def _keys(*texts: str) -> frozenset[str]:
    return frozenset(heading_key(word) for text in texts for word in words.words(text))


_STRONG = _keys(words.COLUMNS["from"], words.COLUMNS["to"]) - _keys(words.WEAK)
_OF_SYSTEMS, _OF_CALLS, _OF_NOTES = _keys(words.SYSTEMS), _keys(words.CALLS), _keys(words.NOTES)
_ALONE, _LENGTHS, _NUMBERS = _keys(words.ALONE), _keys(words.LENGTHS), _keys(words.NUMBERS)


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
    return _LOOKS if named * 2 >= len(rows) > 0 or plain * 2 > len(rows) else 0


def headings(headings: Sequence[str]) -> int:
    """Return how certain it is, 0 to 100, that a table with these headings, or this first row, is one."""
    if _is_call(headings) or any(map(_CHANNEL.match, headings)):
        return _LOOKS
    named, keys = LOG.named(headings), set(map(heading_key, headings))
    if keys & _ALONE or (keys & _LENGTHS and keys & _NUMBERS):
        return _HEADED
    told = {"start", "date", "time", "end", "answer", *LENGTHS} & named.keys()
    if keys & _OF_NOTES or not told or not {"from", "to"} <= named.keys():
        return 0
    whose = keys & (_STRONG | _OF_SYSTEMS) or (keys & _OF_CALLS and not LOG.unclear(named))
    return _HEADED if whose else 0


def _is_call(cells: Sequence[str]) -> bool:
    """Return whether a row without headings is one of a call: a moment, two numbers, a length of time."""
    moments = [cell for cell in cells if not is_none(cell) and moment_in(cell, "") and not cell.isdecimal()]
    numbers = [cell for cell in cells if _TELEPHONE.match(cell)]
    lengths = [cell for cell in cells if seconds_in(cell) is not None]
    return bool(moments) and len(numbers) > 1 and len({*numbers, *lengths}) > 2


def _piece(one: CallRow | Rejection) -> Piece[CallRow] | Rejection:
    return one if isinstance(one, Rejection) else Piece(line=one.line, keys=(one.call,), value=one)
