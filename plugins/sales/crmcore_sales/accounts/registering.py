"""Partners register deals: the customer is theirs for a time, and who comes second is told so (row S1-17)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from crmcore.api import Customer, Denied, InvalidInput, Task, Transaction, party_id, tables
from crmcore.api import currency as own_currency
from crmcore_sales.i18n import _
from crmcore_sales.model.partner import Registration
from crmcore_sales.pipeline.editing import Beginning, begin
from crmcore_sales.tables import agent, opportunity, registration

DAYS = 90
"""How long a registered deal is protected, unless it is said otherwise."""

CHANNEL = "partner"
_HOLDING = ("protected", "shared")
DECISIONS = ("accept", "share", "refuse")


def register(
    tx: Transaction,
    *,
    partner_id: int,
    customer_id: int,
    title: str,
    on: date,
    days: int = DAYS,
    fields: Mapping[str, Any] | None = None,
) -> Registration:
    """Register a deal of a partner with an end customer, and begin its opportunity unless `opportunity_id` names one.

    When another partner has it protected, or somebody works on it already, the registration is in conflict: no
    opportunity is begun, and the customer's owner gets a task. Two who register at the same moment are told apart.
    Raises `InvalidInput` for one who is no partner, and for a deal that is registered already.
    """
    _must_be_partner(tx, partner_id, on)
    tx.lock(Customer, customer_id)
    said = dict(fields or {})
    if not said.get("agent_id"):
        said["agent_id"] = _agent(tx, partner_id)
    said["owner_id"] = said.get("owner_id") or _owner(tx, customer_id, partner_id)
    said["currency"] = said.get("currency") or own_currency(tx)
    record = Registration(
        partner_id=partner_id,
        customer_id=customer_id,
        title=title,
        registered_on=on,
        protected_until=on + timedelta(days=days),
        **said,
    )
    rival = _rival(tx, record)
    tx.add(record)
    if rival is None:
        _begin(tx, record)
        return record
    record.status, (record.rival_id, record.reason) = "conflict", rival
    tx.record("sales.partner_conflict", "customer", customer_id, {"registration": record.id, "rival": record.rival_id})
    tx.add(
        Task(
            subject=_("Decide: {title} was registered in conflict ({reason})").format(
                title=title, reason=record.reason
            ),
            due=on,
            owner_id=record.owner_id,
            customer_id=customer_id,
        )
    )
    return record


def partner_said(tx: Transaction, text: str) -> int:
    """Return the id of the partner that `text` names; an agent may name the own one, whose record is hidden or not.

    Raises `NotFound`, and `InvalidInput` for several.
    """
    c = tables.customer.c
    own = tx.connection.execute(
        select(c.id, c.name)
        .join_from(agent, tables.customer, c.id == agent.c.partner_id)
        .where(agent.c.user_id == tx.actor.user_id)
    ).first()
    if own is not None and text in (str(own.id), own.name):
        return int(own.id)
    return party_id(tx, tables.customer, text)


def _must_be_partner(tx: Transaction, partner_id: int, on: date) -> None:
    c = tables.customer_role.c
    rows = tx.connection.execute(select(c.ended).where(c.customer_id == partner_id, c.role == "partner"))
    if not any(row.ended is None or row.ended >= on for row in rows):
        raise InvalidInput(
            _("{id} is no partner; make it one with `crm customer role {id} add partner`.").format(id=partner_id)
        )


def _agent(tx: Transaction, partner_id: int) -> int | None:
    """Return the partner's user who follows a new deal: the actor, or the only one there is."""
    a, user = agent.c, tables.user_account.c
    rows = tx.connection.execute(
        select(a.user_id, a.partner_id)
        .join_from(agent, tables.user_account, user.id == a.user_id)
        .where(user.active.is_(True), or_(a.partner_id == partner_id, a.user_id == tx.actor.user_id))
    ).all()
    mine = [row.partner_id for row in rows if row.user_id == tx.actor.user_id]
    if mine and mine[0] != partner_id:
        raise Denied(_("{login} works for another partner.").format(login=tx.actor.login))
    return tx.actor.user_id if mine else rows[0].user_id if len(rows) == 1 else None


def _owner(tx: Transaction, *customer_ids: int) -> int | None:
    """Return who of ours a deal is: who owns the end customer, else the partner, else the actor; no agent if possible.

    Whose they are is looked up whether the actor may see them or not.
    """
    c, a = tables.customer.c, agent.alias().c
    ours = ~select(a.id).where(a.user_id == c.owner_id).exists()
    found = tx.connection.execute(
        select(c.id, c.owner_id).where(c.id.in_(customer_ids), c.owner_id.is_not(None), ours)
    ).all()
    owners = {row.id: row.owner_id for row in found}
    return next((owners[key] for key in customer_ids if key in owners), tx.actor.user_id or None)


def _rival(tx: Transaction, one: Registration) -> tuple[int, str] | None:
    """Return what was there before, and a sentence that names nobody; hidden from the actor or not.

    Raises `InvalidInput` where the partner itself registered it.
    """
    r, o = registration.c, opportunity.c
    held = tx.connection.execute(
        select(r.id, r.partner_id, r.protected_until, r.title)
        .where(r.customer_id == one.customer_id, r.status.in_(_HOLDING), r.protected_until >= one.registered_on)
        .order_by(r.id)
    ).all()
    for row in held:
        if row.partner_id == one.partner_id and row.title == one.title:
            raise InvalidInput(
                _("It is registered already: {id}, protected until {day}.").format(id=row.id, day=row.protected_until)
            )
    for row in held:
        if row.partner_id != one.partner_id:
            return row.id, _("another partner has it until {day}").format(day=row.protected_until)
    if one.opportunity_id is not None:
        return None
    others = tx.connection.execute(
        select(o.id, o.partner_id).where(
            o.customer_id == one.customer_id, o.status == "open", o.partner_id.is_distinct_from(one.partner_id)
        )
    ).first()
    if others is None:
        return None
    return others.id, _("another partner works on it") if others.partner_id else _("we work on it ourselves")


def _begin(tx: Transaction, one: Registration) -> None:
    """Begin the opportunity of a registration, or give the one it names to the partner."""
    if one.opportunity_id is not None:
        return
    one.opportunity_id = begin(
        tx,
        Beginning(
            title=one.title,
            customer_id=one.customer_id,
            owner_id=one.owner_id,
            amount=one.amount,
            currency=one.currency,
            fields={"partner_id": one.partner_id, "agent_id": one.agent_id, "channel": CHANNEL},
            filled={"customer_id", "title", "amount", "owner_id"},
        ),
    ).id


def decide(tx: Transaction, registration_id: int, decision: str, reason: str) -> Registration:
    """Decide a conflict: `accept` gives the customer to this partner and takes it from the other, `share` lets both

    stand, `refuse` leaves it with who was first. Raises `Denied` for the partner's own agent.
    """
    one = tx.get(Registration, registration_id)
    if one.agent_id is not None and one.agent_id == tx.actor.user_id:
        raise Denied(_("Who of two partners comes first is not for one of them to decide."))
    if one.status != "conflict":
        raise InvalidInput(_("Registration {id} is not in conflict but {status}.").format(
            id=one.id, status=_(one.status)
        ))  # fmt: skip
    if decision == "refuse":
        one.status = "refused"
    else:
        rivals = tx.load(
            Registration,
            registration.c.customer_id == one.customer_id,
            registration.c.id != one.id,
            registration.c.status.in_(_HOLDING),
        )
        one.status = "protected" if decision == "accept" else "shared"
        for other in rivals:
            other.status, other.reason = ("refused", reason) if decision == "accept" else ("shared", other.reason)
        _begin(tx, one)
    one.reason = reason
    return one


def extend(tx: Transaction, registration_id: int, days: int, reason: str) -> Registration:
    """Protect a registered deal for longer; raises `InvalidInput` for one that is not protected."""
    one = tx.get(Registration, registration_id)
    if one.status not in _HOLDING:
        raise InvalidInput(_("Registration {id} is {status}.").format(id=one.id, status=_(one.status)))
    one.protected_until += timedelta(days=days)
    one.reason = reason
    return one


def withdraw(tx: Transaction, registration_id: int, reason: str) -> Registration:
    """Take a registration back: the customer is free again."""
    one = tx.get(Registration, registration_id)
    one.status, one.reason = "withdrawn", reason
    return one
