"""`crm marketing inbox`: what comes back by mail, read from a mailbox and tied to what was sent."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crmcore.reports.report import Report
    from crmcore_marketing.inbox.views import MailboxView, ReceivedView

KINDS = ("bounce", "delay", "reply", "auto_reply", "unsubscribe", "calendar", "complaint", "other")


@click.group()
def inbox() -> None:
    """Read what comes back: bounces, replies, refusals, answers to invitations; `crm worker` does it by itself.

    The mailbox is the setting marketing.mailbox, its password where marketing.mailbox_password says.
    """


@inbox.command()
@click.option("--from", "from_", default="", metavar="URL|PATH", help="Another mailbox: IMAP, maildir, mbox, .eml.")
@as_json
def read(from_: str, json_: bool) -> None:
    """Read what came since it was read last; each mail is taken in once, however often it is read.

    The password of another mailbox on a server is in the environment variable CRM_MAILBOX_PASSWORD.
    """
    from crmcore.api import InvalidInput, print_json, session
    from crmcore.mail import mailbox_at
    from crmcore_marketing.events.replying import replied
    from crmcore_marketing.inbox.reading import configured
    from crmcore_marketing.inbox.reading import read as read_mailbox

    with session() as s:
        with s.read() as reader:
            # The workspace's password is for its own mailbox, and goes to no other server.
            other = os.environ.get("CRM_MAILBOX_PASSWORD", "")
            found = (mailbox_at(from_), other) if from_ else configured(reader)
        if found is None:
            raise InvalidInput(_("No mailbox is named: set marketing.mailbox, or give one by --from."))
        taken, _more = read_mailbox(s.write, *found, answered=replied)
    if json_:
        print_json(taken)
        return
    click.echo(
        _("Read {read} mails, {before} of them known already; {tied} are about messages of ours.").format(
            read=taken.read, before=taken.before, tied=taken.tied
        )
    )
    for kind in KINDS:
        if taken.kinds.get(kind):
            click.echo(f"  {_(kind)}: {taken.kinds[kind]}")


@inbox.command("list")
@click.option("--kind", type=click.Choice(KINDS), default=None)
@click.option("--mailing", "mailing_", default="", metavar="NAME|ID", help="About the messages of this mailing.")
@click.option("--contact", default="", metavar="CONTACT", help="From or about this person.")
@click.option("--tied/--untied", default=None, help="Whether it is known which message it is about; default: both.")
@paged
@as_json
@out_option
def list_(
    kind: str | None,
    mailing_: str,
    contact: str,
    tied: bool | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """List mails that came back, the newest first."""
    from crmcore.api import party_id, session, tables
    from crmcore_marketing.inbox.views import mails
    from crmcore_marketing.sending.mailings import mailing_named

    with session() as s, s.read() as reader:
        found = mails(
            reader,
            limit=limit,
            after=after,
            kind=kind or "",
            tied=tied,
            mailing_id=mailing_named(reader, mailing_) if mailing_ else None,
            contact_id=party_id(reader, tables.contact, contact) if contact else None,
        )
    present(_report(_("Mails that came back"), found), json_=json_, out=out)


@inbox.command()
@click.argument("mail", metavar="ID", type=RECORD_ID)
@as_json
def show(mail: int, json_: bool) -> None:
    """Show a mail that came back, and how it is known what it is about."""
    from crmcore.api import NotFound, print_json, session
    from crmcore_marketing.inbox.views import mails

    with session() as s, s.read() as reader:
        found = mails(reader, limit=1, key=mail)
    if not found:
        raise NotFound(_("There is no mail {id} that came back.").format(id=mail))
    if json_:
        print_json(found[0])
    else:
        present(_report(_("Mail {id}").format(id=mail), found))
        click.echo("\n".join(f"{name}: {value}" for name, value in found[0].details.items()))


@inbox.command()
@as_json
@out_option
def status(json_: bool, out: Path | None) -> None:
    """Show the mailboxes: when each was looked into, what was read, and what went wrong."""
    from crmcore.api import session
    from crmcore_marketing.inbox.views import mailboxes

    with session() as s, s.read() as reader:
        found = mailboxes(reader)
    present(_status(found), json_=json_, out=out)


def _report(title: str, found: "Sequence[ReceivedView]") -> "Report":
    from crmcore.reports.report import Column, Report

    return Report(
        title=title,
        columns=[
            Column(_("id"), number=True), Column(_("when")), Column(_("kind")), Column(_("contact")),
            Column(_("address")), Column(_("subject")), Column(_("message"), number=True), Column(_("reason")),
        ],
        rows=[
            (
                one.id, one.at, _(one.kind), one.contact or "", one.address, one.subject[:60], one.message_id,
                one.reason[:80],
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip


def _status(found: "Sequence[MailboxView]") -> "Report":
    from crmcore.reports.report import Column, Report

    lost = _("{n} mails of {mailbox} that were read are not here any more.")
    return Report(
        title=_("Mailboxes"),
        columns=[
            Column(_("mailbox")), Column(_("looked into")), Column(_("mails"), number=True), Column(_("of these")),
            Column(_("problem")),
        ],
        rows=[(one.name, one.looked_at, one.mails, _told(one.kinds), one.error) for one in found],
        notes=[lost.format(n=one.lost, mailbox=one.name) for one in found if one.lost],
        data=found,
    )  # fmt: skip


def _told(kinds: "Mapping[str, int]") -> str:
    return ", ".join(f"{_(kind)} {count}" for kind, count in kinds.items())
