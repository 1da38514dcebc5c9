"""Programmes of visits: who is to be visited until when, and by whom (row S4-04)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import cycle

from attrs import frozen
from sqlalchemy import select

from crmcore.api import Customer, InvalidInput, NotFound, NotifyTransaction, Reader, Transaction, here, tables
from crmcore_sales.i18n import _
from crmcore_sales.model.visit import PlannedVisit, VisitProgramme
from crmcore_sales.tables import account, programme, visit

_MOST = 5_000


@frozen(kw_only=True)
class Chosen:
    """Which customers are to be visited: those named, and all that meet what is said; what is empty does not matter."""

    customer_ids: Sequence[int] = ()
    tier: str = ""
    region: str = ""
    owner_id: int | None = None
    limit: int = _MOST


def add(
    tx: Transaction, title: str, until: date, chosen: Chosen, *, begins: date | None = None, to: Sequence[int] = ()
) -> VisitProgramme:
    """Begin a programme: each customer is visited by who has it, or by those named in `to`, shared out in turn.

    Customers of somebody who left, and of nobody, lie in the pool. Raises `InvalidInput` for a day that is past, and
    when nobody is chosen.
    """
    place = here(tx)
    begins = begins or place.today
    if until < max(begins, place.today):
        raise InvalidInput(_("The programme ends on {until}, before it begins.").format(until=until))
    customers = _chosen(tx, chosen)
    if not customers:
        raise InvalidInput(_("No customer is chosen: name some, or say --tier, --region or --owner."))
    made = tx.add(
        VisitProgramme(
            title=title.strip(),
            begins_at=datetime.combine(begins, time(), place.zone),
            until=until,
            owner_id=tx.actor.user_id or None,
        )
    )
    active = _active(tx)
    turns = cycle(to)
    for customer_id, owner_id in customers:
        rep = next(turns) if to else owner_id if owner_id in active else None
        tx.add(PlannedVisit(programme_id=made.id, customer_id=customer_id, owner_id=rep, assigned_at=tx.now))
    return made


def _chosen(tx: Transaction, chosen: Chosen) -> list[tuple[int, int | None]]:
    """Return the customers and whose they are, in the order of their ids: one statement for each way of choosing."""
    c, a = tables.customer.c, account.c
    base = select(c.id, c.owner_id).where(c.merged_into_id.is_(None)).order_by(c.id).limit(chosen.limit)
    found: dict[int, int | None] = {}
    if chosen.customer_ids:
        found |= {row.id: row.owner_id for row in tx.rows(base.where(c.id.in_(chosen.customer_ids)))}
        missing = set(chosen.customer_ids) - set(found)
        if missing:
            raise NotFound(_("There is no customer {id}.").format(id=min(missing)))
    said = [a[name] == value for name, value in (("tier", chosen.tier), ("region", chosen.region)) if value]
    if said:
        base = base.where(c.id.in_(select(a.customer_id).where(*said)))
    if chosen.owner_id is not None:
        base = base.where(c.owner_id == chosen.owner_id)
    if said or chosen.owner_id is not None:
        found |= {row.id: row.owner_id for row in tx.rows(base)}
    return list(found.items())[: chosen.limit]


def _active(tx: Transaction) -> set[int]:
    c = tables.user_account.c
    return {row.id for row in tx.rows(select(c.id).where(c.active.is_(True)))}


def programme_id(reader: Reader, text: str) -> int:
    """Return the id of the programme that `text` names: its id or title, of those under way first.

    Raises `NotFound` for none, and `InvalidInput` for several.
    """
    c = programme.c
    if text.isascii() and text.isdigit() and len(text) < 19 and reader.first(select(c.id).where(c.id == int(text))):
        return int(text)
    rows = reader.rows(select(c.id, c.closed_at).where(c.title == text.strip()).order_by(c.id).limit(10))
    rows = [row for row in rows if row.closed_at is None] or list(rows)
    if not rows:
        raise NotFound(_("There is no programme of visits “{text}”.").format(text=text))
    if len(rows) > 1:
        raise InvalidInput(_("Several programmes are called “{text}”; give the id.").format(text=text))
    return int(rows[0].id)


def assign(tx: Transaction, programme_id: int, customer_ids: Iterable[int], owner_id: int) -> int:
    """Let somebody visit these customers; those that are not in the programme yet come into it. Return how many."""
    kept = tx.get(VisitProgramme, programme_id)
    if kept.closed_at is not None:
        raise InvalidInput(_("The programme “{title}” is over.").format(title=kept.title))
    wanted = list(dict.fromkeys(customer_ids))
    c = visit.c
    known = {
        one.customer_id: one for one in tx.load(PlannedVisit, c.programme_id == kept.id, c.customer_id.in_(wanted))
    }
    for customer_id in wanted:
        one = known.get(customer_id)
        if one is None:
            tx.get(Customer, customer_id)
            one = tx.add(PlannedVisit(programme_id=kept.id, customer_id=customer_id))
        if one.closed_at is not None:
            raise InvalidInput(_("Customer {id} has been visited already.").format(id=customer_id))
        one.owner_id, one.assigned_at = owner_id, tx.now
    return len(wanted)


def give_back(tx: Transaction, programme_id: int, customer_ids: Sequence[int] = ()) -> int:
    """Return visits that have not taken place to the pool: of these customers, or all one may; return how many.

    Raises `NotFound` for a customer who is not to be visited in it.
    """
    c = visit.c
    meant = [c.programme_id == tx.get(VisitProgramme, programme_id).id, c.closed_at.is_(None), c.owner_id.is_not(None)]
    if customer_ids:
        meant.append(c.customer_id.in_(customer_ids))
    elif tx.scope.write != "all" and tx.actor.user_id:
        meant.append(c.owner_id == tx.actor.user_id)
    found = tx.load(PlannedVisit, *meant)
    missing = set(customer_ids) - {one.customer_id for one in found}
    if missing:
        raise NotFound(_("Customer {id} is nobody's to visit there.").format(id=min(missing)))
    _to_pool(found)
    return len(found)


def _to_pool(found: Iterable[PlannedVisit]) -> None:
    for one in found:
        one.owner_id = one.assigned_at = None
        one.returned += 1


def close_ended(tx: NotifyTransaction) -> None:
    """Close the programmes whose last day is past: what was not visited returns to the pool. Two statements."""
    p = programme.c
    ended = tx.load(VisitProgramme, p.closed_at.is_(None), p.until < here(tx).today)
    if not ended:
        return
    c = visit.c
    left = tx.load(
        PlannedVisit, c.programme_id.in_([one.id for one in ended]), c.closed_at.is_(None), c.owner_id.is_not(None)
    )
    _to_pool(left)
    for one in ended:
        one.closed_at = tx.now
        mine = sum(each.programme_id == one.id for each in left)
        tx.record(f"{programme.name}.ended", programme.name, one.id, {"returned": mine})


def remove(tx: Transaction, programme_id: int) -> VisitProgramme:
    """Remove a programme entered by mistake, with its planned visits; their values stay in the journal."""
    kept = tx.get(VisitProgramme, programme_id)
    for one in tx.load(PlannedVisit, visit.c.programme_id == kept.id):
        tx.remove(one)
    tx.remove(kept)
    return kept
