"""`crm quality`: how good the data is, and what to mend first."""

from typing import TYPE_CHECKING

import click

from crmcore.cli.output import as_json, paged, print_json, print_table, tell
from crmcore.command import RECORD_ID
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.quality.meter import Figure, Fix


@click.group(invoke_without_command=True)
@click.option("--fix-queue", is_flag=True, help="List what to mend, contact by contact, and how.")
@paged
@as_json
@click.pass_context
def quality(ctx: click.Context, fix_queue: bool, limit: int, after: int | None, json_: bool) -> None:
    """Show how good the data is: what share of it is right, and how many records figures leave out.

    With --fix-queue: what is wrong with which record, and the command that mends it.
    """
    if ctx.invoked_subcommand is not None:
        return
    from crmcore.cli.session import session
    from crmcore.quality import meter

    queue: list[Fix] = []
    figures: list[Figure] = []
    with session() as s, s.read() as reader:
        if fix_queue:
            queue = meter.fix_queue(reader, limit=limit, after=after)
        else:
            figures = meter.measure(s.app.dispatcher, reader)
    if fix_queue:
        _print_queue(queue, json_, full=len(queue) >= limit)
    else:
        _print_figures(figures, json_)


def _print_figures(figures: "list[Figure]", json_: bool) -> None:
    from crmcore.quality.figures import counted_title

    counted = next((one for one in figures if one.title == counted_title()), None)
    excluded = counted.bad if counted else 0
    if json_:
        print_json({"figures": figures, "contacts": counted.total if counted else 0, "excluded": excluded})
        return
    print_table(
        [_("figure"), _("records"), _("to mend"), _("right")],
        [(one.title, one.total, one.bad, f"{one.score:.1f}%") for one in figures],
    )
    if excluded:
        tell(_("{n} contacts fail and are excluded from figures; `crm quality --fix-queue` lists what to mend.").format(
            n=excluded))  # fmt: skip


def _print_queue(queue: "list[Fix]", json_: bool, *, full: bool) -> None:
    if json_:
        print_json(queue)
        return
    print_table(
        [_("contact"), _("name"), _("what is wrong"), _("record"), _("mend with")],
        [(one.contact, one.name, one.wrong, f"{one.entity} {one.id}", one.command) for one in queue],
    )
    if full:
        tell(_("There may be more: --after {id}").format(id=queue[-1].contact))


@quality.command("mark")
@click.argument("ids", nargs=-1, required=True, type=RECORD_ID, metavar="ID...")
@click.argument("status", type=click.Choice(["stale", "invalid", "ok"]))
@as_json
def mark(ids: tuple[int, ...], status: str, json_: bool) -> None:
    """Mark ways to reach somebody as stale, invalid or ok; the id of a contact means all of its.

    A contact marked ok is confirmed, and no longer stale.
    """
    from crmcore.cli.session import session
    from crmcore.quality.mark import mark as mark_points

    with session() as s, s.write() as tx:
        points = mark_points(tx, ids, status)
    if json_:
        print_json(points)
        return
    print_table([_("id"), _("kind"), _("value"), _("status")],
                [(one.id, one.kind, one.value, one.status or "ok") for one in points])  # fmt: skip


@quality.command("correct")
@click.argument("point", type=RECORD_ID, metavar="ID")
@click.argument("value")
def correct(point: int, value: str) -> None:
    """Give the e-mail address, number or other way to reach somebody with this ID its right VALUE."""
    from crmcore.cli.session import session
    from crmcore.quality.mark import correct as correct_point

    with session() as s, s.write() as tx:
        now = correct_point(tx, point, value)
    tell(_("{kind} {id} is now {value}.").format(kind=now.kind, id=now.id, value=now.value))


@quality.command("stale-after")
@click.argument("months", type=click.IntRange(1, 1200))
def stale_after(months: int) -> None:
    """Set after how many MONTHS without interaction or update a contact is stale (24 unless set)."""
    from crmcore.cli.session import session
    from crmcore.quality.staleness import set_months

    with session() as s, s.write() as tx:
        set_months(tx, months)
    tell(_("A contact is stale after {n} months.").format(n=months))
