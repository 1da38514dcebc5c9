"""Peace for who has a problem: while a ticket is open, and some days after, nobody sells to them (row S1-V15)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, literal, or_, select, union_all

from crmcore.api import Act, Objection, PluginTransaction, here, tables
from crmcore_service.i18n import _
from crmcore_service.tables import category, ticket

DAYS, WHOSE, EXCEPT = "service.peace_days", "service.peace", "service.peace_except"
EVERYBODY, ALONE, NOBODY = "customer", "contact", "nobody"
"""Whom a ticket gives peace: all people of its customer, the person who has the problem, or nobody."""

_AT_ONCE = 5_000
_MARKETING, _SALES = "marketing", "sales"
_OF_SALES = ("visit", "quote")
"""Acts that are sales' own where no purpose is said."""

Party = tuple[str, int]


@frozen(kw_only=True)
class _Rule:
    """The workspace's rule: whom tickets give peace, how long after they are resolved, and of which categories none."""

    whose: str
    peace: timedelta
    others: Collection[str]


@frozen(kw_only=True)
class _Held:
    """A ticket that stands against an act; `until` is when it does no more, None while it is open."""

    id: int
    opened: datetime
    ended: datetime | None
    until: datetime | None


def objections(acts: Sequence[Act], tx: PluginTransaction) -> Iterator[Objection]:
    """Block marketing and warn sales while a ticket of the customer or contact is open, and `service.peace_days` more.

    Whatever has another purpose, service and transactional mail, is never hindered. One statement for 5,000 acts, and
    one for each setting. What a ticket is about is not told: who sells need not see that.
    """
    asked = [act for act in acts if _hindered(act)]
    if not asked:
        return
    rule = _Rule(
        whose=str(tx.setting(WHOSE)),
        peace=timedelta(days=int(tx.setting(DAYS))),
        others=[name.strip().lower() for name in str(tx.setting(EXCEPT)).split(",") if name.strip()],
    )
    if rule.whose == NOBODY:
        return
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        found = _tickets(tx, some, rule)
        zone = here(tx).zone if found else None
        for act in some:
            held = _against(act, found, rule)
            if held:
                yield Objection(
                    act=act,
                    reason=_said(held, act.at, zone),
                    blocks=act.purpose == _MARKETING,
                    until=None if held[0].until is None else max(each.until for each in held if each.until),
                    lift=_("{days} days after the ticket is resolved").format(days=rule.peace.days),
                )


def _hindered(act: Act) -> bool:
    return act.purpose in (_MARKETING, _SALES) or (not act.purpose and act.kind in _OF_SALES)


def _against(act: Act, found: Mapping[Party, Sequence[Any]], rule: _Rule) -> list[_Held]:
    """Return the tickets that stand against an act: the open ones first, the oldest of them at the top."""
    keys: list[Party] = [] if act.contact_id is None else [(ALONE, act.contact_id)]
    if act.customer_id is not None and (rule.whose == EVERYBODY or act.contact_id is None):
        keys.append((EVERYBODY, act.customer_id))
    held = {}
    for row in (each for key in keys for each in found.get(key, ())):
        until = None if row.ended is None else row.ended + rule.peace
        if row.opened_at <= act.at and (until is None or act.at < until):
            held[row.id] = _Held(id=row.id, opened=row.opened_at, ended=row.ended, until=until)
    return sorted(held.values(), key=lambda one: (one.until is not None, one.opened, one.id))


def _said(held: Sequence[_Held], at: datetime, zone: Any) -> str:
    first, days = held[0], (at - held[0].opened).days
    if first.ended is not None:
        day = first.ended.astimezone(zone).date().isoformat()
        said = _("ticket T{id} was resolved on {day}").format(id=first.id, day=day)
    elif days > 1:
        said = _("ticket T{id} has been open for {days} days").format(id=first.id, days=days)
    else:
        said = _("ticket T{id} is open").format(id=first.id)
    return _("{said}, and there are {n} more").format(said=said, n=len(held) - 1) if len(held) > 1 else said


def _tickets(tx: PluginTransaction, acts: Sequence[Act], rule: _Rule) -> Mapping[Party, Sequence[Any]]:
    """Return the tickets that may stand against acts, by whose they are: one statement."""
    contacts = {act.contact_id for act in acts if act.contact_id is not None}
    customers = {
        act.customer_id
        for act in acts
        if act.customer_id is not None and (rule.whose == EVERYBODY or act.contact_id is None)
    }
    found: dict[Party, list[Any]] = defaultdict(list)
    for row in tx.rows(_statement(contacts, customers, acts, rule)):
        found[row.whose, row.party].append(row)
    return found


def _statement(contacts: Collection[int], customers: Collection[int], acts: Sequence[Act], rule: _Rule) -> Select[Any]:
    ways: list[Select[Any]] = []
    t, p = ticket.c, tables.position.c
    if contacts:
        ways.append(_way(ALONE, t.contact_id, acts, rule).where(t.contact_id.in_(contacts)))
    if customers:
        ways.append(_way(EVERYBODY, t.customer_id, acts, rule).where(t.customer_id.in_(customers)))
        of_staff = _way(EVERYBODY, p.customer_id, acts, rule).join(tables.position, p.contact_id == t.contact_id)
        ways.append(of_staff.where(p.customer_id.in_(customers), p.ended.is_(None), t.customer_id.is_(None)))
    return select(union_all(*ways).subquery())


def _way(whose: str, party: Any, acts: Sequence[Act], rule: _Rule) -> Select[Any]:
    t, c = ticket.c, category.c
    ended = func.coalesce(t.resolved_at, t.closed_at)
    lately = min(act.at for act in acts) - rule.peace
    held = [
        t.opened_at <= max(act.at for act in acts),
        or_(ended.is_(None), ended > lately),
        t.status != "cancelled",
        t.merged_into_id.is_(None),
    ]
    if rule.others:
        named = select(c.id).where(func.lower(c.name).in_(rule.others))
        held.append(or_(t.category_id.is_(None), t.category_id.not_in(named)))
    columns = (literal(whose).label("whose"), party.label("party"), t.id, t.opened_at, ended.label("ended"))
    return select(*columns).where(*held)
