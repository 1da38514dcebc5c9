"""Consent: what a person allows, by channel and purpose; the latest statement that applies decides."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select

from crmcore.engine.tables import consent, position
from crmcore.hooks.kinds import impl
from crmcore.hooks.policy import Act, Objection
from crmcore.i18n import _

# A person who never said anything about marketing may be asked, but whoever acts should know.
ASK_FIRST = frozenset({"marketing"})


@impl
def crm_objections(act: Act, tx: Any) -> Iterable[Objection]:
    """Object to an act the person, or the customer the person stands for, has not allowed."""
    if not act.channel and not act.purpose:
        return
    said = _said(act, tx)
    if said is None:
        if act.purpose in ASK_FIRST:
            yield Objection(
                reason=_("no consent for {purpose} by {channel} is recorded").format(
                    purpose=act.purpose, channel=act.channel or _("any channel")
                ),
                blocks=False,
            )
        return
    if said.state == "denied":
        yield Objection(
            reason=_("opted out of {purpose} by {channel} on {at} ({evidence})").format(
                purpose=_("everything") if said.purpose == "*" else said.purpose,
                channel=_("any channel") if said.channel == "*" else said.channel,
                at=said.at.date().isoformat(),
                evidence=said.evidence or _("no evidence noted"),
            ),
            until=said.until,
        )


def _said(act: Act, tx: Any) -> Any:
    """Return the latest statement that covers the act; a purpose that is transactional needs one of its own."""
    purposes = [act.purpose] if act.purpose == "transactional" else [act.purpose, "*"]
    customers = select(position.c.customer_id).where(
        position.c.contact_id == act.contact_id, or_(position.c.ended.is_(None), position.c.ended >= act.at.date())
    )
    about = [consent.c.customer_id == act.customer_id] if act.customer_id else []
    if act.contact_id:
        about += [consent.c.contact_id == act.contact_id, consent.c.customer_id.in_(customers)]
    return tx.first(
        select(consent)
        .where(
            or_(*about),
            consent.c.channel.in_([act.channel, "*"]),
            consent.c.purpose.in_(purposes),
            consent.c.at <= act.at,
            or_(consent.c.until.is_(None), consent.c.until > act.at),
        )
        .order_by(consent.c.at.desc(), consent.c.id.desc())
    )
