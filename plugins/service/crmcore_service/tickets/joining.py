"""Which ticket a request joins: one it names, or the same person's about the same matter; never another customer's."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from crmcore.api import tables
from crmcore_service.assets.parties import AnyReader
from crmcore_service.i18n import _
from crmcore_service.tables import post, ticket
from crmcore_service.tickets.likeness import Likeness, alike, as_said, words
from crmcore_service.tickets.posts import NOTE

JOIN_DAYS, REOPEN_DAYS = "service.join_days", "service.reopen_days"
_NUMBER = re.compile(r"(?<![A-Za-z0-9])T(\d{1,18})(?![A-Za-z0-9])", re.IGNORECASE)
_FRESH = timedelta(days=3)
_ALIKE, _FRESHLY_ALIKE, _WEIGHT, _WORD = 0.5, 0.4, 2.5, 2.0
_CANDIDATES, _POSTS, _NAMED, _TOLD = 20, 60, 5, 4


@frozen(kw_only=True)
class Asked:
    """Of a request, what says where it belongs; `name` is that of who asks."""

    at: datetime
    subject: str
    text: str
    contact_id: int | None = None
    customer_id: int | None = None
    asset_id: int | None = None
    name: str = ""

    @property
    def words(self) -> Mapping[str, float]:
        """The words of the request that say what it is about; the name of who asks says nothing of it."""
        return words(self._said(f"{self.subject}\n{self.text}"))

    @property
    def title(self) -> Mapping[str, float]:
        """The words of its subject that do."""
        return words(self._said(self.subject))

    def _said(self, text: str) -> str:
        return text.replace(self.name, " ") if self.name else text


@frozen(kw_only=True)
class Found:
    """Where a request belongs: a ticket or none, `why`, and the `others` it might have been meant for."""

    ticket_id: int | None = None
    why: str = ""
    others: tuple[int, ...] = ()


@frozen(kw_only=True)
class _Near:
    """A ticket that a request may be about: when something was last said in it, and how much the two are alike."""

    id: int
    last: datetime
    alike: Likeness

    def is_the_same(self, at: datetime) -> bool:
        """Return whether the two are about the same matter: what was spoken of just now needs less to be known by."""
        is_fresh = at - self.last <= _FRESH
        if is_fresh and self.alike.share == 1 and self.alike.weight >= _WORD:
            return True
        return self.alike.weight >= _WEIGHT and self.alike.share >= (_FRESHLY_ALIKE if is_fresh else _ALIKE)


def find(reader: AnyReader, asked: Asked) -> Found:
    """Return which ticket a request joins: five statements at most.

    A ticket that it names by its number, of the same person or customer. Else among the tickets of the person, or of
    the customer's about the same product, in which something was said in the last `service.join_days`: the one most
    like it, if that is enough; for a request that says nothing of a matter (“any news?”), the one spoken of last.
    """
    named = _named(reader, asked)
    if named is not None:
        return Found(ticket_id=named, why=_("names {ticket}").format(ticket=f"T{named}"))
    rows = _recent(reader, asked)
    if not rows:
        return Found()
    own = asked.words
    if not own:
        last, *others = sorted(rows, key=lambda row: (row.resolved_at is None, row.last, row.id), reverse=True)
        why = _("asks on, and was last spoken with about {ticket}").format(ticket=f"T{last.id}")
        return Found(ticket_id=last.id, why=why, others=tuple(row.id for row in others))
    texts = _texts(reader, [row.id for row in rows])
    theirs = {row.id: words(f"{row.subject}\n{texts[row.id]}") for row in rows}
    near = [_Near(id=row.id, last=row.last, alike=_likest(own, asked.title, theirs[row.id])) for row in rows]
    same = sorted(
        (one for one in near if one.is_the_same(asked.at)),
        key=lambda one: (round(one.alike.share, 1), one.alike.weight, one.last, one.id),
        reverse=True,
    )
    if not same:
        return Found(others=tuple(one.id for one in near if one.alike.weight))
    best = same[0]
    said = as_said(f"{asked.subject}\n{asked.text}", best.alike.words[:_TOLD])
    why = _("about the same: {words}").format(words=", ".join(said))
    return Found(ticket_id=best.id, why=why, others=tuple(one.id for one in same[1:]))


def _likest(own: Mapping[str, float], title: Mapping[str, float], other: Mapping[str, float]) -> Likeness:
    """Return how alike a request and a ticket are: by all that is said, or by the whole subject."""
    by_title = alike(title, other)
    is_whole = by_title.weight >= _WORD and by_title.weight == sum(title.values())
    return by_title if is_whole else alike(own, other)


def numbers_in(*texts: str) -> list[int]:
    """Return the numbers of tickets that texts name, such as T12, in their order."""
    found = (int(one) for text in texts for one in _NUMBER.findall(text))
    return list(dict.fromkeys(found))[:_NAMED]


def _named(reader: AnyReader, asked: Asked) -> int | None:
    """Return the first ticket named that is of the same person or customer; for a merged one, what it became."""
    numbers = numbers_in(asked.subject, asked.text)
    if not numbers:
        return None
    t = ticket.c
    theirs = or_(_is(t.contact_id, asked.contact_id), _is(t.customer_id, asked.customer_id))
    rows = reader.rows(select(t.id, t.merged_into_id).where(t.id.in_(numbers), theirs, _not_anothers(asked)))
    known = {row.id: row.merged_into_id or row.id for row in rows}
    return next((known[one] for one in numbers if one in known), None)


def _recent(reader: AnyReader, asked: Asked) -> Sequence[Any]:
    """Return the tickets that a request may be about: those under way or resolved lately, and spoken of lately."""
    if asked.contact_id is None and (asked.customer_id is None or asked.asset_id is None):
        return ()
    reopens = asked.at - timedelta(days=int(reader.setting(REOPEN_DAYS)))
    since = asked.at - timedelta(days=int(reader.setting(JOIN_DAYS)))
    return [row for row in reader.rows(_candidates(asked, reopens)) if row.last >= since]


def _candidates(asked: Asked, reopens: datetime) -> Select[Any]:
    t = ticket.c
    same_product = and_(_is(t.customer_id, asked.customer_id), _is(t.asset_id, asked.asset_id))
    whose = or_(_is(t.contact_id, asked.contact_id), same_product)
    last = select(func.max(post.c.at)).where(post.c.ticket_id == t.id, post.c.channel != NOTE).scalar_subquery()
    return (
        select(t.id, t.subject, t.resolved_at, func.coalesce(last, t.opened_at).label("last"))
        .where(whose, _not_anothers(asked), t.merged_into_id.is_(None))
        .where(or_(t.closed_at.is_(None), t.resolved_at >= reopens))
        .where(or_(t.resolved_at.is_(None), t.resolved_at >= reopens))
        .order_by(t.opened_at.desc(), t.id.desc())
        .limit(_CANDIDATES)
    )


def _is(column: ColumnElement[Any], key: int | None) -> ColumnElement[bool]:
    return false() if key is None else column == key


def _not_anothers(asked: Asked) -> ColumnElement[bool]:
    """Return the condition that a ticket is not another customer's."""
    t = ticket.c
    if asked.customer_id is None:
        return or_(t.customer_id.is_(None), _is(t.contact_id, asked.contact_id))
    return or_(t.customer_id.is_(None), t.customer_id == asked.customer_id)


def _texts(reader: AnyReader, ticket_ids: Iterable[int]) -> dict[int, str]:
    """Return what was last said in tickets, by the ticket: one statement."""
    i, p = tables.interaction.c, post.c
    wanted = (
        select(p.ticket_id, i.subject, i.body)
        .join(tables.interaction, i.id == p.interaction_id)
        .where(p.ticket_id.in_(list(ticket_ids)), p.channel != NOTE)
        .order_by(p.at.desc())
        .limit(_POSTS)
    )
    found: dict[int, str] = defaultdict(str)
    for row in reader.rows(wanted):
        found[row.ticket_id] += f"{row.subject}\n{row.body}\n"
    return found
