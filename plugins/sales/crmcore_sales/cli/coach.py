"""`crm sales coach`: one-to-ones with reps."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore.reports.report import Report
    from crmcore_sales.coaching.sheet import Sheet


@click.group()
def coach() -> None:
    """Prepare and hold one-to-ones: three deals, one skill, two actions, the next date. Both see the same."""


@coach.command()
@click.argument("rep", metavar="LOGIN")
@as_json
@out_option
def sheet(rep: str, json_: bool, out: Path | None) -> None:
    """Show the sheet of a rep as it is now: what to talk about, and what was agreed the last time."""
    from crmcore.api import session
    from crmcore.reports.showing import present
    from crmcore_sales.coaching.closeness import rep_seen
    from crmcore_sales.coaching.sheet import sheet as sheet_of

    with session() as s, s.read() as reader:
        found = sheet_of(reader, rep_seen(reader, rep, s.app.assembly.scope(s.actor.role).write))
    present(_report(found), json_=json_, out=out)


@coach.command()
@click.argument("rep", metavar="LOGIN")
@click.option("--action", "agreed", multiple=True, metavar="TEXT", help="What was agreed; default: what is suggested.")
@click.option("--next", "next_", metavar="DATE", help="When to meet again; default: in two weeks.")
@click.option("--note", default="")
@as_json
def hold(rep: str, agreed: tuple[str, ...], next_: str | None, note: str, json_: bool) -> None:
    """Keep a one-to-one with its sheet; what was agreed becomes tasks of the rep."""
    from crmcore.api import day_said, here, print_json, session, tell
    from crmcore_sales.coaching.closeness import must_manage, rep_seen
    from crmcore_sales.coaching.meeting import hold as hold_meeting
    from crmcore_sales.coaching.meeting import meetings
    from crmcore_sales.coaching.sheet import sheet as sheet_of

    with session() as s:
        with s.write() as tx:
            row = rep_seen(tx, rep, tx.scope.write)
            must_manage(tx, row, tx.scope.write)
            next_on = day_said("--next", next_, here(tx).today) if next_ else None
            hold_meeting(tx, sheet_of(tx, row), agreed=agreed, next_on=next_on, note=note)
        with s.read() as reader:
            held = meetings(reader, row.id, limit=1)[0]
    if json_:
        print_json(held)
        return
    tell(_("Kept. Next one-to-one with {rep}: {day}.").format(rep=rep, day=held.next_on))
    for one in held.actions:
        tell(f"– {one.text} ({one.due})")


@coach.command()
@click.argument("rep", metavar="LOGIN")
@paged
@as_json
def history(rep: str, limit: int, after: int | None, json_: bool) -> None:
    """List the one-to-ones held with a rep, the last one first, and what became of what was agreed."""
    from crmcore.api import print_json, print_table, session
    from crmcore_sales.coaching.closeness import rep_seen
    from crmcore_sales.coaching.meeting import meetings

    with session() as s, s.read() as reader:
        row = rep_seen(reader, rep, s.app.assembly.scope(s.actor.role).write)
        found = meetings(reader, row.id, limit=limit, after=after)
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("held"), _("with"), _("deals"), _("skill"), _("agreed"), _("next")],
        [
            (
                one.id,
                one.held_on,
                one.manager,
                "\n".join(deal["title"] for deal in one.sheet["deals"]),
                one.sheet["gap"]["stage"] if one.sheet["gap"] else "",
                "\n".join(f"{'✓' if each.state == 'done' else '–'} {each.text}" for each in one.actions),
                one.next_on,
            )
            for one in found
        ],
    )


def _report(found: "Sheet") -> "Report":
    from crmcore.reports.report import Cell, Column, Report, money

    rows: list[tuple[Cell, ...]] = [
        (
            _("deal"),
            f"{one.title} ({one.customer})" if one.customer else one.title,
            money(one.amount, one.currency),
            why,
        )
        for one in found.deals
        for why in ["; ".join(concern.why for concern in one.concerns)]
    ]
    if found.gap is not None:
        rows.append((_("skill"), found.gap.stage, "", found.gap.said()))
    rows += [(_("agreed"), one.text, one.due, _(one.state)) for one in found.agreed]
    rows += [(_("suggested"), text, "", "") for text in found.suggested]
    last = found.last_on.isoformat() if found.last_on else _("never")
    following = found.next_on.isoformat() if found.next_on else _("not agreed yet")
    return Report(
        title=_("One-to-one with {rep}, {day}").format(rep=found.rep, day=found.on.isoformat()),
        columns=(Column(""), Column(_("what")), Column(_("amount or date")), Column(_("why"))),
        rows=rows,
        notes=(_("last time: {last}; next: {next}").format(last=last, next=following),),
        data=found.told(),
    )
