"""Taking what customers say of how they were served: once for each ticket, by their link, on the phone, from a file."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from attrs import field, frozen
from sqlalchemy import select

from crmcore.api import InvalidInput, NotFound, Reader, Rejection, TableRow, Transaction
from crmcore.web.links import gone, opened
from crmcore_service.i18n import _
from crmcore_service.model.answer import Rating
from crmcore_service.satisfaction.recovering import recover
from crmcore_service.satisfaction.states import ANSWERED, PURPOSE
from crmcore_service.tables import rating, ticket

TICKET = ("ticket", "ticket number", "case", "number", "工单", "工单号", "编号")
SCORE, COMMENT = ("score", "rating", "stars", "评分", "分数"), ("comment", "text", "remark", "评价", "留言", "意见")
WHEN, CHANNEL = ("date", "at", "time", "日期", "时间"), ("channel", "渠道")
_LONGEST = 4_000


@frozen(kw_only=True)
class Said:
    """What somebody said of a ticket; `line` is where in the file."""

    ticket: str
    score: int
    comment: str = ""
    at: datetime | None = None
    channel: str = ""
    line: int = 0


@frozen(kw_only=True)
class Taken:
    """What became of a file of ratings: read = taken + known already + rejected; `tasks` is how many low scores."""

    read: int = 0
    taken: int = 0
    known: int = 0
    tasks: int = 0
    rejected: Sequence[Rejection] = field(default=())


def standing(reader: Reader, token: str) -> tuple[str, bool]:
    """Return the number of the ticket that a customer's link is for, and whether he answered; raises `NotFound`."""
    r = rating.c
    row = reader.first(select(r.ticket_id, r.status).where(r.id == opened(reader, PURPOSE, token)))
    if row is None:
        raise gone()
    return f"T{row.ticket_id}", row.status == ANSWERED


def rating_of(tx: Transaction, token: str) -> Rating:
    """Return the rating that a customer's link is for; raises `NotFound`, the same for whatever is wrong with it."""
    key = opened(tx, PURPOSE, token)
    found = tx.load(Rating, rating.c.id == key)
    if not found:
        raise gone()
    return found[0]


def answer(tx: Transaction, one: Rating, score: int, comment: str, channel: str) -> bool:
    """Note what somebody answered; what was answered already stays as it is. Return whether it is new.

    A low score opens a task to make good. Raises `InvalidInput` for a score that is not 1 to 5.
    """
    if one.status == ANSWERED:
        return False
    one.score, one.comment, one.channel = score, comment.strip()[:_LONGEST], channel
    one.status, one.reason, one.answered_at = ANSWERED, "", tx.now
    recover(tx, [one])
    return True


def enter(tx: Transaction, ticket_id: int, score: int, comment: str = "", *, channel: str = "call") -> Rating:
    """Note what the customer of a ticket said to one of our people; raises `InvalidInput` where he did so before."""
    done = take(tx, [Said(ticket=f"T{ticket_id}", score=score, comment=comment, channel=channel)])
    if done.known:
        raise InvalidInput(_("{ticket} is rated already.").format(ticket=f"T{ticket_id}"))
    if done.rejected:
        raise NotFound(done.rejected[0].reason)
    tx.flush()
    return tx.load(Rating, rating.c.ticket_id == ticket_id, rating.c.status == ANSWERED)[0]


def said_in(row: TableRow) -> Said:
    """Return what a row of a table says; raises `InvalidInput` for a cell that is not what its heading says."""
    score = row.number(*SCORE)
    if score is None or score != int(score):
        raise InvalidInput(_("score: “{text}” is not 1 to 5").format(text=row.text(*SCORE)))
    return Said(
        ticket=row.text(*TICKET), score=int(score), comment=row.text(*COMMENT), at=row.instant(*WHEN),
        channel=row.text(*CHANNEL), line=row.line,
    )  # fmt: skip


def take(tx: Transaction, ratings: Sequence[Said], *, source: str = "") -> Taken:
    """Take ratings of tickets, each ticket's once: three statements, those of the tasks, and the journal's.

    What names no ticket, and a score that is not 1 to 5, is rejected with the reason.
    """
    rejected: list[Rejection] = []
    good: dict[int, Said] = {}
    twice = 0
    about = _tickets(tx, (number for one in ratings if (number := _number(one.ticket)) is not None))
    for one in ratings:
        key = _number(one.ticket)
        problem = "" if key in about else _("there is no ticket “{text}”").format(text=one.ticket)
        if not 1 <= one.score <= 5:
            problem = problem or _("score: “{text}” is not 1 to 5").format(text=one.score)
        if problem or key is None:
            rejected.append(Rejection(line=one.line, reason=problem, raw=one.ticket))
        elif key in good:
            twice += 1
        else:
            good[key] = one
    held = {one.ticket_id: one for one in tx.load(Rating, rating.c.ticket_id.in_(list(good)))} if good else {}
    made: list[Rating] = []
    for key, one in good.items():
        record = held.get(key)
        if record is not None and record.status == ANSWERED:
            twice += 1
            continue
        if record is None:
            row = about[key]
            record = tx.add(
                Rating(ticket_id=key, contact_id=row.contact_id, customer_id=row.customer_id, source=source)
            )
        record.status, record.reason, record.answered_at = ANSWERED, "", one.at or tx.now
        record.score, record.comment, record.channel = one.score, one.comment[:_LONGEST], one.channel
        made.append(record)
    tasks = recover(tx, made)
    return Taken(read=len(ratings), taken=len(made), known=twice, tasks=tasks, rejected=tuple(rejected))


def _tickets(tx: Transaction, ids: Iterable[int]) -> dict[int, Any]:
    t, wanted = ticket.c, sorted(set(ids))
    found: dict[int, Any] = {}
    for start in range(0, len(wanted), 5_000):
        some = t.id.in_(wanted[start : start + 5_000])
        found |= {row.id: row for row in tx.rows(select(t.id, t.contact_id, t.customer_id).where(some))}
    return found


def _number(text: str) -> int | None:
    said = text.strip().upper().removeprefix("T")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None
