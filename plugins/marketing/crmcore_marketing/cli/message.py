"""`crm marketing message`: each message that left, waits, or did not leave, and why."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.reports.report import Report
    from crmcore_marketing.sending.views import MessageView

STATES = ("queued", "deferred", "sending", "sent", "failed", "skipped", "unknown", "cancelled")
KINDS = ("mailing", "confirmation", "reminder", "waiting", "survey")


@click.group()
def message() -> None:
    """See what became of each message, and settle those of which nobody knows.

    A message whose sender died in the middle is unknown: it may have arrived or not, and is never sent again by itself.
    """


@message.command("list")
@click.option("--mailing", "mailing_", default="", metavar="NAME|ID")
@click.option("--contact", default="", metavar="CONTACT")
@click.option("--status", type=click.Choice(STATES), default=None)
@click.option("--kind", type=click.Choice(KINDS), default=None)
@paged
@as_json
@out_option
def list_(
    mailing_: str,
    contact: str,
    status: str | None,
    kind: str | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """List messages."""
    from crmcore.api import party_id, session, tables
    from crmcore_marketing.sending.mailings import mailing_named
    from crmcore_marketing.sending.views import messages

    with session() as s, s.read() as reader:
        found = messages(
            reader,
            limit=limit,
            after=after,
            mailing_id=mailing_named(reader, mailing_) if mailing_ else None,
            contact_id=party_id(reader, tables.contact, contact) if contact else None,
            status=status or "",
            kind=kind or "",
        )
    present(_report(_("Messages"), found), json_=json_, out=out)


@message.command()
@click.argument("message_", metavar="ID", type=RECORD_ID)
@as_json
def show(message_: int, json_: bool) -> None:
    """Show a message."""
    from crmcore.api import NotFound, print_json, session
    from crmcore_marketing.sending.views import messages

    with session() as s, s.read() as reader:
        found = messages(reader, limit=1, key=message_)
    if not found:
        raise NotFound(_("There is no message {id}.").format(id=message_))
    if json_:
        print_json(found[0])
    else:
        present(_report(_("Message {id}").format(id=message_), found))


@message.command()
@click.argument("messages", nargs=-1, required=True, metavar="ID...", type=RECORD_ID)
@click.option("--sent", "arrived", is_flag=True, help="It arrived: it is an interaction then.")
@click.option("--again", is_flag=True, help="It did not, or may leave again: it is queued.")
@as_json
def settle(messages: tuple[int, ...], arrived: bool, again: bool, json_: bool) -> None:
    """Say what became of messages of which nobody knows; ask the person, or look into the server's log."""
    from crmcore.api import InvalidInput, print_json, session, tell
    from crmcore_marketing.sending.addressing import ours
    from crmcore_marketing.sending.deciding import settle_again, settle_sent

    if arrived == again:
        raise InvalidInput(_("Say --sent or --again."))
    with session() as s, s.write() as tx:
        count = settle_again(tx, messages) if again else settle_sent(tx, messages, ours(tx).domain)
    if json_:
        print_json({"settled": count, "as": "queued" if again else "sent"})
    else:
        tell(_("{n} messages are settled.").format(n=count))


def _report(title: str, found: "Sequence[MessageView]") -> "Report":
    from crmcore.reports.report import Column, Report

    return Report(
        title=title,
        columns=[
            Column(_("id"), number=True), Column(_("kind")), Column(_("contact")), Column(_("address")),
            Column(_("state")), Column(_("when")), Column(_("reason")),
        ],
        rows=[
            (
                one.id, _(one.kind), one.contact or "", one.address, _(one.status),
                one.sent_at or one.due_at, one.reason,
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
