"""`crm service ticket clock`."""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from crmcore.command import as_json
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore_service.levels.explaining import ClockView


@click.command()
@click.argument("ticket", metavar="TICKET")
@click.option("--clock", type=click.Choice(["owner", "response", "resolution"]), default=None, help="Only this one.")
@as_json
def clock(ticket: str, clock: str | None, json_: bool) -> None:
    """Explain the clocks of a ticket: each time that counted, each that did not and why, and when it is due."""
    from crmcore.api import print_json, print_table, record_named, session
    from crmcore_service.levels.explaining import explained
    from crmcore_service.tables import ticket as table

    with session() as s, s.read() as reader:
        found = explained(reader, record_named(reader, table, ticket, called=_("ticket"), prefix="T"), clock or "")
    if json_:
        print_json(found)
        return
    if not found.clocks:
        click.echo(_("{number} has no service level; no clock runs.").format(number=found.number))
        return
    click.echo(
        _("{number} {subject}: level {level}, {priority}, calendar {calendar} ({zone})").format(
            number=found.number, subject=found.subject, level=found.level or _("usual (settings service.…)"),
            priority=found.priority,
            calendar=found.reckoned_by or _("(this workspace's)"), zone=found.zone,
        )
    )  # fmt: skip
    if found.calendar.partition("@")[0] != found.reckoned_by:
        click.echo(_("The calendar {name} is no longer defined.").format(name=found.calendar))
    zone = ZoneInfo(found.zone)
    for one in found.clocks:
        if one.target or one.steps or clock:
            _print(one, zone)
    if found.taken:
        click.echo()
        print_table(
            [_("step"), _("clock"), _("taken"), _("told"), _("what")],
            [
                (one["step"] or "–", _(one["clock"]), _at(one["at"], zone), one["told"], one["what"])
                for one in found.taken
            ],
        )


def _print(one: "ClockView", zone: ZoneInfo) -> None:
    from crmcore.api import print_table

    click.echo()
    words = {
        "met": _("in time"), "late": _("ended late"), "running": _("runs"), "overdue": _("overdue"),
        "still": _("stands still"), "none": _("nothing is promised"),
    }  # fmt: skip
    told = [f"{_(one.clock)}: {words[one.state]}", _("{used:g} working minutes used").format(used=one.used)]
    told += [_("target {target}").format(target=one.target)] if one.target else []
    told += [_("due {at}").format(at=_at(one.due, zone))] if one.due else []
    if one.left is not None:
        told.append(_("{left:g} left").format(left=one.left) if one.left >= 0 else _("{n:g} over").format(n=-one.left))
    click.echo(", ".join(told))
    rows = [
        (_at(each.starts, zone), _at(each.ends, zone), each.minutes if each.counts else "", each.why)
        for each in one.stretches
        if each.minutes or _at(each.starts, zone) != _at(each.ends, zone)
    ]
    if rows:
        print_table([_("begins"), _("ends"), _("minutes"), _("why it did not count")], rows)
    for step in sorted(one.steps, key=lambda each: each["at"]):
        click.echo(_("Next: {at} {text}").format(at=_at(step["at"], zone), text=step["text"]))


def _at(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"
