"""What sales made of what marketing handed over: accepted or rejected, and why, by campaign (row S1-V01).

Leads are those that some plugin declares (`crm_outcomes`, stage lead). A lead is a campaign's by the link that was made
as it was handed over, else by the campaign's code or name that it carries.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import field, frozen
from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select

from crmcore.api import NotFound, Outcome, Reader, logins, outcomes, tables
from crmcore.reports.report import Column, Report, percent
from crmcore_marketing.campaigns.finding import campaign_titles, subtree
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import campaign, member, qualification

BY = ("campaign", "agent", "product", "reason", "owner")
_MOST = 5_000


@frozen(kw_only=True)
class Accepted:
    """What became of the leads of a campaign; `rate` is the share accepted of those decided, None before any is."""

    id: int | None
    name: str
    leads: int
    accepted: int
    rejected: int
    open: int
    reasons: Mapping[str, int] = field(factory=dict)
    rate: float | None = field(init=False)

    @rate.default
    def _default_rate(self) -> float | None:
        decided = self.accepted + self.rejected
        return self.accepted / decided if decided else None


@frozen(kw_only=True)
class Acceptance:
    """What became of leads, grouped `by`; `total` is all."""

    by: str
    total: Accepted
    groups: Sequence[Accepted]


def acceptance(
    reader: Reader,
    *,
    by: str = "campaign",
    campaign_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Acceptance:
    """Return what became of the leads that came from `since` to `until`: one statement for each kind of lead.

    A campaign is told with those below it. Raises `NotFound` where nobody keeps leads. Beyond 5,000 combinations of
    group, state and reason the rarest are left out.
    """
    kept = outcomes(reader, "lead")
    if not kept:
        raise NotFound(_("Nobody here keeps leads: no plugin that does is enabled, such as sales."))
    rows = [row for lead in kept for row in reader.rows(_counted(lead, by, campaign_id, since, until))]
    names = _names(reader, by, rows)
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.key].append(row)
    told = [_told(key, names.get(key, str(key or "")), some, by) for key, some in groups.items()]
    told.sort(key=lambda one: (-one.leads, one.name))
    return Acceptance(by=by, total=_told(None, "", rows, ""), groups=told)


@frozen(kw_only=True, eq=False)
class Leads:
    """Leads, joined with what they came of: expressions over `source`. `campaign` is NULL for those of none of ours."""

    source: Any
    campaign: ColumnElement[int]
    contact: ColumnElement[int]
    agent: ColumnElement[int]
    product: ColumnElement[str]


def leads_of(lead: Outcome) -> Leads:
    """Return the leads that somebody keeps, joined with the member they were, and what that one answered last."""
    link, m, q = tables.link, member.c, qualification.alias("asked")
    by_member = (
        select(qualification.c.member_id, func.max(qualification.c.id).label("last"))
        .where(qualification.c.member_id.is_not(None))
        .group_by(qualification.c.member_id)
        .subquery("by_member")
    )
    handed = and_(
        link.c.to_entity == lead.entity,
        link.c.to_id == lead.record,
        link.c.from_entity.in_((member.name, qualification.name)),
    )
    own = case((link.c.from_entity == qualification.name, link.c.from_id))
    source = (
        lead.source.outerjoin(link, handed)
        .outerjoin(member, and_(link.c.from_entity == member.name, link.c.from_id == m.id))
        .outerjoin(by_member, by_member.c.member_id == m.id)
        .outerjoin(q, q.c.id == func.coalesce(by_member.c.last, own))
    )
    return Leads(
        source=source,
        campaign=func.coalesce(m.campaign_id, q.c.campaign_id, _named_in(lead)),
        contact=func.coalesce(lead.contact, q.c.contact_id),
        agent=q.c.agent_id,
        product=func.coalesce(q.c.product, ""),
    )


def _named_in(lead: Outcome) -> ColumnElement[Any]:
    """Return the campaign whose code or name a lead carries; NULL for none, or several."""
    if lead.campaign is None:
        return literal(None)
    c = campaign.alias("named").c
    word = func.lower(lead.campaign)
    alike = select(func.min(c.id)).where(word != "", or_(func.lower(c.code) == word, func.lower(c.name) == word))
    return alike.having(func.count() == 1).scalar_subquery()


def _counted(
    lead: Outcome, by: str, campaign_id: int | None, since: datetime | None, until: datetime | None
) -> Select[Any]:
    found = leads_of(lead)
    keys: Mapping[str, Any] = {
        "campaign": found.campaign, "agent": found.agent, "product": found.product, "reason": lead.reason,
        "owner": lead.user,
    }  # fmt: skip
    reason = literal("") if lead.reason is None else func.coalesce(lead.reason, "")
    statement = select(
        keys[by].label("key"), lead.state.label("state"), reason.label("reason"), found.campaign.label("campaign")
    ).select_from(found.source)
    if since is not None:
        statement = statement.where(lead.began >= since)
    if until is not None:
        statement = statement.where(lead.began < until)
    each = statement.subquery("each").c
    grouped = select(each.key, each.state, each.reason, func.count().label("n")).where(each.campaign.is_not(None))
    if campaign_id is not None:
        grouped = grouped.where(each.campaign.in_(subtree(campaign_id)))
    return (
        grouped.group_by(each.key, each.state, each.reason)
        .order_by(func.count().desc(), each.key, each.state, each.reason)
        .limit(_MOST)
    )


def _names(reader: Reader, by: str, rows: Sequence[Any]) -> Mapping[Any, str]:
    keys = {row.key for row in rows if row.key is not None}
    if by == "campaign":
        return campaign_titles(reader, keys)
    return logins(reader, keys) if by in ("agent", "owner") else {}


def _told(key: Any, name: str, rows: Sequence[Any], by: str) -> Accepted:
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for row in rows:
        counts[row.state] += row.n
        if row.state == "lost":
            reasons[row.reason] += row.n
    return Accepted(
        id=key if by == "campaign" else None, name=name, leads=counts.total(), accepted=counts["won"],
        rejected=counts["lost"], open=counts["open"], reasons=dict(reasons.most_common()),
    )  # fmt: skip


def report(found: Acceptance, labels: Mapping[str, str]) -> Report:
    """Return it as a table, with bars for the reasons; `labels` are those of registered reasons by code."""
    total = found.total
    by = {
        "campaign": _("campaign"), "agent": _("agent"), "product": _("product"), "reason": _("reason"),
        "owner": _("owner"),
    }  # fmt: skip
    return Report(
        title=_("What became of {n} leads of marketing").format(n=total.leads),
        columns=[
            Column(by[found.by]), Column(_("leads"), number=True), Column(_("accepted"), number=True),
            Column(_("rejected"), number=True), Column(_("open"), number=True), Column(_("accepted %"), number=True),
            Column(_("rejected because")),
        ],
        rows=[
            (
                labels.get(one.name, one.name) or "–", one.leads, one.accepted, one.rejected, one.open,
                percent(one.rate), ", ".join(f"{labels.get(each, each) or '–'} {n}" for each, n in one.reasons.items()),
            )
            for one in found.groups
        ],
        bars=[(labels.get(reason, reason) or "–", Decimal(n)) for reason, n in total.reasons.items()],
        notes=[
            _("Of {leads} leads {accepted} were accepted and {rejected} rejected; {open} are open.").format(
                leads=total.leads, accepted=total.accepted, rejected=total.rejected, open=total.open
            )
        ],
        data=found,
    )  # fmt: skip
