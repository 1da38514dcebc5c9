"""Letters to the accounts of automatic tiers: planned when one is due, asked for permission, written as messages.

A planned letter is an interaction of the status `planned`; written, it is `sent` and counts as having talked.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import Act, Interaction, NotifyTransaction, Participant, Transaction, permit_all, tables
from crmcore_sales.accounts.contacting import last_talk
from crmcore_sales.accounts.tiers import members, tiers
from crmcore_sales.i18n import _
from crmcore_sales.model.account import Tier

ORIGIN = "crmcore-sales"
PLANNED, SENT, CANCELLED = "planned", "sent", "cancelled"
_AT_ONCE, _MOST = 500, 5000
_SUBJECT = "How are things at {customer}?"
_TEXT = "Dear {contact},\n\nit has been a while since we talked. Is there anything we can do for you?\n\n{owner}"


@frozen(kw_only=True)
class Skipped:
    """A customer that could not be written to, and why."""

    customer_id: int
    customer: str
    reason: str


@frozen(kw_only=True)
class Reached:
    """What became of those who are due: how many letters, and who was left out."""

    letters: int
    skipped: Sequence[Skipped]


def plan_due(tx: Transaction | NotifyTransaction) -> Reached:
    """Plan a letter to every account of an automatic tier that is due and may be written to; never two to one."""
    letters, skipped = 0, list[Skipped]()
    for tier in tiers(tx):
        if tier.automatic:
            for rows in _due(tx, tier):
                reached = _plan(tx, tier, rows)
                letters += reached.letters
                skipped += reached.skipped
    return Reached(letters=letters, skipped=skipped)


def _due(tx: Transaction | NotifyTransaction, tier: Tier) -> Iterator[Sequence[Any]]:
    """Yield the customers of a tier that are due and have no letter planned, a portion at a time."""
    c, i = tables.customer.c, tables.interaction.alias().c
    waiting = select(i.id).where(i.customer_id == c.id, i.origin == ORIGIN, i.status == PLANNED).exists()
    nth = last_talk(c.id, tx.now, tier.times)
    origin, mine = members(tier)
    statement = (
        select(c.id, c.name, c.owner_id)
        .select_from(origin)
        .where(mine, ~waiting, (nth < tx.now - timedelta(days=tier.days)) | nth.is_(None))
        .order_by(c.id)
    )
    after = 0
    for _portion in range(_MOST // _AT_ONCE):
        rows = tx.rows(statement.where(c.id > after).limit(_AT_ONCE))
        if not rows:
            return
        after = rows[-1].id
        yield rows


def _plan(tx: Transaction | NotifyTransaction, tier: Tier, rows: Sequence[Any]) -> Reached:
    people = _people(tx, [row.id for row in rows])
    owners = _users(tx, [row.owner_id for row in rows])
    asked = [row for row in rows if row.id in people]
    acts = [_act(tx, row.id, people[row.id].contact_id) for row in asked]
    skipped = [
        Skipped(customer_id=row.id, customer=row.name, reason=_("nobody there has an e-mail address"))
        for row in rows
        if row.id not in people
    ]
    letters = 0
    for row, decision in zip(asked, permit_all(tx, acts), strict=True):
        if not decision.allowed:
            reason = "; ".join(decision.reasons)
            skipped.append(Skipped(customer_id=row.id, customer=row.name, reason=reason))
            continue
        person, owner = people[row.id], owners.get(row.owner_id)
        said = {"{customer}": row.name, "{contact}": person.name, "{owner}": owner.name or owner.login if owner else ""}
        made = tx.add(
            Interaction(
                channel="email",
                direction="out",
                customer_id=row.id,
                contact_id=person.contact_id,
                user_id=row.owner_id,
                at=tx.now,
                subject=_filled(tier.subject or _SUBJECT, said),
                body=_filled(tier.text or _TEXT, said),
                status=PLANNED,
                origin=ORIGIN,
                source=f"plan of tier {tier.name}",
                details={"to": person.value, "from": owner.email if owner else ""},
            )
        )
        tx.add(Participant(interaction_id=made.id, role="to", contact_id=person.contact_id, customer_id=row.id))
        letters += 1
    return Reached(letters=letters, skipped=skipped)


def _people(tx: Transaction | NotifyTransaction, customer_ids: Collection[int]) -> dict[int, Any]:
    """Return by customer the first of its people who has an e-mail address that is not known to be bad."""
    p, c, w = tables.position.c, tables.contact.c, tables.contact_point.c
    statement = (
        select(p.customer_id, p.contact_id, c.name, w.value)
        .join_from(tables.position, tables.contact, c.id == p.contact_id)
        .join(tables.contact_point, (w.contact_id == c.id) & (w.kind == "email") & (w.status == ""))
        .where(p.customer_id.in_(customer_ids), p.ended.is_(None), c.merged_into_id.is_(None))
        .order_by(p.id.desc(), w.id.desc())
    )
    return {row.customer_id: row for row in tx.rows(statement.limit(_MOST * 10))}


def _users(tx: Transaction | NotifyTransaction, ids: Collection[int | None]) -> dict[int | None, Any]:
    c = tables.user_account.c
    wanted = {each for each in ids if each is not None}
    return {row.id: row for row in tx.rows(select(c.id, c.login, c.name, c.email).where(c.id.in_(wanted)))}


def _act(tx: Transaction | NotifyTransaction, customer_id: int | None, contact_id: int | None) -> Act:
    return Act(
        kind="contact", at=tx.now, channel="email", purpose="marketing", customer_id=customer_id, contact_id=contact_id
    )


def _filled(text: str, said: dict[str, str]) -> str:
    for name, value in said.items():
        text = text.replace(name, value)
    return text


def written(tx: Transaction, limit: int) -> tuple[list[EmailMessage], Reached]:
    """Return the planned letters as messages, and note them as sent; each is asked for permission once more.

    What is not allowed by now is cancelled, with the reason in its `details`.
    """
    i = tables.interaction.c
    ids = [
        row.id
        for row in tx.rows(
            select(i.id).where(i.origin == ORIGIN, i.status == PLANNED).order_by(i.moment, i.id).limit(limit)
        )
    ]
    planned = tx.load(Interaction, i.id.in_(ids))
    decisions = permit_all(tx, [_act(tx, one.customer_id, one.contact_id) for one in planned])
    messages, skipped = [], []
    for one, decision in zip(planned, decisions, strict=True):
        one.at = tx.now
        if decision.allowed:
            one.status = SENT
            messages.append(_message(tx, one))
        else:
            reason = "; ".join(decision.reasons)
            one.status, one.details = CANCELLED, {**one.details, "reason": reason}
            skipped.append(Skipped(customer_id=one.customer_id or 0, customer=one.subject, reason=reason))
    return messages, Reached(letters=len(messages), skipped=skipped)


def _message(tx: Transaction, one: Interaction) -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["To"] = one.subject, one.details["to"]
    if one.details.get("from"):
        made["From"] = one.details["from"]
    made["Date"] = formatdate(tx.now.timestamp())
    made["Message-ID"] = f"<{one.id}@{ORIGIN}.invalid>"
    made.set_content(one.body)
    return made
