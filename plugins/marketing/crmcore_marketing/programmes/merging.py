"""Two customers that turn out to be one are in one play of a programme from then on."""

from collections import defaultdict

from crmcore.api import Event, NotifyTransaction, here
from crmcore_marketing.model.programme import Placement, Programme
from crmcore_marketing.tables import placement

HEARS = ("customer.merged",)


def customers_met(event: Event, tx: NotifyTransaction) -> None:
    """Let a customer stay where it came last, of several plays of a programme; what was before stays history."""
    if event.type not in HEARS:
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
                one.result, one.result_on = "moved", one.until
