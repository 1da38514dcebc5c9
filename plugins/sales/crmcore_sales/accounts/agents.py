"""A partner's people who work here: for whom, and which deals they follow (row S4-05)."""

from collections.abc import Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import NotFound, PluginReader, Reader, Transaction, logins, names, tables
from crmcore_sales.i18n import _
from crmcore_sales.model.opportunity import Opportunity
from crmcore_sales.model.partner import Agent
from crmcore_sales.tables import agent, opportunity

_MOST = 1000


@frozen(kw_only=True)
class AgentView:
    """An agent as listed, with the number of deals by how they stand."""

    login: str
    role: str
    partner: str
    open: int
    won: int
    lost: int


def agents(reader: Reader | PluginReader) -> list[AgentView]:
    """Return the agents by login: three statements."""
    user, o = tables.user_account.c, opportunity.c
    rows = reader.rows(
        select(user.id, user.login, user.role, agent.c.partner_id)
        .join_from(agent, tables.user_account, user.id == agent.c.user_id)
        .where(user.active.is_(True))
        .order_by(user.login)
        .limit(_MOST)
    )
    called = names(reader, tables.customer, (row.partner_id for row in rows))
    counted = (
        select(o.agent_id, o.status, func.count().label("n"))
        .where(o.agent_id.in_([row.id for row in rows]))
        .group_by(o.agent_id, o.status)
    )
    deals = {(row.agent_id, row.status): row.n for row in reader.rows(counted)}
    return [
        AgentView(
            login=row.login,
            role=row.role,
            partner=called.get(row.partner_id, ""),
            open=deals.get((row.id, "open"), 0),
            won=deals.get((row.id, "won"), 0),
            lost=deals.get((row.id, "lost"), 0),
        )
        for row in rows
    ]


def appoint(tx: Transaction, user_id: int, partner_id: int) -> Agent:
    """Let a user work for a partner; who works for another changes over."""
    held = tx.load(Agent, agent.c.user_id == user_id)
    if held:
        held[0].partner_id = partner_id
        return held[0]
    return tx.add(Agent(user_id=user_id, partner_id=partner_id))


def role_of(reader: Reader, user_id: int) -> str:
    """Return the role of a user."""
    return str(reader.value(select(tables.user_account.c.role).where(tables.user_account.c.id == user_id)))


def is_limited(scope: Any) -> bool:
    """Return whether a role reads no more than what is its own."""
    return bool(scope.read == "own")


def assign(tx: Transaction, user_id: int, deals: Sequence[int]) -> None:
    """Let an agent follow opportunities beside their owners; raises `NotFound` for one there is not."""
    partner_id = tx.value(select(agent.c.partner_id).where(agent.c.user_id == user_id))
    if partner_id is None:
        raise NotFound(_("{login} works for no partner.").format(login=logins(tx, [user_id]).get(user_id, "")))
    found = {one.id: one for one in tx.load(Opportunity, opportunity.c.id.in_(deals))}
    for key in deals:
        if key not in found:
            raise NotFound(_("There is no opportunity “{text}”.").format(text=key))
        found[key].agent_id = user_id
        found[key].partner_id = found[key].partner_id or partner_id
