"""What a person decides about mail of which nobody knows whether it arrived, or which did not leave."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update

from crmcore.api import InvalidInput, NotFound, Transaction
from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.i18n import _
from crmcore_service.replying.addressing import reached
from crmcore_service.replying.keeping import keep
from crmcore_service.replying.settling import mark, told
from crmcore_service.replying.states import (
    CANCELLED,
    DEFERRED,
    FAILED,
    QUEUED,
    SENT,
    SKIPPED,
    UNKNOWN,
    WAITING,
    WITHHELD,
)
from crmcore_service.tables import outgoing

AGAIN = frozenset({UNKNOWN, FAILED, SKIPPED, DEFERRED, WITHHELD})
"""What a person can let leave again, or now; whether it may is asked then."""


def settle_sent(tx: AnyTransaction, ids: Sequence[int]) -> int:
    """Say of mails of which nobody knew that they arrived: each is in its ticket's thread then. Return how many.

    Raises `NotFound` and `InvalidInput` for one that is not unknown.
    """
    rows = _those(tx, ids, frozenset({UNKNOWN}))
    for row in rows:
        at, said = row.taken_at or tx.now, _("said to have arrived")
        mark(tx, row.id, status=SENT, reason=said, sent_at=at, interaction_id=keep(tx, row, at))
        told(tx, row.id, SENT, said)
    return len(rows)


def settle_again(tx: Transaction, ids: Sequence[int]) -> int:
    """Queue mails again that did not arrive, to where the person is reached now; return how many.

    Raises `NotFound` and `InvalidInput` for one that left or waits, or whose person has no address that works.
    """
    rows = _those(tx, ids, AGAIN)
    for row in rows:
        found = reached(tx, row.contact_id, row.address)
        if found.reason:
            raise InvalidInput(_("Mail {id} cannot leave: {why}.").format(id=row.id, why=found.reason))
        mark(tx, row.id, status=QUEUED, reason="", due_at=tx.now, attempts=0, address=found.address)
        told(tx, row.id, QUEUED, _("to be sent again"))
    return len(rows)


def cancel(tx: AnyTransaction, ids: Sequence[int]) -> int:
    """Keep mails back that have not left; return how many."""
    c = outgoing.c
    left = update(outgoing).where(c.id.in_(ids), c.status.in_(WAITING))
    return tx.execute(left.values(status=CANCELLED)).rowcount


def _those(tx: AnyTransaction, ids: Sequence[int], states: frozenset[str]) -> Sequence[Row[Any]]:
    rows = tx.rows(select(outgoing).where(outgoing.c.id.in_(ids)).order_by(outgoing.c.id))
    for missing in sorted(set(ids) - {row.id for row in rows}):
        raise NotFound(_("There is no mail {id}.").format(id=missing))
    for row in rows:
        if row.status not in states:
            raise InvalidInput(
                _("Mail {id} is {status}; there is nothing to settle.").format(id=row.id, status=_(row.status))
            )
    return rows
