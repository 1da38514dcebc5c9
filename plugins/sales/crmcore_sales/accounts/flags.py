"""End customers that two partners work on, or a partner and we ourselves (rows S1-17, S2-16)."""

from collections.abc import Sequence
from datetime import date

from attrs import frozen
from sqlalchemy import and_, or_, select

from crmcore.api import PluginReader, Reader
from crmcore_sales.accounts.registrations import named
from crmcore_sales.pipeline.views import Named
from crmcore_sales.tables import opportunity, registration

_MOST = 1000


@frozen(kw_only=True)
class Working:
    """Somebody who works on a customer: a partner, or we ourselves where it is None; by what record."""

    partner: Named | None
    entity: str
    id: int
    title: str
    since: date
    until: date | None


@frozen(kw_only=True)
class Flag:
    """An end customer that several work on, the first of them first."""

    customer: Named
    working: Sequence[Working]


def flags(reader: Reader | PluginReader, today: date, *, customer_id: int | None = None) -> list[Flag]:
    """Return the end customers that two partners work on, or a partner and we: four statements.

    Somebody works on a customer who has it registered (in conflict, too), or has an open opportunity there.
    """
    r, o = registration.c, opportunity.c
    held = or_(r.status == "conflict", and_(r.status.in_(("protected", "shared")), r.protected_until >= today))
    partners = select(o.customer_id).where(o.status == "open", o.partner_id.is_not(None), o.customer_id.is_not(None))
    registered = select(r.customer_id).where(held, r.customer_id.is_not(None))
    if customer_id is not None:
        partners, registered = (
            partners.where(o.customer_id == customer_id),
            registered.where(r.customer_id == customer_id),
        )
    deals = reader.rows(
        select(o.id, o.customer_id, o.partner_id, o.title, o.created_at)
        .where(o.status == "open", or_(o.customer_id.in_(partners), o.customer_id.in_(registered)))
        .order_by(o.created_at, o.id)
        .limit(_MOST)
    )
    claims = reader.rows(
        select(r.id, r.customer_id, r.partner_id, r.title, r.registered_on, r.protected_until, r.opportunity_id)
        .where(r.customer_id.in_(registered), held)
        .order_by(r.registered_on, r.id)
        .limit(_MOST)
    )
    parties = named(reader, (key for row in (*deals, *claims) for key in (row.customer_id, row.partner_id)))
    by_customer: dict[int, list[Working]] = {}
    own = {row.opportunity_id for row in claims}
    for row in claims:
        by_customer.setdefault(row.customer_id, []).append(
            Working(partner=parties.get(row.partner_id), entity=registration.name, id=row.id, title=row.title,
                    since=row.registered_on, until=row.protected_until)
        )  # fmt: skip
    for row in deals:
        if row.id not in own:
            by_customer.setdefault(row.customer_id, []).append(
                Working(partner=parties.get(row.partner_id), entity=opportunity.name, id=row.id, title=row.title,
                        since=row.created_at.date(), until=None)
            )  # fmt: skip
    return [
        Flag(customer=parties[key], working=sorted(working, key=lambda one: (one.since, one.id)))
        for key, working in by_customer.items()
        if key in parties and len({one.partner for one in working}) > 1
    ]
