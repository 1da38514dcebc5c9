"""`crm service outgoing`: each mail to customers that left, waits, or did not leave, and why."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.reports.report import Report
    from crmcore_service.replying.views import OutgoingView

STATES = ("queued", "deferred", "sending", "sent", "failed", "skipped", "withheld", "unknown", "cancelled")
KINDS = ("reply", "acknowledgement", "survey", "appointment")


@click.group()
def outgoing() -> None:
    """See what became of each mail to customers, and settle those of which nobody knows.

    A mail whose sender died in the middle is unknown: it may have arrived or not, and is never sent again by itself.
    """


@outgoing.command("list")
@click.option("--ticket", "ticket_", default="", metavar="TICKET")
@click.option("--contact", default="", metavar="CONTACT")
@click.option("--status", type=click.Choice(STATES), default=None)
@click.option("--kind", type=click.Choice(KINDS), default=None)
@paged
@as_json
@out_option
def list_(
    ticket_: str,
    contact: str,
    status: str | None,
    kind: str | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """List mails."""
    from crmcore.api import party_id, session, tables
    from crmcore_service.replying.views import outgoings
    from crmcore_service.tickets.finding import ticket_named

    with session() as s, s.read() as reader:
        found = outgoings(
            reader,
            limit=limit,
            after=after,
            ticket_id=ticket_named(reader, ticket_) if ticket_ else None,
            contact_id=party_id(reader, tables.contact, contact) if contact else None,
            status=status or "",
            kind=kind or "",
        )
    present(_report(found), json_=json_, out=out)


@outgoing.command()
@click.argument("mail", metavar="ID", type=RECORD_ID)
@as_json
def show(mail: int, json_: bool) -> None:
    """Show a mail and what it says."""
    from crmcore.api import NotFound, print_json, session, tell
    from crmcore_service.replying.views import outgoings

    with session() as s, s.read() as reader:
        found = outgoings(reader, limit=1, key=mail)
    if not found:
        raise NotFound(_("There is no mail {id}.").format(id=mail))
    if json_:
        print_json(found[0])
        return
    present(_report(found))
    click.echo(f"\n{found[0].subject}\n\n{found[0].text}")
    if found[0].reason:
        tell(found[0].reason)


@outgoing.command()
@click.argument("mails", nargs=-1, required=True, metavar="ID...", type=RECORD_ID)
@click.option("--sent", "arrived", is_flag=True, help="It arrived: it is in the ticket's thread then.")
@click.option("--again", is_flag=True, help="It did not: it is sent again.")
@as_json
def settle(mails: tuple[int, ...], arrived: bool, again: bool, json_: bool) -> None:
    """Say what became of mails of which nobody knows; ask the customer, or look into the server's log."""
    from crmcore.api import InvalidInput, print_json, session, tell
    from crmcore_service.replying.deciding import settle_again, settle_sent

    if arrived == again:
        raise InvalidInput(_("Say --sent or --again."))
    with session() as s, s.write() as tx:
        count = settle_again(tx, mails) if again else settle_sent(tx, mails)
    if json_:
        print_json({"settled": count, "as": "queued" if again else "sent"})
    else:
        tell(_("{n} mails are settled.").format(n=count))


@outgoing.command()
@click.argument("mails", nargs=-1, required=True, metavar="ID...", type=RECORD_ID)
@as_json
def retry(mails: tuple[int, ...], json_: bool) -> None:
    """Send mails again, now, that failed, were skipped or wait for another attempt."""
    from crmcore.api import print_json, session, tell
    from crmcore_service.replying.deciding import settle_again

    with session() as s, s.write() as tx:
        count = settle_again(tx, mails)
    if json_:
        print_json({"queued": count})
    else:
        tell(_("{n} mails leave again.").format(n=count))


@outgoing.command()
@click.argument("mails", nargs=-1, required=True, metavar="ID...", type=RECORD_ID)
@as_json
def cancel(mails: tuple[int, ...], json_: bool) -> None:
    """Keep mails back that have not left."""
    from crmcore.api import print_json, session, tell
    from crmcore_service.replying.deciding import cancel as kept_back

    with session() as s, s.write() as tx:
        count = kept_back(tx, mails)
    if json_:
        print_json({"cancelled": count})
    else:
        tell(_("{n} mails do not leave.").format(n=count))


@outgoing.command()
@as_json
def status(json_: bool) -> None:
    """Tell how many mails are in each state, and since when the oldest is."""
    from crmcore.api import print_json, session
    from crmcore.reports.report import Column, Report
    from crmcore_service.replying.views import standing

    with session() as s, s.read() as reader:
        found = standing(reader)
    if json_:
        print_json(found)
        return
    columns = [Column(_("state")), Column(_("mails"), number=True), Column(_("since"))]
    rows = [(_(one.status), one.count, one.oldest) for one in found]
    present(Report(title=_("Mail to customers"), columns=columns, rows=rows, data=found))


def _report(found: "Sequence[OutgoingView]") -> "Report":
    from crmcore.reports.report import Column, Report

    return Report(
        title=_("Mail to customers"),
        columns=[
            Column(_("id"), number=True), Column(_("ticket")), Column(_("kind")), Column(_("address")),
            Column(_("state")), Column(_("when")), Column(_("reason")),
        ],
        rows=[
            (one.id, one.ticket or one.order, _(one.kind), one.address, _(one.status), one.sent_at or one.due_at,
             one.reason)
            for one in found
        ],
        data=found,
    )  # fmt: skip
