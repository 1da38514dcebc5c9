"""Who of a customer's people is at executive level: told by their titles, in English and Chinese, or by their role."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from crmcore.api import PluginReader, Reader, tables
from crmcore_sales.accounts.contacting import talked
from crmcore_sales.tables import buying_role, opportunity

_TITLES = re.compile(
    r"\b(?:c[efotmi]o|cpo|cso|chief|(?:vice[- ])?president|s?vp|evp|managing director|general manager|gm|founder"
    r"|co-?founder|chair(?:man|woman|person)?|board)\b|^owner$"
    r"|总经理|总裁|董事|首席|老板|创始人|合伙人",
    re.IGNORECASE,
)
_BOSS = "boss"
_MOST = 20_000


def is_executive(title: str) -> bool:
    """Return whether a title is one of those who lead: CEO, VP Sales, 副总经理."""
    return _TITLES.search(title) is not None


def executives(reader: Reader | PluginReader, customers: Any) -> set[int]:
    """Return the contacts at executive level of customers, given as ids or a select of them: two statements.

    Those who hold such a title now, and those who are the boss in an opportunity.
    """
    p, o = tables.position.c, opportunity.c
    held = reader.rows(
        select(p.contact_id, p.title, p.role)
        .where(p.customer_id.in_(customers), p.ended.is_(None), or_(p.title != "", p.role != ""))
        .limit(_MOST)
    )
    found = {row.contact_id for row in held if is_executive(row.title) or row.role == _BOSS}
    bosses = select(buying_role.c.contact_id).join(opportunity, o.id == buying_role.c.opportunity_id)
    rows = reader.rows(bosses.where(o.customer_id.in_(customers), buying_role.c.role == _BOSS).limit(_MOST))
    return found | {row.contact_id for row in rows}


def last_talks(reader: Reader | PluginReader, customers: Any, since: datetime, now: datetime) -> dict[int, datetime]:
    """Return when we last talked to somebody at executive level, by customer, as far back as `since`.

    Three statements.
    """
    people = executives(reader, customers)
    if not people:
        return {}
    i, p = tables.interaction.c, tables.participant.c
    with_one = or_(
        i.contact_id.in_(people),
        select(p.id).where(p.interaction_id == i.id, p.contact_id.in_(people)).exists(),
    )
    statement = (
        select(i.customer_id, func.max(i.moment).label("last"))
        .where(i.customer_id.in_(customers), i.moment >= since, talked(i, now), with_one)
        .group_by(i.customer_id)
        .limit(_MOST)
    )
    return {row.customer_id: row.last for row in reader.rows(statement)}
