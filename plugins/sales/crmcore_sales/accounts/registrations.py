"""Registered deals as lists, and how long each is protected."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import and_, select

from crmcore.api import PluginReader, Reader, logins, names, tables
from crmcore_sales.pipeline.views import Named
from crmcore_sales.tables import opportunity, registration


@frozen(kw_only=True)
class RegistrationView:
    """A registered deal as listed; `days_left` are those of its protection, none when it is over or was not given."""

    id: int
    partner: Named | None
    customer: Named | None
    title: str
    amount: Decimal | None
    currency: str
    registered_on: date
    protected_until: date
    days_left: int | None
    status: str
    owner: str
    agent: str
    rival_id: int | None
    reason: str
    opportunity_id: int | None
    stage: str
    version: int


def registrations(
    reader: Reader | PluginReader,
    today: date,
    *,
    limit: int,
    after: int | None = None,
    partner_id: int | None = None,
    customer_id: int | None = None,
    status: str = "",
    registration_id: int | None = None,
) -> list[RegistrationView]:
    """Return registered deals, the newest first, before the one `after`: three statements.

    A protection that is over has the status `expired`.
    """
    r, o = registration.c, opportunity.c
    over = and_(r.status.in_(("protected", "shared")), r.protected_until < today)
    statement = select(registration, o.stage).join_from(
        registration, opportunity, o.id == r.opportunity_id, isouter=True
    )
    statement = statement.order_by(r.id.desc()).limit(limit)
    for column, value in (
        (r.partner_id, partner_id), (r.customer_id, customer_id), (r.id, registration_id),
    ):  # fmt: skip
        if value is not None:
            statement = statement.where(column == value)
    if status:
        statement = statement.where(over if status == "expired" else and_(r.status == status, ~over))
    if after is not None:
        statement = statement.where(r.id < after)
    rows = reader.rows(statement)
    parties = named(reader, (key for row in rows for key in (row.partner_id, row.customer_id)))
    users = logins(reader, (key for row in rows for key in (row.owner_id, row.agent_id)))
    return [_view(row, today, parties, users) for row in rows]


def _view(row: Any, today: date, parties: dict[int | None, Named], users: dict[int, str]) -> RegistrationView:
    holds = row.status in ("protected", "shared")
    left = (row.protected_until - today).days
    return RegistrationView(
        id=row.id,
        partner=parties.get(row.partner_id),
        customer=parties.get(row.customer_id),
        title=row.title,
        amount=row.amount,
        currency=row.currency,
        registered_on=row.registered_on,
        protected_until=row.protected_until,
        days_left=left if holds and left >= 0 else None,
        status="expired" if holds and left < 0 else row.status,
        owner=users.get(row.owner_id, ""),
        agent=users.get(row.agent_id, ""),
        rival_id=row.rival_id,
        reason=row.reason,
        opportunity_id=row.opportunity_id,
        stage=row.stage or "",
        version=row.version,
    )


def named(reader: Reader | PluginReader, ids: Iterable[int | None]) -> dict[int | None, Named]:
    """Return customers by id, those the actor may see: one statement."""
    return {key: Named(id=key, name=name) for key, name in names(reader, tables.customer, ids).items()}
