"""How many of those who were asked need something now, later, nothing: by agent, campaign or product (row S4-03)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, func, literal, select

from crmcore.api import Reader, here, tables
from crmcore.reports.report import Column, Report, percent
from crmcore_marketing.campaigns.finding import subtree
from crmcore_marketing.i18n import _
from crmcore_marketing.qualifying.judging import LATER, NONE, NOW
from crmcore_marketing.tables import campaign, member, qualification

BY = ("agent", "campaign", "product")
_MOST = 2_000


@frozen(kw_only=True)
class Filtered:
    """Those asked, and what they need; `handed` are those who need something now and were taken over by somebody."""

    name: str
    asked: int
    now: int
    later: int
    none: int
    handed: int


@frozen(kw_only=True)
class Filter:
    """What was found, grouped; `total` is all. `not_asked` are members of the campaign whom nobody asked yet."""

    by: str
    total: Filtered
    groups: Sequence[Filtered]
    not_asked: int | None


def filtered(
    reader: Reader,
    *,
    by: str = "agent",
    campaign_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Filter:
    """Return what those need who were asked from `since` to `until`, by their last answer; three statements.

    A campaign is told with those below it. Groups beyond 2,000 are left out, the smallest first, not of the total.
    """
    last = _last(campaign_id, since, until).subquery("last")
    groups = [_told(row.name, row) for row in reader.rows(_counted(last, _name(by, last)).limit(_MOST))]
    whole = reader.rows(_counted(last, literal("")))
    total = _told("", whole[0]) if whole else Filtered(name="", asked=0, now=0, later=0, none=0, handed=0)
    waiting = None if campaign_id is None else reader.value(_unasked(campaign_id))
    return Filter(by=by, total=total, groups=groups, not_asked=waiting)


def _last(campaign_id: int | None, since: datetime | None, until: datetime | None) -> Select[Any]:
    """Return the last answer of each contact in each campaign."""
    c, later = qualification.c, qualification.alias("later")
    newer = select(later.c.id).where(
        later.c.contact_id == c.contact_id,
        later.c.campaign_id.is_not_distinct_from(c.campaign_id),
        (later.c.at > c.at) | ((later.c.at == c.at) & (later.c.id > c.id)),
    )
    statement = select(c.id, c.result, c.agent_id, c.campaign_id, c.product, c.member_id, c.at).where(~newer.exists())
    if campaign_id is not None:
        statement = statement.where(c.campaign_id.in_(subtree(campaign_id)))
    if since is not None:
        statement = statement.where(c.at >= since)
    return statement if until is None else statement.where(c.at < until)


def _name(by: str, last: Any) -> ColumnElement[str]:
    user = tables.user_account.c
    found: Mapping[str, Any] = {
        "agent": select(user.login).where(user.id == last.c.agent_id).scalar_subquery(),
        "campaign": select(campaign.c.name).where(campaign.c.id == last.c.campaign_id).scalar_subquery(),
        "product": last.c.product,
    }
    return func.coalesce(found[by], literal(""))


def _counted(last: Any, name: ColumnElement[str]) -> Select[Any]:
    link, c = tables.link.c, last.c
    taken = select(link.id).where(link.from_entity == member.name, link.from_id == c.member_id).exists()
    alone = select(link.id).where(link.from_entity == qualification.name, link.from_id == c.id).exists()
    each = select(name.label("name"), c.result, (taken | alone).label("handed")).subquery("each")
    counts = [func.count().filter(each.c.result == result).label(result) for result in (NOW, LATER, NONE)]
    handed = func.count().filter(each.c.result == NOW, each.c.handed).label("handed")
    return (
        select(each.c.name, func.count().label("asked"), *counts, handed)
        .group_by(each.c.name)
        .order_by(func.count().desc(), each.c.name)
    )


def _told(name: str, row: Any) -> Filtered:
    return Filtered(name=name, asked=row.asked, now=row.now, later=row.later, none=row.none, handed=row.handed)


def _unasked(campaign_id: int) -> Select[Any]:
    m, c = member.c, qualification.c
    asked = select(c.id).where(c.member_id == m.id).exists()
    return select(func.count()).select_from(member).where(m.campaign_id.in_(subtree(campaign_id)), ~asked)


def report(found: Filter, reader: Reader) -> Report:
    """Return it as a table, with a bar for the needs for now of each group."""
    total, day = found.total, here(reader).today
    by = {"agent": _("agent"), "campaign": _("campaign"), "product": _("product")}[found.by]
    notes = [
        _("Of {asked} who were asked {now} need something now, {later} are asked again on a day, {none} need nothing.")
        .format(asked=total.asked, now=total.now, later=total.later, none=total.none),
        _("{handed} of {now} were taken over.").format(handed=total.handed, now=total.now),
    ]  # fmt: skip
    if found.not_asked is not None:
        notes.append(_("{n} members were not asked yet.").format(n=found.not_asked))
    return Report(
        title=_("Needs of {n} people, {day}").format(n=total.asked, day=day),
        columns=[
            Column(by), Column(_("asked"), number=True), Column(_("now"), number=True), Column(_("later"), number=True),
            Column(_("none"), number=True), Column(_("now %"), number=True), Column(_("taken over"), number=True),
        ],
        rows=[
            (one.name or "–", one.asked, one.now, one.later, one.none, percent(_share(one)), one.handed)
            for one in found.groups
        ],
        bars=[(one.name or "–", Decimal(one.now)) for one in found.groups],
        notes=notes,
        data=found,
    )  # fmt: skip


def _share(one: Filtered) -> float:
    return one.now / one.asked if one.asked else 0.0
