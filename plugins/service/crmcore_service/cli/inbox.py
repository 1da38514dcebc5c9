"""`crm service inbox`: mails that are no tickets, each with the reason; and what may be done about them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.reports.report import Report
    from crmcore_service.intake.views import MailView

KINDS = (
    "ticket", "bounce", "automatic", "own", "list", "spam", "nobody", "unreadable", "flood", "repeated", "calendar",
    "refused", "old",
)  # fmt: skip


@click.group()
def inbox() -> None:
    """See which mails became no tickets, and why: every mail that was read is in one ticket, or here."""


@inbox.command("list")
@click.option("--kind", type=click.Choice(KINDS), default=None)
@click.option("--mailbox", default="", metavar="MAILBOX", help="Read from this one.")
@click.option("--sender", default="", metavar="ADDRESS")
@click.option("--ticket", default="", metavar="TICKET", help="In this ticket, or about it.")
@click.option("--all", "all_", is_flag=True, help="Also those in tickets, and those that were set aside.")
@paged
@as_json
@out_option
def list_(
    kind: str | None,
    mailbox: str,
    sender: str,
    ticket: str,
    all_: bool,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """List mails that became no tickets and that nobody has looked at yet, the newest first."""
    from crmcore.api import point_key, record_named, session
    from crmcore_service import tables
    from crmcore_service.intake.views import mails

    with session() as s, s.read() as reader:
        found = mails(
            reader,
            limit=limit,
            after=after,
            kind=kind or "",
            sender=point_key("email", sender) or sender,
            ticket_id=record_named(reader, tables.ticket, ticket, called=_("ticket"), prefix="T") if ticket else None,
            mailbox_id=record_named(reader, tables.mailbox, mailbox, called=_("mailbox")) if mailbox else None,
            every=all_,
        )
    present(_report(_("Mails that came in") if all_ else _("Mails that are no tickets"), found), json_=json_, out=out)


@inbox.command()
@click.argument("mail", metavar="ID", type=RECORD_ID)
@as_json
def show(mail: int, json_: bool) -> None:
    """Show a mail: what became of it and why, and what it says, where that is still kept."""
    from crmcore.api import NotFound, print_json, session
    from crmcore_service.intake.views import content, mails

    with session() as s, s.read() as reader:
        found = mails(reader, limit=1, key=mail)
        said = content(reader, mail) if found else ""
    if not found:
        raise NotFound(_("There is no mail {id} that came in.").format(id=mail))
    if json_:
        print_json({**data(found[0]), "text": said})
        return
    present(_report(_("Mail {id}").format(id=mail), found))
    if said:
        click.echo(f"\n{said}")


@inbox.command("make-ticket")
@click.argument("mail", metavar="ID", type=RECORD_ID)
@click.option("--ticket", default="", metavar="TICKET", help="Put it into this one.")
@click.option("--queue", default="", metavar="QUEUE", help="Of this queue, instead of the mailbox's.")
@as_json
def make_ticket(mail: int, ticket: str, queue: str, json_: bool) -> None:
    """Make a ticket of a mail after all; its sender gets no automatic answer."""
    from crmcore.api import print_json, record_named, session, tell
    from crmcore_service import tables
    from crmcore_service.intake.handling import make_ticket as make

    with session() as s, s.write() as tx:
        done = make(
            tx,
            mail,
            ticket_id=record_named(tx, tables.ticket, ticket, called=_("ticket"), prefix="T") if ticket else None,
            queue_id=record_named(tx, tables.queue, queue, called=_("queue")) if queue else None,
        )
    if json_:
        print_json({"mail": mail, "ticket": done.ticket_id, "interaction": done.interaction_id, "new": done.new})
    else:
        tell(_("Mail {id} is in {ticket} now.").format(id=mail, ticket=f"T{done.ticket_id}"))


@inbox.command()
@click.argument("mail", metavar="ID...", type=RECORD_ID, nargs=-1, required=True)
def dismiss(mail: tuple[int, ...]) -> None:
    """Set mails aside: that they came and why they are no tickets stays, what they said does not."""
    from crmcore.api import session, tell
    from crmcore_service.intake.handling import dismiss as set_aside

    with session() as s, s.write() as tx:
        count = set_aside(tx, mail)
    tell(_("Set {n} mails aside.").format(n=count))


def data(one: "MailView") -> dict[str, object]:
    """Return a mail as JSON has it."""
    from attrs import asdict

    return {**asdict(one), "ticket": one.ticket}


def _report(title: str, found: "Sequence[MailView]") -> "Report":
    from crmcore.reports.report import Column, Report

    return Report(
        title=title,
        columns=[
            Column(_("id")), Column(_("when")), Column(_("kind")), Column(_("from")), Column(_("subject")),
            Column(_("ticket")), Column(_("reason")),
        ],
        rows=[
            (
                str(one.id), one.at, _(one.kind), one.sender, one.subject[:60], one.ticket,
                one.reason[:100],
            )
            for one in found
        ],
        data=[data(one) for one in found],
    )  # fmt: skip
