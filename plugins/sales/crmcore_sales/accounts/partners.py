"""Partners as a list: what they registered, what is open and won with them, who of their people works here."""

from collections.abc import Sequence
from datetime import date

from attrs import frozen
from sqlalchemy import and_, func, or_, select

from crmcore.api import PluginReader, Reader, tables
from crmcore_sales.tables import agent, opportunity, registration


@frozen(kw_only=True)
class PartnerView:
    """A partner as listed: how many deals are registered and protected, in conflict, open and won; its agents."""

    id: int
    name: str
    registered: int
    protected: int
    conflicts: int
    open: int
    won: int
    lost: int
    agents: Sequence[str]


def partners(reader: Reader | PluginReader, today: date, *, limit: int, after: int | None = None) -> list[PartnerView]:
    """Return those who have the role of a partner, in the order of their ids: four statements."""
    c, role, r, o = tables.customer.c, tables.customer_role.c, registration.c, opportunity.c
    is_one = select(role.id).where(
        role.customer_id == c.id, role.role == "partner", or_(role.ended.is_(None), role.ended >= today)
    )
    statement = select(c.id, c.name).where(is_one.exists(), c.merged_into_id.is_(None)).order_by(c.id).limit(limit)
    if after is not None:
        statement = statement.where(c.id > after)
    rows = reader.rows(statement)
    ids = [row.id for row in rows]
    holds = and_(r.status.in_(("protected", "shared")), r.protected_until >= today)
    registered = {
        row.partner_id: row
        for row in reader.rows(
            select(
                r.partner_id,
                func.count().label("all"),
                func.count().filter(holds).label("protected"),
                func.count().filter(r.status == "conflict").label("conflicts"),
            )
            .where(r.partner_id.in_(ids))
            .group_by(r.partner_id)
        )
    }
    deals = {
        (row.partner_id, row.status): row.n
        for row in reader.rows(
            select(o.partner_id, o.status, func.count().label("n"))
            .where(o.partner_id.in_(ids))
            .group_by(o.partner_id, o.status)
        )
    }
    people: dict[int, list[str]] = {}
    user = tables.user_account.c
    for row in reader.rows(
        select(agent.c.partner_id, user.login)
        .join_from(agent, tables.user_account, user.id == agent.c.user_id)
        .where(agent.c.partner_id.in_(ids))
        .order_by(user.login)
    ):
        people.setdefault(row.partner_id, []).append(row.login)
    return [
        PartnerView(
            id=row.id,
            name=row.name,
            registered=registered[row.id].all if row.id in registered else 0,
            protected=registered[row.id].protected if row.id in registered else 0,
            conflicts=registered[row.id].conflicts if row.id in registered else 0,
            open=deals.get((row.id, "open"), 0),
            won=deals.get((row.id, "won"), 0),
            lost=deals.get((row.id, "lost"), 0),
            agents=people.get(row.id, []),
        )
        for row in rows
    ]
