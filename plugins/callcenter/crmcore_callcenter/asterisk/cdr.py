"""Asterisk's call detail records: Master.csv, custom layouts, exports of a table, FreePBX.

A row is a leg; those of one linked id are one call. Without linked ids, rows of one unique id are, and those that have
a channel in common at the same time.
"""

from collections.abc import Iterator, Sequence

from crmcore.api import Rejection, Source
from crmcore_callcenter.asterisk.cdr_calls import channels_of, one_call, told
from crmcore_callcenter.asterisk.cdr_rows import CDR, Leg, leg
from crmcore_callcenter.protocol.events import AgentEvent, Heard
from crmcore_callcenter.protocol.gathering import Gathering, Piece
from crmcore_callcenter.protocol.logs import records, sniffed


def read(source: Source) -> Iterator[Heard | AgentEvent | Rejection]:
    """Yield the calls of a table of call detail records, and a rejection for each row that is none.

    In constant memory: rows of a call lie at most 10,000 rows apart (see `gathering`). Raises `InvalidInput` for a
    table of an unknown layout, with a sentence that says how to map it.
    """
    gathering: Gathering[Leg, Rejection] = Gathering(one_call)
    for one in gathering.run(map(_piece, records(source, CDR, leg))):
        yield one if isinstance(one, Rejection) else told(one)


def sniff(head: bytes, name: str) -> int:
    """Return how certain it is, 0 to 100, that a file that begins with `head` holds call detail records."""
    return sniffed(CDR, head)


def headings(headings: Sequence[str]) -> int:
    """Return how certain it is, 0 to 100, that a table with these headings, or this first row, is one."""
    return CDR.certain([headings])


def _piece(one: Leg | Rejection) -> Piece[Leg] | Rejection:
    if isinstance(one, Rejection):
        return one
    key = one.linkedid or one.uniqueid
    return Piece(line=one.line, keys=(key,) if key else (), perhaps=channels_of(one), value=one)
