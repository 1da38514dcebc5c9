"""`crm marketing member`: who is in a campaign, and how far each came."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.api import Transaction
    from crmcore.reports.report import Report
    from crmcore_marketing.campaigns.member_views import MemberView
    from crmcore_marketing.model.campaign import Member

_STATES = "planned, sent, responded, registered, attended, no_show"


@click.group()
def member() -> None:
    """Say who is in a campaign, and how far each came: planned, sent, responded, registered, attended."""


@member.command()
@click.argument("contacts", nargs=-1, metavar="[CONTACT]...")
@click.option("--campaign", required=True, metavar="CAMPAIGN")
@click.option("--audience", default="", metavar="NAME", help="Whom this audience chooses.")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A table with a column contact, email, name or id.",
)
@click.option("--status", default="planned", show_default=True, metavar="STATE", help=f"Such as {_STATES}.")
@click.option("--channel", default="", help="How they came to it: email, call, web, event.")
@click.option("--at", metavar="WHEN", help="Default: now.")
@click.option("--source", default="", metavar="TEXT", help="Where they come from.")
@as_json
def add(
    contacts: tuple[str, ...],
    campaign: str,
    audience: str,
    file: Path | None,
    status: str,
    channel: str,
    at: str | None,
    source: str,
    json_: bool,
) -> None:
    """Let contacts be members of a campaign; who is one already moves on to the state, never back.

    Rows of a file that name nobody, or several, are told with their line; the others are taken.
    """
    from crmcore.api import here, moment_said, print_json, session, tables, tell
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.campaigns.members import join, status_said
    from crmcore_marketing.cli.listed import named
    from crmcore_marketing.cli.people import chosen_people

    with session() as s, s.write() as tx:
        key = campaign_named(tx, campaign)
        chosen = named(tx, contacts, file, tables.contact, needed=not audience)
        joining = partial(
            join, tx, key, status=status_said(status), source=source or (file.name if file else ""), channel=channel,
            at=moment_said("--at", at, here(tx)) if at else None, alone=True,
        )  # fmt: skip
        parts = [joining(chosen.ids)] if chosen.ids or not audience else []
        if audience:
            parts.append(joining(chosen_people(tx, audience=audience)))
    told = {name: sum(getattr(one, name) for one in parts) for name in ("added", "moved", "left", "unknown")}
    if json_:
        print_json({"campaign": key, **told, "rejections": chosen.rejected})
        return
    for one in chosen.rejected:
        tell(_("{file}, line {line}: {reason}").format(file=file, line=one.line, reason=one.reason))
    tell(_("{added} are new, {moved} moved on, {left} were there.").format(**told))


@member.command()
@click.argument("state")
@click.argument("contacts", nargs=-1, required=True, metavar="CONTACT...")
@click.option("--campaign", required=True, metavar="CAMPAIGN")
@click.option("--channel", default="", help="How they said so.")
@click.option("--at", metavar="WHEN", help="Default: now.")
@click.option("--note", default="")
@as_json
def move(
    state: str, contacts: tuple[str, ...], campaign: str, channel: str, at: str | None, note: str, json_: bool
) -> None:
    """Put members into a state, wherever they are: crm marketing member move responded LI --campaign C7."""
    from crmcore.api import here, moment_said, print_json, session, tell
    from crmcore_marketing.campaigns.members import put, status_said

    with session() as s, s.write() as tx:
        when = moment_said("--at", at, here(tx)) if at else tx.now
        found = _named(tx, campaign, contacts)
        changed = put(tx, found, status_said(state), at=when, channel=channel, note=note)
    if json_:
        print_json({"moved": changed, "left": len(found) - changed})
    else:
        tell(_("{moved} moved, {left} were there.").format(moved=changed, left=len(found) - changed))


@member.command()
@click.argument("contacts", nargs=-1, required=True, metavar="CONTACT...")
@click.option("--campaign", required=True, metavar="CAMPAIGN")
def remove(contacts: tuple[str, ...], campaign: str) -> None:
    """Take members out of a campaign that never belonged there; who wants no mail opts out instead."""
    from crmcore.api import session, tell

    with session() as s, s.write() as tx:
        found = _named(tx, campaign, contacts)
        for one in found:
            tx.remove(one)
    tell(_("{n} members are removed.").format(n=len(found)))


def _named(tx: "Transaction", campaign: str, contacts: tuple[str, ...]) -> "list[Member]":
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.campaigns.joining import members_named

    return members_named(tx, campaign_named(tx, campaign), contacts)


@member.command("list")
@click.argument("campaign", required=False, metavar="[CAMPAIGN]")
@click.option("--below", is_flag=True, help="Also those of the campaigns below it.")
@click.option("--contact", metavar="ID|NAME")
@click.option("--customer", metavar="ID|NAME")
@click.option("--status", default="", metavar="STATE")
@click.option("--worklist", default="", metavar="NAME")
@click.option("--responded/--silent", default=None, help="Who answered in any way, or who did not.")
@paged
@as_json
@out_option
def list_(
    campaign: str | None, below: bool, limit: int, after: int | None, json_: bool, out: Path | None, **given: Any
) -> None:
    """List members of a campaign, or the campaigns of a contact or customer."""
    from crmcore.api import party_id, session, tables
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.campaigns.member_views import members, statement
    from crmcore_marketing.tables import member

    with session() as s, s.read() as reader:
        wanted = statement(
            campaign_id=campaign_named(reader, campaign) if campaign else None,
            below=below,
            contact_id=party_id(reader, tables.contact, given["contact"]) if given["contact"] else None,
            customer_id=party_id(reader, tables.customer, given["customer"]) if given["customer"] else None,
            status=given["status"],
            worklist=given["worklist"],
            responded=given["responded"],
        )
        found = members(reader, (wanted if after is None else wanted.where(member.c.id > after)).limit(limit))
    present(_report(found), json_=json_, out=out)


@member.command()
@click.argument("member_id", type=RECORD_ID, metavar="ID")
@as_json
def show(member_id: int, json_: bool) -> None:
    """Show a member: in which campaign, how far it came, and when."""
    from crmcore.api import here, print_json, print_table, session
    from crmcore_marketing.campaigns.member_views import one

    with session() as s, s.read() as reader:
        found = one(reader, member_id)
        zone = here(reader).zone
    if json_:
        print_json(found)
        return
    since, answered, handled = (
        at and at.astimezone(zone).date() for at in (found.joined_at, found.responded_at, found.handled_at)
    )
    fields = (
        (_("campaign"), found.campaign and found.campaign.name), (_("contact"), found.contact and found.contact.name),
        (_("customer"), found.customer and found.customer.name), (_("status"), _(found.status)),
        (_("since"), since), (_("answered"), answered),
        (_("worklist"), found.worklist), (_("handled"), handled),
        (_("note"), found.note), (_("source"), found.source), *found.custom.items(), *found.details.items(),
    )  # fmt: skip
    print_table(["", ""], [(name, value) for name, value in fields if value not in (None, "")])


def _report(found: "Sequence[MemberView]") -> "Report":
    from crmcore.reports.report import Column, Report

    return Report(
        title=_("Members"),
        columns=[
            Column(_("id")), Column(_("campaign")), Column(_("contact")), Column(_("customer")), Column(_("status")),
            Column(_("since"), day=True), Column(_("answered"), day=True), Column(_("worklist")), Column(_("note")),
        ],
        rows=[
            (
                str(one.id), one.campaign.name if one.campaign else "", one.contact.name if one.contact else "",
                one.customer.name if one.customer else "", _(one.status), one.joined_at, one.responded_at,
                one.worklist, one.note,
            )
            for one in found
        ],
        data=found,
    )  # fmt: skip
