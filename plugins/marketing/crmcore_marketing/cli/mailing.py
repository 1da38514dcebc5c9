"""`crm marketing mailing`: a template to many people; what becomes of each message is known."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.api import Session, Transaction
    from crmcore.reports.report import Report
    from crmcore_marketing.sending.mailings import Queued

PURPOSES = ("marketing", "sales", "service", "transactional")
STATES = ("draft", "queued", "paused", "sent", "cancelled")


@click.group()
def mailing() -> None:
    """Send a template to an audience or to the members of a campaign; named by name or id.

    `crm worker` sends what is queued. Everybody is asked about at the moment his message leaves: who has opted out by
    then, or is objected to, is left out, and it is told why.
    """


@mailing.command()
@click.argument("name")
@click.option("--template", "template_", required=True, metavar="NAME|ID")
@click.option(
    "--campaign", default="", metavar="CAMPAIGN", help="To its members; or whose members these people become."
)
@click.option("--audience", default="", metavar="NAME", help="To whom this audience chooses when it is queued.")
@click.option("--purpose", type=click.Choice(PURPOSES), default="marketing", show_default=True)
@click.option("--material", default="", metavar="CODE", help="A brochure that goes along: nobody gets it twice.")
@click.option("--rate", type=click.IntRange(1), metavar="N", help="Messages in a minute at most; default: as all mail.")
@click.option("--starts", metavar="WHEN", help="Nothing leaves before.")
@click.option("--from", "sender", default="", metavar="'NAME <ADDRESS>'", help="Default: marketing.from.")
@click.option("--reply-to", default="", metavar="ADDRESS")
@click.option("--note", default="")
@as_json
def add(
    name: str,
    template_: str,
    campaign: str,
    audience: str,
    material: str,
    starts: str | None,
    json_: bool,
    **given: Any,
) -> None:
    """Add a mailing; nothing leaves before it is queued."""
    from crmcore.api import InvalidInput, here, moment_said, session, tell
    from crmcore.mail import parsed_address
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.materials.finding import material_named
    from crmcore_marketing.model.mailing import Mailing
    from crmcore_marketing.sending.templates import template_named

    if not (campaign or audience):
        raise InvalidInput(_("Say whom: --campaign or --audience."))
    for one in (given["sender"], given["reply_to"]):
        if one:
            parsed_address(one)
    with session() as s:
        with s.write() as tx:
            made = tx.add(
                Mailing(
                    name=name,
                    template_id=template_named(tx, template_).id,
                    campaign_id=campaign_named(tx, campaign) if campaign else None,
                    audience_id=_audience(tx, audience),
                    material_id=material_named(tx, material).id if material else None,
                    starts_at=moment_said("--starts", starts, here(tx)) if starts else None,
                    owner_id=tx.actor.user_id,
                    **given,
                )
            )
        if json_:
            _show(s, made.id, json_=True)
        else:
            said = _("Added mailing {id}; `crm marketing mailing queue {id}` lets it leave.")
            tell(said.format(id=made.id))


def _audience(tx: "Transaction", name: str) -> int | None:
    if not name:
        return None
    from crmcore_marketing.audiences.choosing import audience_named

    return audience_named(tx, name)


@mailing.command()
@click.argument("mailing_", metavar="NAME|ID")
@click.option("--dry-run", is_flag=True, help="Only tell who would be left out now.")
@click.option("--again", is_flag=True, help="Also queue those anew who were skipped.")
@as_json
def queue(mailing_: str, dry_run: bool, again: bool, json_: bool) -> None:
    """Queue it to its people, each once however often this is done; who is new since gets it, too."""
    from crmcore.api import print_json, session
    from crmcore_marketing.sending.mailings import mailing_named, queue

    with session() as s, s.write() as tx:
        key = mailing_named(tx, mailing_)
        done = queue(tx, key, _people(tx, key), again=again)
        if dry_run:
            tx.abandon()
    told = _queued(key, done, dry_run=dry_run)
    if json_:
        print_json(told.data)
    else:
        present(told)


def _people(tx: "Transaction", key: int) -> "Sequence[int]":
    from crmcore_marketing.model.mailing import Mailing
    from crmcore_marketing.sending.mailings import members_of

    record = tx.get(Mailing, key)
    if record.audience_id is not None:
        from crmcore_marketing.audiences.choosing import chosen

        return [row.id for row in tx.rows(chosen(tx, record.audience_id))]
    return [row.id for row in tx.rows(members_of(record.campaign_id or 0))]


def _queued(key: int, done: "Queued", *, dry_run: bool) -> "Report":
    from crmcore.reports.report import Column, Report

    said = _("{n} would be queued, {m} left out") if dry_run else _("{n} queued, {m} left out")
    left_out = [{"contact_id": one.contact_id, "reason": one.reason, "asked_again": False} for one in done.left_out]
    left_out += [{"contact_id": one.contact_id, "reason": one.reason, "asked_again": True} for one in done.objected]
    return Report(
        title=said.format(n=done.queued - len(done.objected), m=len(left_out)),
        columns=[Column(_("reason")), Column(_("people"), number=True)],
        rows=list(done.reasons.items()),
        data={
            "mailing": key, "queued": done.queued, "already": done.already, "objected": len(done.objected),
            "skipped": len(done.left_out), "reasons": done.reasons, "left_out": left_out, "dry_run": dry_run,
        },
        notes=[_("Who is objected to now is asked about again when his message is to leave.")] if done.objected else [],
    )  # fmt: skip


@mailing.command()
@click.argument("mailing_", metavar="NAME|ID")
@as_json
def pause(mailing_: str, json_: bool) -> None:
    """Let nothing more of it leave for the time being."""
    from crmcore.api import session, tell
    from crmcore_marketing.sending.mailings import mailing_named, pause

    with session() as s:
        with s.write() as tx:
            record = pause(tx, mailing_named(tx, mailing_))
        if json_:
            _show(s, record.id, json_=True)
        else:
            tell(_("Mailing {id} is paused.").format(id=record.id))


@mailing.command()
@click.argument("mailing_", metavar="NAME|ID")
@as_json
def resume(mailing_: str, json_: bool) -> None:
    """Let it go on."""
    from crmcore.api import session, tell
    from crmcore_marketing.sending.mailings import mailing_named, resume

    with session() as s:
        with s.write() as tx:
            record = resume(tx, mailing_named(tx, mailing_))
        if json_:
            _show(s, record.id, json_=True)
        else:
            tell(_("Mailing {id} goes on.").format(id=record.id))


@mailing.command()
@click.argument("mailing_", metavar="NAME|ID")
@as_json
def cancel(mailing_: str, json_: bool) -> None:
    """Cancel what waits of it; what left has left."""
    from crmcore.api import session, tell
    from crmcore_marketing.sending.mailings import cancel, mailing_named

    with session() as s:
        with s.write() as tx:
            record, count = cancel(tx, mailing_named(tx, mailing_))
        if json_:
            _show(s, record.id, json_=True)
        else:
            tell(_("Mailing {id} is cancelled; {n} messages do not leave.").format(id=record.id, n=count))


@mailing.command("list")
@click.option("--status", type=click.Choice(STATES), default=None)
@paged
@as_json
@out_option
def list_(status: str | None, limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List mailings, each with its messages counted."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_marketing.sending.views import mailings

    with session() as s, s.read() as reader:
        found = mailings(reader, limit=limit, after=after, status=status or "")
    columns = [
        Column(_("id"), number=True), Column(_("name")), Column(_("state")), Column(_("template")),
        Column(_("campaign")), *[Column(_(one), number=True) for one in _COUNTED],
    ]  # fmt: skip
    rows: list[list[str | int]] = [
        [one.id, one.name, _(one.status), one.template, one.campaign or "", *map(one.counts.get, _COUNTED, _NONE)]
        for one in found
    ]
    present(Report(title=_("Mailings"), columns=columns, rows=rows, data=found), json_=json_, out=out)


_COUNTED = ("queued", "deferred", "sent", "skipped", "failed", "unknown")
_NONE = (0,) * len(_COUNTED)


@mailing.command()
@click.argument("mailing_", metavar="NAME|ID")
@as_json
@out_option
def show(mailing_: str, json_: bool, out: Path | None) -> None:
    """Show a mailing: its messages by state, and why some did not leave."""
    from crmcore.api import session
    from crmcore_marketing.sending.mailings import mailing_named

    with session() as s:
        with s.read() as reader:
            key = mailing_named(reader, mailing_)
        _show(s, key, json_=json_, out=out)


def _show(s: "Session", key: int, *, json_: bool, out: Path | None = None) -> None:
    from attrs import asdict

    from crmcore.reports.report import Column, Report
    from crmcore_marketing.sending.views import mailings, reasons

    with s.read() as reader:
        (one,) = mailings(reader, limit=1, key=key)
        why = reasons(reader, key)
    said = ", ".join(f"{count} {_(status)}" for status, count in one.counts.items()) or _("nothing queued")
    present(
        Report(
            title=f"{one.id} {one.name} ({_(one.status)}): {said}",
            columns=[Column(_("state")), Column(_("reason")), Column(_("messages"), number=True)],
            rows=[(_(each.status), each.reason, each.count) for each in why],
            data={**asdict(one), "reasons": why},
        ),
        json_=json_,
        out=out,
    )
