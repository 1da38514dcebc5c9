"""FreeSWITCH's call detail records: mod_json_cdr, mod_xml_cdr, mod_cdr_csv.

A document or a row is a leg. The legs of who calls and of whom they rang (call_uuid, originating_leg_uuid) are told of
together; in files of their own, and where only another id joins them (bridge_uuid), they become one call when they are
taken in.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crmcore.api import InvalidInput, Rejection, Source, table_mapping
from crmcore_callcenter.freeswitch.cdr_calls import ids_of, told
from crmcore_callcenter.freeswitch.cdr_documents import documents
from crmcore_callcenter.freeswitch.cdr_legs import CSV, Leg, from_document, from_row
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.events import AgentEvent, Heard
from crmcore_callcenter.protocol.gathering import Gathering, Piece
from crmcore_callcenter.protocol.logs import mostly, records, sniffed

_START = b"\xef\xbb\xbf \t\r\n"


def read(source: Source) -> Iterator[Heard | AgentEvent | Rejection]:
    """Yield the calls of a file of call detail records, and a rejection for each document or row that is none.

    In constant memory: legs of a call lie at most 10,000 apart (see `gathering`). Raises `InvalidInput` for a file
    that is none, and for a table of an unknown layout, with a sentence that says how to map it.
    """
    gathering: Gathering[Leg, Rejection] = Gathering()
    for one in gathering.run(map(_piece, _legs(source))):
        yield one if isinstance(one, Rejection) else told(one)


def sniff(head: bytes, name: str) -> int:
    """Return how certain it is, 0 to 100, that a file that begins with `head` holds call detail records."""
    start = head.lstrip(_START)
    if start.startswith(b"<"):
        return 95 if b"<cdr" in start and (b"<variables" in start or b"<callflow" in start) else 0
    if start.startswith((b"{", b"[")):
        known = b'"variables"' in start and any(w in start for w in (b'"callflow"', b'"core-uuid"', b'"switchname"'))
        return 95 if known else 0
    return sniffed(CSV, head)


def headings(headings: Sequence[str]) -> int:
    """Return how certain it is, 0 to 100, that a table with these headings, or this first row, is one."""
    return CSV.certain([headings])


def _legs(source: Source) -> Iterator[Leg | Rejection]:
    """Yield the legs of a file of any of the three kinds, told by how it begins."""
    try:
        with source.path.open("rb") as file:
            start = file.read(1024).lstrip(_START)
    except OSError:
        start = b""  # whoever opens it as a table says why it cannot be read
    if not start.startswith((b"<", b"{", b"[")):
        yield from records(source, CSV, from_row)
        return

    def refused(why: str) -> InvalidInput:
        return InvalidInput(
            _(
                "{file} is not read as call detail records of FreeSWITCH: {why}. Expected are documents of "
                "mod_json_cdr or mod_xml_cdr, with the channel's variables."
            ).format(file=source.path.name, why=why)
        )

    yield from mostly(_from_documents(source), refused)


def _from_documents(source: Source) -> Iterator[Leg | Rejection]:
    mapping = table_mapping(source)
    zone = ZoneInfo((mapping.zone if mapping else "") or source.options.get("zone") or "UTC")

    def local(stamp: str) -> datetime:
        try:
            written = datetime.fromisoformat(stamp)
        except ValueError:
            raise InvalidInput(_("“{value}” is no date and time").format(value=stamp)) from None
        return (written if written.tzinfo else written.replace(tzinfo=zone)).astimezone(UTC)

    for document in documents(source):
        if isinstance(document, Rejection):
            yield document
            continue
        try:
            yield from_document(document, local)
        except InvalidInput as error:
            yield Rejection(line=document.line, reason=str(error), raw=document.variables.get("uuid", ""))


def _piece(one: Leg | Rejection) -> Piece[Leg] | Rejection:
    return one if isinstance(one, Rejection) else Piece(line=one.line, keys=ids_of(one), value=one)
