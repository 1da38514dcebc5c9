"""What the brief of a customer shows of the account: its tier, whether its contact plan is kept, who registered it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from crmcore.api import Block, Entry, PluginReader, Subject, tables
from crmcore_sales.accounts.contacting import last_talk
from crmcore_sales.i18n import _
from crmcore_sales.tables import account, registration, tier

_SHOWN = 10


def account_block(subject: Subject, now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Yield the block of a customer that somebody put in a tier or region: two statements."""
    if subject.entity != "customer":
        return
    a, t, user = account.c, tier.c, tables.user_account.c
    one = reader.first(
        select(a.tier, a.region, t.times, t.days, user.login)
        .join_from(account, tier, t.name == a.tier, isouter=True)
        .join(tables.user_account, user.id == a.sponsor_id, isouter=True)
        .where(a.customer_id == subject.id, or_(a.tier != "", a.region != ""))
    )
    if one is None:
        return
    rows = [(_("tier"), one.tier), (_("region"), one.region), (_("sponsor"), one.login or "")]
    overdue = False
    if one.days is not None:
        c = tables.customer.c
        nth = reader.value(select(last_talk(c.id, now, one.times)).where(c.id == subject.id))
        overdue = nth is None or nth < now - timedelta(days=one.days)
        said = _("{times} in {days} days").format(times=one.times, days=one.days)
        rows.append((_("contact plan"), f"{said}: {_('overdue') if overdue else _('on plan')}"))
    data = {"tier": one.tier, "region": one.region, "sponsor": one.login, "overdue": overdue}
    yield Block(title=_("Account"), weight=12, rows=tuple(row for row in rows if row[1]), data=data)


def partner_block(subject: Subject, now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Yield the deals that partners registered with a customer, or that a partner registered; one statement."""
    r, partner, end = registration.c, tables.customer.alias().c, tables.customer.alias().c
    mine = or_(r.customer_id.in_(subject.customer_ids), r.partner_id.in_(subject.customer_ids))
    rows = reader.rows(
        select(r.id, r.title, r.status, r.protected_until, partner.name.label("partner"), end.name.label("customer"))
        .join_from(registration, partner.id.table, partner.id == r.partner_id, isouter=True)
        .join(end.id.table, end.id == r.customer_id, isouter=True)
        .where(mine, r.status.in_(("protected", "shared", "conflict")), r.protected_until >= now.date())
        .order_by(r.id.desc())
        .limit(_SHOWN)
    )
    if rows:
        yield Block(
            title=_("Registered by partners"),
            weight=44,
            headings=(_("partner"), _("customer"), _("deal"), _("protected until"), ""),
            rows=tuple(
                (row.partner or "", row.customer or "", row.title, row.protected_until.isoformat(), _(row.status))
                for row in rows
            ),
            data=[dict(row._mapping) for row in rows],
        )


def partner_entries(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterator[Entry]:
    """Yield when partners registered deals with a customer, or a partner registered deals: one statement."""
    r, partner, owner = registration.c, tables.customer.alias().c, tables.user_account.c
    statement = (
        select(r.id, r.created_at, r.title, r.status, partner.name, owner.login)
        .join_from(registration, partner.id.table, partner.id == r.partner_id, isouter=True)
        .join(tables.user_account, owner.id == r.owner_id, isouter=True)
        .where(or_(r.customer_id.in_(subject.customer_ids), r.partner_id.in_(subject.customer_ids)))
        .order_by(r.created_at.desc(), r.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(r.created_at <= before)
    for row in reader.rows(statement):
        yield Entry(
            at=row.created_at,
            kind=_("registration"),
            who=row.login or "",
            text=f"{row.name or _('a partner')}: {row.title} ({_(row.status)})",
            entity=registration.name,
            id=row.id,
            data={"status": row.status},
        )
