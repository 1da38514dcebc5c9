"""The formats that service reads, recognised by the headings of a table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from crmcore.api import Format, Incoming, Rejection, Source, TableRow, heading_key, table_records
from crmcore_service.formats import headings as h
from crmcore_service.formats.comments import comment
from crmcore_service.formats.tickets import ticket

Build = Callable[[TableRow], Iterable[Incoming | Rejection]]


def _keys(*names: str) -> frozenset[str]:
    return frozenset(map(heading_key, names))


_RECOGNISED: tuple[tuple[str, str, Build, tuple[frozenset[str], ...]], ...] = (
    ("service-comments", "What was said in tickets, as Salesforce writes it", comment,
     (_keys(*h.COMMENT_TICKET), _keys("CommentBody", "Comment Body", "Comment", "Case Comments", "评论"))),
    ("service-tickets", "Tickets, as Salesforce, Zendesk and Freshdesk write them", ticket,
     (_keys(*h.ID, *h.NUMBER), _keys(*h.SUBJECT), _keys(*h.STATUS, *h.CLOSED),
      _keys("CaseNumber", "Case Number", "Case Origin", "Origin", "SuppliedEmail", "Requester", "Requester email",
            "Ticket ID", "Ticket type", "Agent", "工单编号", "工单号"))),
)  # fmt: skip
"""By name: what is read, by what, and headings of which one of each set must be there. The first that fits counts."""


def formats() -> list[Format]:
    """Return the formats."""
    return [
        Format(
            name=name,
            label=label,
            extensions=(".csv", ".tsv", ".txt", ".xlsx"),
            headings=partial(_certain, name),
            read=partial(_read, build),
            scheme="table",
            rows=True,
            late=name == "service-comments",
        )
        for name, label, build, _needed in _RECOGNISED
    ]


def _certain(name: str, headings: Sequence[str]) -> int:
    there = {heading_key(heading) for heading in headings}
    found = next((each for each, _l, _b, needed in _RECOGNISED if all(there & one for one in needed)), "")
    return 92 if found == name else 0


def _read(build: Build, source: Source) -> Iterator[Incoming | Rejection]:
    return table_records(source, build)
