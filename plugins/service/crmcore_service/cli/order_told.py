"""How work orders are shown: as a table, as a card with visits and parts, or to a program."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from crmcore_service.i18n import _

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from crmcore.api import Session
    from crmcore.reports.report import Report
    from crmcore_service.orders.details import PartView, VisitView
    from crmcore_service.orders.views import OrderView


def print_order(s: "Session", order_id: int, *, json_: bool, more: "dict[str, Any] | None" = None) -> None:
    """Print a work order with its visits and parts; `more` is what a program is told besides."""
    from attrs import asdict

    from crmcore.api import here, print_json
    from crmcore_service.orders.details import parts, visits
    from crmcore_service.orders.views import one

    with s.read() as reader:
        found = one(reader, order_id)
        been, used = visits(reader, order_id), parts(reader, order_id)
        if json_:
            print_json({**asdict(found), "visits": been, "parts": used, **(more or {})})
            return
        zone = here(reader).zone
    _print_card(found, zone)
    if been:
        _print_visits(been, zone)
    if used:
        _print_parts(used)


def listed(found: "Sequence[OrderView]", title: str) -> "Report":
    """Return work orders as a table."""
    from crmcore.reports.report import Column, Report

    names = (
        _("order"), _("what"), _("state"), _("customer"), _("technician"), _("appointment"), _("come by"), _("late"),
    )  # fmt: skip
    return Report(
        title=title,
        columns=[Column(one) for one in names],
        rows=[
            (
                one.number, one.subject, _(one.status), one.customer.name if one.customer else "", one.technician,
                one.starts_at, one.promised_on or one.due_at, _("yes") if one.late else "",
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip


def _print_card(one: "OrderView", zone: "tzinfo") -> None:
    from crmcore.api import print_table

    def at(moment: "datetime | None") -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""

    able = one.skill and f"{one.skill} L{one.skill_level}" if one.skill_level else one.skill
    until = f" – {one.ends_at.astimezone(zone):%H:%M}" if one.ends_at else ""
    fixed = "" if one.fixed is None else _("yes") if one.fixed else _("no")
    fields = (
        (_("state"), _(one.status)), (_("kind"), _(one.kind)), (_("customer"), one.customer and one.customer.name),
        (_("contact"), one.contact and one.contact.name), (_("ticket"), one.ticket),
        (_("product"), one.asset and one.asset.name), (_("contract"), one.contract and one.contract.name),
        (_("place"), one.place), (_("skill"), able), (_("technician"), one.technician), (_("owner"), one.owner),
        (_("opened"), at(one.opened_at)), (_("come by"), at(one.due_at)), (_("promised"), one.promised_on),
        (_("appointment"), at(one.starts_at) + until), (_("first visit"), at(one.visited_at)),
        (_("done"), at(one.done_at)), (_("late"), _("yes") if one.late else ""), (_("cause"), one.cause),
        (_("result"), one.result), (_("fixed at the first visit"), fixed), (_("note"), one.note),
        *one.custom.items(),
    )  # fmt: skip
    click.echo(f"{one.number}: {one.subject}  ({_('version')} {one.version})")
    print_table(["", ""], [(name, value) for name, value in fields if value not in (None, "")])


def _print_visits(been: "Sequence[VisitView]", zone: "tzinfo") -> None:
    from crmcore.api import print_table

    print_table(
        [_("begins"), _("ends"), _("technician"), _("fixed"), _("note")],
        [
            (
                f"{one.starts_at.astimezone(zone):%Y-%m-%d %H:%M}",
                f"{one.ends_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.ends_at else "", one.technician,
                "" if one.fixed is None else _("yes") if one.fixed else _("no"), one.note,
            )
            for one in been
        ],
        title=_("Visits on site"),
    )  # fmt: skip


def _print_parts(used: "Sequence[PartView]") -> None:
    from crmcore.api import print_table
    from crmcore.reports.report import money

    print_table(
        [_("part"), _("part number"), _("quantity"), _("cost"), _("warranty")],
        [
            (
                one.name,
                one.number,
                f"{one.quantity.normalize():f}",
                money(one.cost, one.currency),
                _("yes") if one.warranty else "",
            )
            for one in used
        ],
        title=_("Parts"),
    )
