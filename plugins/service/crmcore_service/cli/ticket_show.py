"""`crm service ticket list|show`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.cli.ticket_said import details, fields_said
from crmcore_service.cli.ticket_told import data, listed, print_card
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader
    from crmcore_service.tickets.views import Asked


@click.command("list")
@details
@click.option("--status", default="", metavar="STATE", help="Default: all that are under way.")
@click.option("--all", "all_", is_flag=True, help="The closed ones too.")
@click.option("--mine", is_flag=True, help="Only your own.")
@click.option("--owner", metavar="LOGIN")
@click.option("--unassigned", is_flag=True, help="Only those that are nobody's.")
@click.option("--channel", default="", metavar="NAME", help="Such as email, call, form, chat.")
@click.option("--subject", default="", metavar="TEXT", help="With this in the subject.")
@click.option("--breached", is_flag=True, help="Only those of which a clock ran out.")
@click.option("--at-risk", is_flag=True, help="Only those over which the customer may leave.")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, json_: bool, out: Path | None, **given: Any) -> None:
    """List tickets, those under way where nothing else is said, in the order of their numbers."""
    from crmcore.api import here, session
    from crmcore_service.tables import ticket
    from crmcore_service.tickets.views import statement, views

    with session() as s, s.read() as reader:
        wanted = statement(_asked(reader, s.actor.user_id, given), reader.now).limit(limit)
        if after is not None:
            wanted = wanted.where(ticket.c.id > after)
        found = views(reader, wanted)
        report = listed(found, here(reader), reader.now)
    present(report, json_=json_, out=out)


def _asked(reader: "Reader", me: int, given: dict[str, Any]) -> "Asked":
    from crmcore.api import user_named
    from crmcore_service.tickets.states import state_named
    from crmcore_service.tickets.views import Asked

    return Asked(
        **fields_said(reader, given),
        owner_id=me if given["mine"] else user_named(reader, given["owner"]).id if given["owner"] else None,
        status=state_named(reader, given["status"]).name if given["status"] else "",
        channel=given["channel"],
        text=given["subject"],
        breached=given["breached"],
        unassigned=given["unassigned"],
        at_risk=given["at_risk"],
        all=given["all_"],
    )


@click.command()
@click.argument("ticket", metavar="TICKET")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="How much of the thread.")
@click.option(
    "--after", type=click.IntRange(0), metavar="ID", help="Go on after this interaction (the last one shown)."
)
@as_json
def show(ticket: str, limit: int, after: int | None, json_: bool) -> None:
    """Show a ticket: its clocks, and what was said in it by whatever channel, in its order."""
    from crmcore.api import print_json, session, tell
    from crmcore_service.tickets.finding import ticket_named
    from crmcore_service.tickets.knowing import known
    from crmcore_service.tickets.threads import thread
    from crmcore_service.tickets.views import view

    with session() as s, s.read() as reader:
        found = view(reader, ticket_named(reader, ticket))
        spoken = thread(reader, found.id, limit=limit, after=after)
        beside = known(reader, found)
        if json_:
            told = {"entitled": beside.entitled, "others": beside.others, "thread": spoken}
            print_json({**data(found), **told})
        else:
            print_card(reader, found, beside, spoken)
            if len(spoken) == limit:
                tell(_("There may be more; go on with --after {id}.").format(id=spoken[-1].interaction_id))
