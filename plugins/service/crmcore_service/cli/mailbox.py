"""`crm service mailbox`: the mailboxes whose mails become tickets, each of a queue."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crmcore.reports.report import Report
    from crmcore_service.intake.views import MailboxView

_ADDRESS = "imaps://USER@HOST/FOLDER, imap://..., maildir:/PATH, mbox:/PATH, or the path of a folder of .eml files."


@click.group()
def mailbox() -> None:
    """Say from which mailboxes tickets come; `crm worker` reads them by itself, every minute.

    Nothing in a mailbox is moved or deleted; on a server what was read is marked as seen.
    """


@mailbox.command()
@click.argument("name")
@click.option("--address", required=True, metavar="URL|PATH", help=_ADDRESS)
@click.option("--password", default="", metavar="PLACE", help="Where the password is: env:VARIABLE or file:/PATH.")
@click.option("--queue", default="", metavar="QUEUE", help="Whose tickets its mails become.")
@click.option("--since", default="", metavar="DAY", help="Mails written before that day become no tickets.")
@click.option("--note", default="")
@as_json
def add(name: str, address: str, password: str, queue: str, since: str, note: str, json_: bool) -> None:
    """Add a mailbox; it is read by `crm worker` from then on.

    One that has years of mail in it becomes as many tickets, unless --since says from when on they are requests.
    """
    from crmcore.api import day_said, here, session, tell
    from crmcore_service.intake.mailboxes import add as add_mailbox

    with session() as s:
        with s.write() as tx:
            said: dict[str, Any] = {"name": name, "address": address, "password": password, "note": note}
            day = day_said("--since", since, here(tx).today) if since else None
            made = add_mailbox(tx, {**said, "queue_id": _queue(tx, queue), "since": day})
        if json_:
            _print(s, made.id)
        else:
            tell(_("Added mailbox {name}.").format(name=made.name))


@mailbox.command()
@click.argument("which", metavar="MAILBOX")
@click.option("--name", default=None)
@click.option("--address", default=None, metavar="URL|PATH", help=_ADDRESS)
@click.option("--password", default=None, metavar="PLACE", help="Where the password is: env:VARIABLE or file:/PATH.")
@click.option("--queue", default=None, metavar="QUEUE", help="Whose tickets its mails become; an empty text: nobody's.")
@click.option("--since", default=None, metavar="DAY", help="Mails written before become no tickets; empty: all do.")
@click.option("--active/--inactive", default=None, help="Whether `crm worker` reads it.")
@click.option("--note", default=None)
@as_json
def edit(which: str, queue: str | None, since: str | None, json_: bool, **given: Any) -> None:
    """Change a mailbox. One that lies elsewhere now is read from its beginning; no mail is taken in twice."""
    from crmcore.api import day_said, here, session, tell
    from crmcore_service.intake.mailboxes import edit as edit_mailbox

    values = {name: value for name, value in given.items() if value is not None}
    with session() as s:
        with s.write() as tx:
            if queue is not None:
                values["queue_id"] = _queue(tx, queue)
            if since is not None:
                values["since"] = day_said("--since", since, here(tx).today) if since else None
            changed = edit_mailbox(tx, _mailbox(tx, which), values)
        if json_:
            _print(s, changed.id)
        else:
            tell(_("Changed mailbox {name}.").format(name=changed.name))


@mailbox.command()
@click.argument("which", metavar="MAILBOX")
def remove(which: str) -> None:
    """Remove a mailbox; the tickets that came by it stay."""
    from crmcore.api import session, tell
    from crmcore_service.intake.mailboxes import remove as remove_mailbox

    with session() as s, s.write() as tx:
        name = remove_mailbox(tx, _mailbox(tx, which))
    tell(_("Removed mailbox {name}.").format(name=name))


@mailbox.command("list")
@as_json
@out_option
def list_(json_: bool, out: Path | None) -> None:
    """List the mailboxes: when each was looked into, what became of its mails, and what went wrong."""
    from crmcore.api import session
    from crmcore_service.intake.views import mailboxes

    with session() as s, s.read() as reader:
        found = mailboxes(reader)
    present(_report(found, _("Mailboxes")), json_=json_, out=out)


@mailbox.command()
@click.argument("which", metavar="MAILBOX")
@as_json
def show(which: str, json_: bool) -> None:
    """Show a mailbox: where it lies, how far it was read, and what became of its mails."""
    from crmcore.api import print_json, session
    from crmcore_service.intake.views import mailboxes

    with session() as s, s.read() as reader:
        (found,) = mailboxes(reader, _mailbox(reader, which))
    if json_:
        print_json(found)
    else:
        present(_report([found], _("Mailbox {name}").format(name=found.name)))
        click.echo(found.address)


@mailbox.command()
@click.argument("which", metavar="[MAILBOX]", default="")
@as_json
def read(which: str, json_: bool) -> None:
    """Read what came since, now: of one mailbox, or of all; each mail is taken in once, however often it is read."""
    from crmcore.api import InvalidInput, print_json, session
    from crmcore_service.intake.reading import sources
    from crmcore_service.intake.views import mailboxes
    from crmcore_service.intake.working import read_all

    with session() as s:
        with s.read() as reader:
            name = mailboxes(reader, _mailbox(reader, which))[0].name if which else ""
            found = sources(reader, name)
        if not found:
            raise InvalidInput(_("There is no mailbox to read; `crm service mailbox add` adds one."))
        total, _more = read_all(s.write, found)
    if json_:
        print_json(total)
        return
    click.echo(
        _("New mails: {new}, known already: {before}; new tickets: {tickets}.").format(
            new=total.read - total.before, before=total.before, tickets=total.tickets
        )
    )
    for line in _told(total.kinds):
        click.echo(f"  {line}")


def _queue(reader: Any, text: str) -> int | None:
    from crmcore.api import record_named
    from crmcore_service.tables import queue

    return record_named(reader, queue, text, called=_("queue")) if text else None


def _mailbox(reader: Any, text: str) -> int:
    from crmcore.api import record_named
    from crmcore_service import tables

    return record_named(reader, tables.mailbox, text, called=_("mailbox"))


def _print(s: Any, key: int) -> None:
    from crmcore.api import print_json
    from crmcore_service.intake.views import mailboxes

    with s.read() as reader:
        print_json(mailboxes(reader, key)[0])


def _report(found: "Sequence[MailboxView]", title: str) -> "Report":
    from crmcore.reports.report import Column, Report

    lost = _("{n} mails of {mailbox} that were read are not here any more.")
    return Report(
        title=title,
        columns=[
            Column(_("mailbox")), Column(_("queue")), Column(_("looked into")), Column(_("mails"), number=True),
            Column(_("of these")), Column(_("waiting"), number=True), Column(_("problem")),
        ],
        rows=[
            (
                one.name, one.queue, one.looked_at, one.mails, ", ".join(_told(one.kinds)), one.waiting,
                one.error or ("" if one.active else _("is not read")),
            )
            for one in found
        ],
        notes=[lost.format(n=one.lost, mailbox=one.name) for one in found if one.lost],
        data=found,
    )  # fmt: skip


def _told(kinds: "Mapping[str, int]") -> list[str]:
    return [f"{_(kind)} {count}" for kind, count in kinds.items() if count]
