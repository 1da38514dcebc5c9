"""What was said in tickets, from a row of a table: Salesforce's CaseComment, and the like."""

from collections.abc import Iterator

from crmcore.api import Incoming, IncomingInteraction, IncomingParticipant, InvalidInput, Rejection, TableRow
from crmcore_service.formats import headings as h
from crmcore_service.formats.tickets import FIRST
from crmcore_service.i18n import _


def comment(row: TableRow, _currency: str) -> Iterator[Incoming | Rejection]:
    """Yield a comment as what passed in its ticket's conversation; one that was not published is a note of ours."""
    if row.boolean(*h.DELETED):
        yield Rejection(line=row.line, reason=_("it is deleted there"), raw=row.text(*h.COMMENT_TEXT))
        return
    parent, at = row.text(*h.COMMENT_TICKET), row.instant(*h.CREATED)
    if not parent:
        raise InvalidInput(_("it does not say of which ticket it is: a column ParentId or Ticket ID says it"))
    if at is None:
        raise InvalidInput(_("it does not say when it was written: a column CreatedDate says it"))
    public = row.boolean(*h.COMMENT_PUBLIC) is not False
    author = row.text(*h.COMMENT_AUTHOR)
    wrote = (IncomingParticipant(role="from", address=author),) if public and "@" in author else ()
    yield IncomingInteraction(
        line=row.line,
        channel="email" if public else "note",
        external_id=row.text(*h.COMMENT_ID),
        thread=(FIRST + parent,),
        direction="out" if public and not wrote else "",  # by who wrote it, where that is known
        at=at,
        body=row.text(*h.COMMENT_TEXT),
        owner="" if wrote else author,
        participants=wrote,
        extra=row.others(h.COMMENT),
    )
