"""The contact plan and the map of an account as reports."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from crmcore.reports.report import Cell, Column, Report
from crmcore_sales.accounts.contacts import Person
from crmcore_sales.accounts.plan import Plan
from crmcore_sales.i18n import _


def report(plans: Sequence[Plan], today: date) -> Report:
    """Return how tiers stand, and below them the accounts that are overdue."""
    return Report(
        title=_("Contact plans on {day}").format(day=today),
        columns=(
            Column(_("tier, who is overdue")), Column(_("owner")), Column(_("last talk")), Column(_("plan")),
            Column(_("all"), number=True), Column(_("on plan"), number=True), Column(_("overdue"), number=True),
            Column(_("executive level"), number=True),
        ),
        rows=list(_rows(plans)),
        bars=[(_("{tier}: on plan").format(tier=one.tier), Decimal(one.on_plan)) for one in plans]
        + [(_("{tier}: overdue").format(tier=one.tier), Decimal(one.overdue)) for one in plans if not one.automatic],
        notes=list(_notes(plans)),
        data={"as_of": today, "tiers": [_told(one) for one in plans]},
    )  # fmt: skip


def _rows(plans: Sequence[Plan]) -> Iterator[tuple[Cell, ...]]:
    for one in plans:
        said = _("{times} in {days} days").format(times=one.times, days=one.days)
        executive = None if one.automatic else one.executive
        yield (one.tier, "", None, said, one.accounts, one.on_plan, one.overdue, executive)
        if not one.automatic:
            for late in one.late:
                yield (f"  {late.name}", late.owner, late.last and late.last.date(), "", None, None, None, None)


def _notes(plans: Sequence[Plan]) -> Iterator[str]:
    for one in plans:
        if one.automatic:
            yield _("{tier}: the plugin writes to the {n} that are due; see `crm sales letters`.").format(
                tier=one.tier, n=one.overdue
            )
        elif one.overdue > len(one.late):
            yield _("{tier}: {n} more are overdue.").format(tier=one.tier, n=one.overdue - len(one.late))


def _told(one: Plan) -> dict[str, object]:
    return {
        "tier": one.tier, "times": one.times, "days": one.days, "automatic": one.automatic, "accounts": one.accounts,
        "on_plan": one.on_plan, "overdue": one.overdue, "executive": one.executive,
        "executive_days": one.executive_days, "late": one.late,
    }  # fmt: skip


def map_report(key: int, name: str, people: Sequence[Person], days: int, zone: ZoneInfo) -> Report:
    """Return the people of an account; those not talked to come first, and are named."""
    untouched = [one.name for one in people if not one.touched]
    touched = len(people) - len(untouched)
    notes = [_("{n} of {all} talked to in the last {days} days.").format(n=touched, all=len(people), days=days)]
    if untouched:
        notes.append(_("Not talked to: {names}.").format(names=", ".join(untouched)))
    return Report(
        title=_("Who is who at {customer}").format(customer=name),
        columns=[Column(_(text)) for text in ("name", "title", "role", "last talk", "with", "")],
        rows=[
            (
                one.name,
                one.title,
                ", ".join(_(role) for role in one.roles),
                one.last and one.last.astimezone(zone).date(),
                one.by,
                "" if one.touched else _("not talked to"),
            )
            for one in people
        ],
        notes=notes,
        data={
            "customer": {"id": key, "name": name}, "days": days, "contacts": len(people), "touched": touched,
            "untouched": untouched, "people": people,
        },
    )  # fmt: skip
