"""Explaining a decision before it is made: who objects, and everything that people said which bears on it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Row

from crmcore.engine.transaction import Transaction
from crmcore.hooks.policy import Act, Decision
from crmcore.i18n import _
from crmcore.policy import consent, quiet


@frozen(kw_only=True)
class Considered:
    """A consent or preference of those an act is towards: what it says, and how it stands to the act.

    `standing` of a consent is decides, overruled (by a later one), other channel, other purpose or ended; of a
    preference holds, other channel or other time. `by` is contact or customer.
    """

    kind: str
    id: int
    by: str
    text: str
    at: datetime
    until: datetime | None
    standing: str


@frozen(kw_only=True)
class Explanation:
    """What the decision on an act would be, and what was considered, what decides first."""

    decision: Decision
    considered: tuple[Considered, ...]


def explain(tx: Transaction, act: Act) -> Explanation:
    """Return what the decision on an act would be; nothing is journalled."""
    (decision,) = tx.explain((act,))
    found = [*_consents(tx, act), *_wishes(tx, act)]
    found.sort(key=lambda one: one.standing not in (consent.DECIDES, quiet.HOLDS))
    return Explanation(decision=decision, considered=tuple(found))


def _consents(tx: Transaction, act: Act) -> Iterator[Considered]:
    stands_for = consent.positions(tx.connection, [act])
    said = consent.statements(tx.connection, [act], stands_for)
    for row, standing in consent.considered(act, said, stands_for):
        state = _("allows {purpose} by {channel}") if row.state == "granted" else _("refuses {purpose} by {channel}")
        text = state.format(
            purpose=_("everything") if row.purpose == "*" else row.purpose,
            channel=_("any channel") if row.channel == "*" else row.channel,
        )
        told = f"{text} ({row.evidence})" if row.evidence else text
        yield Considered(
            kind="consent", id=row.id, by=_by(row), text=told, at=row.at, until=row.until, standing=standing
        )


def _wishes(tx: Transaction, act: Act) -> Iterator[Considered]:
    for _act, row, standing, _local in quiet.considered(tx.connection, [act]):
        hours = f" {row.starts}-{row.ends}" if row.starts or row.ends else ""
        text = f"{_(row.kind).replace('_', ' ')}{hours}: {row.text or row.channel}"
        yield Considered(
            kind="preference", id=row.id, by=_by(row), text=text, at=row.created_at, until=None, standing=standing
        )


def _by(row: Row[Any]) -> str:
    return "contact" if row.contact_id else "customer"
