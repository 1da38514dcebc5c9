"""Consent: what a person allows, by channel and purpose; the latest statement that applies decides."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from crmcore.engine.portions import portions
from crmcore.engine.tables import consent, position
from crmcore.hooks.kinds import impl
from crmcore.hooks.policy import Act, Objection
from crmcore.i18n import _

# A person who never said anything about marketing may be asked, but whoever acts should know.
ASK_FIRST = frozenset({"marketing"})

DECIDES, OVERRULED, ENDED = "decides", "overruled", "ended"
OTHER_CHANNEL, OTHER_PURPOSE = "other channel", "other purpose"

Statements = Mapping[tuple[str, int], Sequence[Row[Any]]]
"""What each contact and customer said, by the column that names it and its id."""


Positions = Mapping[int, Sequence[tuple[int, date | None]]]
"""The customers that each contact stands or stood for, with the last day."""


@impl
def crm_objections(acts: Sequence[Act], tx: Any) -> Iterator[Objection]:
    """Object to acts that the person, or the customer the person stands for, has not allowed.

    Three statements for up to 5,000 contacts and 5,000 customers. What is hidden from the actor binds all the same.
    """
    asked = [act for act in acts if act.channel or act.purpose]
    if not asked:
        return
    stands_for = positions(tx.connection, asked)
    said = statements(tx.connection, asked, stands_for)
    unasked: dict[tuple[str, str], tuple[str, str]] = {}
    for act in asked:
        latest = next((row for row, standing in considered(act, said, stands_for) if standing == DECIDES), None)
        if latest is None:
            if act.purpose in ASK_FIRST:
                what = act.purpose, act.channel
                if what not in unasked:  # of thousands of acts most are alike, and each text is looked up
                    unasked[what] = _unasked(*what)
                reason, lift = unasked[what]
                yield Objection(act=act, reason=reason, blocks=False, lift=lift)
        elif latest.state == "denied":
            yield _denial(act, latest)


def _unasked(purpose: str, channel: str) -> tuple[str, str]:
    reason = _("no consent for {purpose} by {channel} is recorded").format(
        purpose=purpose, channel=channel or _("any channel")
    )
    return reason, _("a consent on evidence: crm consent grant")


def _denial(act: Act, said: Row[Any]) -> Objection:
    return Objection(
        act=act,
        reason=_("opted out of {purpose} by {channel} on {at} ({evidence})").format(
            purpose=_("everything") if said.purpose == "*" else said.purpose,
            channel=_("any channel") if said.channel == "*" else said.channel,
            at=said.at.date().isoformat(),
            evidence=said.evidence or _("no evidence noted"),
        ),
        until=said.until,
        lift=_("a later consent on evidence: crm consent grant"),
    )


def positions(connection: Connection, acts: Iterable[Act]) -> Positions:
    """Return the customers that the contacts of acts stand or stood for: one statement for up to 5,000 contacts."""
    found: dict[int, list[tuple[int, date | None]]] = defaultdict(list)
    p = position.c
    for ids in portions(act.contact_id for act in acts):
        for row in connection.execute(select(p.contact_id, p.customer_id, p.ended).where(p.contact_id.in_(ids))):
            found[row.contact_id].append((row.customer_id, row.ended))
    return found


def statements(connection: Connection, acts: Sequence[Act], stands_for: Positions) -> Statements:
    """Return what was said, until the last of the acts, by those the acts are towards and those they stand for.

    Two statements for up to 5,000 contacts and 5,000 customers.
    """
    c = consent.c
    found: dict[tuple[str, int], list[Row[Any]]] = defaultdict(list)
    customers = {act.customer_id for act in acts}
    customers.update(customer for held in stands_for.values() for customer, _ended in held)
    wanted: tuple[tuple[Any, Iterable[int | None]], ...] = (
        (c.contact_id, [act.contact_id for act in acts]),
        (c.customer_id, customers),
    )
    for column, everybody in wanted:
        for ids in portions(everybody):
            statement = select(consent).where(column.in_(ids), c.at <= max(act.at for act in acts))
            for row in connection.execute(statement):
                found[column.name, row._mapping[column]].append(row)
    return found


def considered(act: Act, said: Statements, stands_for: Positions) -> Iterator[tuple[Row[Any], str]]:
    """Yield every statement by those an act is towards, the latest first, and how it stands to the act.

    The latest that covers the act decides. A purpose that is transactional needs a statement of its own: an opt-out of
    everything does not end a contract.
    """
    spoke = [("customer_id", act.customer_id), ("contact_id", act.contact_id)]
    spoke += [
        ("customer_id", customer)
        for customer, ended in stands_for.get(act.contact_id or 0, ())
        if ended is None or ended >= act.at.date()
    ]
    heard = {row.id: row for who, key in spoke if key is not None for row in said.get((who, key), ())}
    decided = False
    for row in sorted(heard.values(), key=lambda one: (one.at, one.id), reverse=True):
        if row.at > act.at:
            continue
        standing = _standing(act, row) or (OVERRULED if decided else DECIDES)
        decided |= standing == DECIDES
        yield row, standing


def _standing(act: Act, row: Row[Any]) -> str:
    """Return why a statement does not cover an act; empty when it does."""
    if row.channel not in (act.channel, "*"):
        return OTHER_CHANNEL
    if row.purpose != act.purpose and (row.purpose != "*" or act.purpose == "transactional"):
        return OTHER_PURPOSE
    return ENDED if row.until is not None and row.until <= act.at else ""
