"""Asterisk's channel event logs: cel_custom's Master.csv, custom layouts, exports of a table.

Events of one linked id are one call; the linked id that a consultation had goes on in that of the call it was about.
"""

from collections.abc import Iterator, Sequence

from crmcore.api import Rejection, Source
from crmcore_callcenter.asterisk.cel_calls import channels_of, one_call, told
from crmcore_callcenter.asterisk.cel_rows import CEL, Happening, happening
from crmcore_callcenter.protocol.events import AgentEvent, Heard
from crmcore_callcenter.protocol.gathering import Gathering, Piece
from crmcore_callcenter.protocol.logs import records, sniffed


def read(source: Source) -> Iterator[Heard | AgentEvent | Rejection]:
    """Yield the calls of a table of channel events, and a rejection for each row that is none.

    In constant memory: rows of a call lie at most 10,000 rows apart (see `gathering`). Raises `InvalidInput` for a
    table of an unknown layout, with a sentence that says how to map it.
    """
    gathering: Gathering[Happening, Rejection] = Gathering(one_call)
    for one in gathering.run(map(_piece, records(source, CEL, happening))):
        yield one if isinstance(one, Rejection) else told(one)


def sniff(head: bytes, name: str) -> int:
    """Return how certain it is, 0 to 100, that a file that begins with `head` holds channel events."""
    return sniffed(CEL, head)


def headings(headings: Sequence[str]) -> int:
    """Return how certain it is, 0 to 100, that a table with these headings, or this first row, is one."""
    return CEL.certain([headings])


def _piece(one: Happening | Rejection) -> Piece[Happening] | Rejection:
    if isinstance(one, Rejection):
        return one
    keys = (one.linkedid, f"channel {one.uniqueid}")
    return Piece(line=one.line, keys=keys, perhaps=channels_of(one), value=one)
