"""Two customers that turn out to be one are in one play of a programme from then on, until they turn out to be two."""

from collections import defaultdict

from crmcore.api import Event, NotifyTransaction, here
from crmcore_marketing.model.programme import Placement, Programme
from crmcore_marketing.tables import placement

_MERGED, _PARTED = "customer.merged", "customer.unmerged"
HEARS = (_MERGED, _PARTED)
_MOVED = "moved"


def customers_met(event: Event, tx: NotifyTransaction) -> None:
    """Let a customer stay where it came last, of several plays of a programme; what was before stays history."""
    if event.type != _MERGED:
        return
    c = placement.c
    found: dict[int, list[Placement]] = defaultdict(list)
    for one in tx.load(Placement, c.customer_id == event.subject_id, c.until.is_(None)):
        found[one.programme_id].append(one)
    for programme_id, stays in sorted(found.items()):
        tx.lock(Programme, programme_id)
        *earlier, _last = sorted(stays, key=lambda one: (one.since, -one.id))
        for one in earlier:
            one.until = max(here(tx).today, one.since)
            if not one.result:
                one.result, one.result_on = _MOVED, one.until


def customers_parted(event: Event, tx: NotifyTransaction) -> None:
    """Put both customers back where they were: who moved to no other play did so only by the merge."""
    if event.type != _PARTED:
        return
    c = placement.c
    stays: dict[tuple[int | None, int], list[Placement]] = defaultdict(list)
    for one in tx.load(Placement, c.customer_id.in_((event.subject_id, int(event.data["loser"])))):
        stays[one.customer_id, one.programme_id].append(one)
    for several in stays.values():
        last = max(several, key=lambda one: (one.since, one.id))
        if last.result == _MOVED and all(one.until is not None for one in several):
            last.until = last.result_on = None
            last.result = ""
