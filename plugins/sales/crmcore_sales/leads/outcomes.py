"""What became of leads, by where they came from: the mirror that marketing looks into."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import evolve, field, frozen
from sqlalchemy import func, literal, select

from crmcore.api import Reader, tables
from crmcore.reports.report import Column, Report, percent
from crmcore_sales.i18n import _
from crmcore_sales.leads.states import of_kind
from crmcore_sales.tables import lead

_MOST = 5_000


@frozen(kw_only=True)
class Outcome:
    """What became of the leads of one source, campaign, region, owner or reason; shares are of those received.

    `reasons` count why they were rejected, the most frequent first.
    """

    name: str
    received: int
    contacted: int
    accepted: int
    rejected: int
    open: int
    returned: int
    reasons: Mapping[str, int] = field(factory=dict)

    @property
    def rejected_share(self) -> float:
        """How much of what was received was rejected, from 0 to 1."""
        return self.rejected / self.received if self.received else 0.0


@frozen(kw_only=True)
class Outcomes:
    """What became of the leads that came from `since` to `until` (not included), grouped `by`; `total` is all."""

    by: str
    since: datetime
    until: datetime
    total: Outcome
    groups: Sequence[Outcome]


def outcomes(
    reader: Reader, *, since: datetime, until: datetime, by: str = "source", owner_id: int | None = None
) -> Outcomes:
    """Return what became of the leads of a time, grouped in the database, largest groups first: two statements.

    Beyond 5,000 combinations of group, state and reason the rarest are left out of the groups, not of the total.
    """
    c, user = lead.c, tables.user_account
    columns: Mapping[str, Any] = {
        "source": c.lead_source, "campaign": c.campaign, "region": c.region, "reason": c.reason,
        "owner": select(user.c.login).where(user.c.id == c.owner_id).scalar_subquery(),
    }  # fmt: skip
    name = func.coalesce(columns[by], literal("")).label("name")
    mine = () if owner_id is None else (c.owner_id == owner_id,)
    counts = (
        func.count().label("n"), func.count(c.contacted_at).label("contacted"),
        func.count().filter(c.returned > 0).label("returned"),
    )  # fmt: skip
    came = (c.received_at >= since, c.received_at < until, *mine)
    whole = reader.rows(select(c.status, literal("").label("reason"), *counts).where(*came).group_by(c.status))
    rows = reader.rows(
        select(name, c.status, c.reason, *counts)
        .where(*came)
        .group_by(name, c.status, c.reason)
        .order_by(func.count().desc(), name, c.status, c.reason)
        .limit(_MOST)
    )
    kinds = {state: kind for kind in ("open", "won", "lost") for state in of_kind(reader.definitions, kind)}
    grouped: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.name].append(row)
    groups = [_outcome(key, several, kinds) for key, several in grouped.items()]
    reasons = _outcome("", rows, kinds).reasons
    total = evolve(_outcome("", whole, kinds), reasons=reasons)
    groups.sort(key=lambda one: (-one.received, one.name))
    return Outcomes(by=by, since=since, until=until, total=total, groups=groups)


def _outcome(name: str, rows: Sequence[Any], kinds: Mapping[str, str]) -> Outcome:
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for row in rows:
        kind = kinds.get(row.status, "open")
        counts[kind] += row.n
        counts["contacted"] += row.contacted
        counts["returned"] += row.returned
        if kind == "lost":
            reasons[row.reason] += row.n
    return Outcome(
        name=name,
        received=sum(row.n for row in rows),
        contacted=counts["contacted"],
        accepted=counts["won"],
        rejected=counts["lost"],
        open=counts["open"],
        returned=counts["returned"],
        reasons=dict(reasons.most_common()),
    )


def report(found: Outcomes, labels: Mapping[str, str]) -> Report:
    """Return the outcomes as a table and a plot of the reasons; `labels` are those of registered reasons by code."""
    total = found.total
    by = {
        "source": _("source"), "campaign": _("campaign"), "region": _("region"), "owner": _("owner"),
        "reason": _("reason"),
    }  # fmt: skip
    return Report(
        title=_("What became of {n} leads").format(n=total.received),
        columns=(
            Column(by[found.by]), Column(_("received"), number=True), Column(_("contacted"), number=True),
            Column(_("accepted"), number=True), Column(_("rejected"), number=True),
            Column(_("rejected %"), number=True), Column(_("open"), number=True), Column(_("mostly because")),
        ),
        rows=[
            (
                one.name or "–", one.received, one.contacted, one.accepted, one.rejected, percent(one.rejected_share),
                one.open, _reasons(one, labels),
            )
            for one in found.groups
        ],
        bars=[(labels.get(reason, reason) or "–", Decimal(n)) for reason, n in total.reasons.items()],
        notes=(
            _("Of {received} leads {rejected} were rejected ({share}), {accepted} accepted, {open} are open.").format(
                received=total.received,
                rejected=total.rejected,
                share=percent(total.rejected_share),
                accepted=total.accepted,
                open=total.open,
            ),
        ),
        data=found,
    )  # fmt: skip


def _reasons(one: Outcome, labels: Mapping[str, str]) -> str:
    return ", ".join(f"{labels.get(reason, reason)} {n}" for reason, n in list(one.reasons.items())[:3])
