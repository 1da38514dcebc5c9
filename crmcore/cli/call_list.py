"""`crm call-list`: whom to call now, and whom not, and why."""

from typing import TYPE_CHECKING

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.calling.call_list import Call


@click.command("call-list")
@click.option("--at", "at_said", metavar="TIME", help="For this moment, such as 2026-11-22T09:30; default: now.")
@click.option(
    "--purpose",
    type=click.Choice(["sales", "marketing", "service", "transactional"]),
    default="sales",
    show_default=True,
    help="What the calls are for; consents are for a purpose.",
)
@click.option("--mine/--all", default=True, show_default=True, help="What is yours to do, or everybody's.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many contacts at most.")
@as_json
def call_list(at_said: str | None, purpose: str, mine: bool, limit: int, json_: bool) -> None:
    """Show who has something due and may be called, the longest overdue first.

    Whoever does not want to be called then, or at all, is left out, and shown below with the reason.
    """
    from crmcore.calling.call_list import call_list as build
    from crmcore.cli.session import session
    from crmcore.directory.moments import here, moment_said

    with session() as s, s.write() as tx:
        place = here(tx)
        at = (moment_said("--at", at_said, place) if at_said else tx.now).astimezone(place.zone)
        found = build(tx, at, at.date(), purpose=purpose, owner_id=s.actor.user_id if mine else None, limit=limit)
    if json_:
        print_json(found)
        return
    if found.call:
        print_table(
            [_("id"), _("name"), _("phone"), _("due"), _("why"), _("note")],
            [
                (one.contact_id, _named(one), one.phones[0], one.why[0].due, _why(one), "; ".join(one.objections))
                for one in found.call
            ],
        )
    else:
        tell(_("Nobody is to be called at {at}.").format(at=at.strftime("%Y-%m-%d %H:%M")))
    _print_rest(_("Left out"), found.left_out)
    _print_rest(_("Without a number"), found.no_number)


def _print_rest(title: str, calls: "Sequence[Call]") -> None:
    if calls:
        print_table(
            [_("id"), _("name"), _("why not"), _("due")],
            [(one.contact_id, _named(one), "; ".join(one.objections), _why(one)) for one in calls],
            title=title,
        )


def _named(call: "Call") -> str:
    return " · ".join(name for name in (call.name, call.customer) if name)


def _why(call: "Call") -> str:
    return "; ".join(reason.subject for reason in call.why)
