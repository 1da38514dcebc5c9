"""The thread of a ticket: what a mail of ours answers, and the last thing the customer wrote (RFC 5322, 3.6.4)."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import frozen
from sqlalchemy import select

from crmcore.api import tables
from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.tables import post

_NAME = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
"""What a Message-ID is made of; what some mails have in its place is no name that a mail program knows."""
_LONGEST = 200
_MOST = 20
_QUOTED_LINES, _QUOTED = 40, 4_000


@frozen(kw_only=True)
class Thread:
    """What a mail answers: names without angle brackets, the oldest first, and who wrote last, from which address.

    `at` and `text` are of the customer's last message, whichever way it came; `address` is empty where it was no mail.
    """

    in_reply_to: str = ""
    references: Sequence[str] = ()
    at: datetime | None = None
    text: str = ""
    name: str = ""
    address: str = ""


def thread(tx: AnyTransaction, ticket_id: int | None) -> Thread:
    """Return the thread of a ticket: two statements."""
    if ticket_id is None:
        return Thread()
    p, i, who = post.c, tables.interaction.c, tables.participant.c
    rows = tx.rows(
        select(p.message_id)
        .where(p.ticket_id == ticket_id, p.message_id != "")
        .order_by(p.at.desc(), p.id.desc())
        .limit(_MOST)
    )
    last = tx.first(
        select(p.message_id, p.at, i.body, i.details, who.name, who.address)
        .join(tables.interaction, i.id == p.interaction_id)
        .outerjoin(tables.participant, (who.interaction_id == i.id) & (who.role == "from"))
        .where(p.ticket_id == ticket_id, p.direction == "in")
        .order_by(p.at.desc(), p.id.desc())
    )
    names = _names(row.message_id for row in reversed(rows))
    if last is None:
        return Thread(in_reply_to=names[-1] if names else "", references=names)
    parent = next(iter(_names([last.message_id])), names[-1] if names else "")
    older = _names(last.details.get("references") or ())
    return Thread(
        in_reply_to=parent,
        references=_shortened([each for each in dict.fromkeys([*older, *names]) if each != parent], parent),
        at=last.at,
        text=last.body or "",
        name=last.name or "",
        address=last.address or "",
    )


def _names(said: Iterable[object]) -> list[str]:
    return [one for one in map(str, said) if len(one) <= _LONGEST and _NAME.fullmatch(one)]


def _shortened(names: list[str], parent: str) -> list[str]:
    """Return the first name, the latest and at last the parent's, so that the header stays of a size that passes."""
    kept = names if len(names) <= _MOST else [names[0], *names[1 - _MOST :]]
    return [*kept, parent] if parent else kept


def quoted(text: str) -> str:
    """Return the beginning of a text as it is quoted below an answer."""
    lines = text[:_QUOTED].strip().splitlines()
    shown = [f"> {line}".rstrip() for line in lines[:_QUOTED_LINES]]
    return "\n".join([*shown, "> …"] if len(lines) > _QUOTED_LINES or len(text) > _QUOTED else shown)
