"""The contact plan: which accounts of a tier we talked to in time, which are overdue, which at executive level."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen
from sqlalchemy import Select, case, func, select

from crmcore.api import PluginReader, Reader, logins, tables
from crmcore_sales.accounts.contacting import last_talk
from crmcore_sales.accounts.executives import last_talks
from crmcore_sales.accounts.tiers import members
from crmcore_sales.model.account import Tier


@frozen(kw_only=True)
class Standing:
    """An account in its tier's plan: when we last talked, and by which day we should again (None: at once).

    `executive` is when we last talked to somebody at executive level, as far back as the plan looks.
    """

    id: int
    name: str
    tier: str
    owner: str
    last: datetime | None
    due: date | None
    overdue: bool
    executive: datetime | None


@frozen(kw_only=True)
class Plan:
    """How a tier stands: of `accounts` so many are on plan, so many overdue, so many at executive level.

    `late` are those overdue, the longest silent first; as many as were asked for.
    """

    tier: str
    times: int
    days: int
    automatic: bool
    accounts: int
    on_plan: int
    overdue: int
    executive: int
    executive_days: int
    late: Sequence[Standing]


def plan(reader: Reader | PluginReader, tier: Tier, zone: ZoneInfo, *, limit: int, owner_id: int | None = None) -> Plan:
    """Return how a tier stands now: six statements, however many accounts."""
    now = reader.now
    since, nth = now - timedelta(days=tier.days), last_talk(tables.customer.c.id, now, tier.times)
    origin, mine = members(tier)
    if owner_id is not None:
        mine &= tables.customer.c.owner_id == owner_id
    ids = select(tables.customer.c.id).select_from(origin).where(mine)
    each = select(tables.customer.c.id, nth.label("nth")).select_from(origin).where(mine).subquery()
    in_time = func.coalesce(func.sum(case((each.c.nth >= since, 1), else_=0)), 0)
    counted = reader.first(select(func.count().label("accounts"), in_time.label("on_plan")).select_from(each))
    accounts, on_plan = (counted.accounts, int(counted.on_plan)) if counted else (0, 0)
    late = select(each.c.id).where((each.c.nth < since) | each.c.nth.is_(None))
    late = late.order_by(each.c.nth.is_not(None), each.c.nth, each.c.id).limit(limit)
    executive_days = tier.executive_days or tier.days
    back = now - timedelta(days=executive_days)
    executive = {} if tier.automatic else last_talks(reader, ids, back, now)
    overdue = [row.id for row in reader.rows(late)]
    found = {one.id: one for one in standings(reader, tier, ids, zone, overdue, executive)}
    return Plan(
        tier=tier.name,
        times=tier.times,
        days=tier.days,
        automatic=tier.automatic,
        accounts=accounts,
        on_plan=on_plan,
        overdue=accounts - on_plan,
        executive=len(executive),
        executive_days=executive_days,
        late=[found[key] for key in overdue],
    )


def standings(
    reader: Reader | PluginReader,
    tier: Tier,
    members_of: Select[Any],
    zone: ZoneInfo,
    ids: Sequence[int],
    executive: dict[int, datetime],
) -> list[Standing]:
    """Return how single accounts of a tier stand, by id: two statements."""
    now, c = reader.now, tables.customer.c
    statement = select(
        c.id,
        c.name,
        c.owner_id,
        last_talk(c.id, now).label("last"),
        last_talk(c.id, now, tier.times).label("nth"),
    ).where(c.id.in_(ids), c.id.in_(members_of))
    rows = reader.rows(statement)
    owners = logins(reader, (row.owner_id for row in rows))
    return [
        Standing(
            id=row.id,
            name=row.name,
            tier=tier.name,
            owner=owners.get(row.owner_id, ""),
            last=row.last,
            due=None if row.nth is None else due(row.nth, tier, zone),
            overdue=row.nth is None or row.nth < now - timedelta(days=tier.days),
            executive=executive.get(row.id),
        )
        for row in rows
    ]


def due(nth: datetime, tier: Tier, zone: ZoneInfo) -> date:
    """Return the day by which we should talk again, when the last `times` talks began with that of `nth`."""
    return (nth + timedelta(days=tier.days)).astimezone(zone).date()
