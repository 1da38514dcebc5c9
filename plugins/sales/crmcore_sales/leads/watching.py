"""Watching over leads: nobody's leads get an owner, and silence about one is told to the manager (row S1-04)."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select

from crmcore.api import NotifyTransaction, Task, here, tables
from crmcore_sales.i18n import _
from crmcore_sales.leads.clocks import Clocks, clocks
from crmcore_sales.leads.contacting import catch_up
from crmcore_sales.model.lead import Lead
from crmcore_sales.tables import lead

_AT_ONCE = 1_000
_SELLS, _LEADS = "rep", ("manager", "admin")
_NAMED = 20


def watch(tx: NotifyTransaction) -> None:
    """Give the pool's leads to reps before their clock runs out, and tell managers of those nobody contacted.

    Ten statements, whatever the number of leads, and what it takes to write them.
    """
    catch_up(tx)
    times = clocks(tx)
    people = _people(tx)
    share_out(tx, people, times)
    escalate(tx, people, times)


def _people(tx: NotifyTransaction) -> Sequence[Row[Any]]:
    """Return everybody who is active, in the order in which they came."""
    c = tables.user_account.c
    return tx.rows(select(c.id, c.login, c.role, c.team, c.manager_id).where(c.active.is_(True)).order_by(c.id))


def share_out(tx: NotifyTransaction, people: Sequence[Row[Any]], times: Clocks) -> None:
    """Give an owner to each lead that has lain in the pool for half of its time.

    To whoever has the customer, else to a rep of the team that is called as the lead's region, else to any rep: the
    one with the fewest open leads. Never to whoever gave it back last.
    """
    c = lead.c
    old = select(c.id).where(
        c.owner_id.is_(None), c.closed_at.is_(None), c.received_at <= times.before(tx.now, times.owner_hours / 2)
    )
    found = tx.load(Lead, c.id.in_(select(old.order_by(c.received_at, c.id).limit(_AT_ONCE).subquery().c.id)))
    if not found:
        return
    active = {one.id for one in people}
    theirs = _owners(tx, {one.customer_id for one in found if one.customer_id})
    load = _load(tx)
    for one in found:
        chosen = theirs.get(one.customer_id or 0)
        if chosen not in active or chosen == one.returned_by_id:
            chosen = _freest(one, people, load)
        if chosen is not None:
            one.owner_id, one.assigned_at = chosen, tx.now
            load[chosen] += 1


def _owners(tx: NotifyTransaction, customers: set[int]) -> Mapping[int, int]:
    c = tables.customer.c
    rows = tx.rows(select(c.id, c.owner_id).where(c.id.in_(customers), c.owner_id.is_not(None)))
    return {row.id: row.owner_id for row in rows}


def _load(tx: NotifyTransaction) -> Counter[int]:
    """Return how many open leads everybody has."""
    c = lead.c
    counted = select(c.owner_id, func.count().label("n")).where(c.owner_id.is_not(None), c.closed_at.is_(None))
    return Counter({row.owner_id: row.n for row in tx.rows(counted.group_by(c.owner_id))})


def _freest(one: Lead, people: Sequence[Row[Any]], load: Counter[int]) -> int | None:
    reps = [each for each in people if each.role == _SELLS and each.id != one.returned_by_id]
    near = [each for each in reps if one.region and each.team.casefold() == one.region.casefold()]
    return min((each.id for each in near or reps), key=lambda key: (load[key], key), default=None)


def escalate(tx: NotifyTransaction, people: Sequence[Row[Any]], times: Clocks) -> None:
    """Tell the manager of each owner, by one task, which leads have had no word of ours for longer than allowed."""
    c = lead.c
    silent = select(c.id).where(
        c.contacted_at.is_(None),
        c.closed_at.is_(None),
        c.escalated_at.is_(None),
        c.received_at <= times.before(tx.now, times.contact_hours),
    )
    found = tx.load(Lead, c.id.in_(select(silent.order_by(c.received_at, c.id).limit(_AT_ONCE).subquery().c.id)))
    logins = {each.id: each.login for each in people}
    told: dict[int | None, list[Lead]] = defaultdict(list)
    for one in found:
        one.escalated_at = tx.now
        told[_manager(one, people)].append(one)
    for manager, several in told.items():
        if manager is not None:
            tx.add(_task(tx, manager, several, logins, times))


def _manager(one: Lead, people: Sequence[Row[Any]]) -> int | None:
    """Return who answers for a lead's owner: the manager of that one, else any manager, else an administrator."""
    known = {each.id: each for each in people}
    owner = known.get(one.owner_id or 0)
    if owner is not None and owner.manager_id in known:
        return int(owner.manager_id)
    for role in _LEADS:
        for each in people:
            if each.role == role:
                return int(each.id)
    return None


def _task(
    tx: NotifyTransaction, manager: int, several: Sequence[Lead], logins: Mapping[int, str], times: Clocks
) -> Task:
    lines = [f"{one.id} {one.title} ({logins.get(one.owner_id or 0, '–')})" for one in several]
    more = [_("and {n} more").format(n=len(lines) - _NAMED)] if len(lines) > _NAMED else []
    one = several[0] if len(several) == 1 else None
    if one is not None:
        subject = _("Lead without a word of ours for {hours:g} hours: {title}")
        subject = subject.format(hours=times.contact_hours, title=one.title)
    else:
        subject = _("{n} leads without a word of ours for {hours:g} hours")
        subject = subject.format(n=len(several), hours=times.contact_hours)
    return Task(
        subject=subject,
        note="\n".join(lines[:_NAMED] + more),
        due=here(tx).today,
        owner_id=manager,
        customer_id=one.customer_id if one else None,
        contact_id=one.contact_id if one else None,
        source="sales: leads that nobody contacted",
    )
