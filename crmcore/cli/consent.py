"""`crm consent`: what people allow, by channel and purpose."""

from typing import Any

import click

from crmcore.cli.card import local
from crmcore.cli.output import as_json, paged, print_json, print_table
from crmcore.cli.policy import print_decisions
from crmcore.hooks.policy import CHANNELS, PURPOSES
from crmcore.i18n import _


@click.group()
def consent() -> None:
    """List, grant and deny what people allow; check before acting; read past decisions."""


@consent.command("list")
@click.argument("contact", metavar="ID|NAME|EMAIL")
@as_json
def list_(contact: str, json_: bool) -> None:
    """List what a contact stated, newest first; the first that applies decides."""
    from crmcore.cli.session import session
    from crmcore.directory.consents import statements
    from crmcore.directory.finding import party_id
    from crmcore.directory.moments import here
    from crmcore.engine import tables

    with session() as s, s.read() as reader:
        found = statements(reader, contact_id=party_id(reader, tables.contact, contact))
        zone = here(reader).zone
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("state"), _("channel"), _("purpose"), _("at"), _("until"), _("evidence")],
        [
            (one.id, one.state, one.channel, one.purpose, local(one.at, zone), local(one.until, zone), one.evidence)
            for one in found
        ],
    )


def _stating(function: Any) -> Any:
    for option in (
        click.argument("contact", metavar="ID|NAME|EMAIL"),
        click.option(
            "--channel", type=click.Choice(["*", *CHANNELS]), default="*", show_default=True, help="* for any."
        ),
        click.option(
            "--purpose", type=click.Choice(["*", *PURPOSES]), default="*", show_default=True, help="* for any."
        ),
        click.option("--evidence", default="", help="What it rests on: a form, a reply, a call."),
        click.option("--at", metavar="WHEN", help="When it was said; default: now."),
        click.option("--until", metavar="WHEN", help="When it ends."),
        as_json,
    ):
        function = option(function)
    return function


@consent.command()
@_stating
def grant(**given: Any) -> None:
    """Record that a contact allows a channel for a purpose."""
    _state("granted", **given)


@consent.command()
@_stating
def deny(**given: Any) -> None:
    """Record that a contact refuses a channel for a purpose; it holds from that moment for everybody."""
    _state("denied", **given)


def _state(word: str, contact: str, at: str | None, until: str | None, json_: bool, **said: str) -> None:
    from crmcore.cli.session import session
    from crmcore.directory.consents import state, statements
    from crmcore.directory.finding import party_id
    from crmcore.directory.moments import here, moment_said
    from crmcore.engine import tables

    with session() as s:
        with s.write() as tx:
            place = here(tx)
            key = party_id(tx, tables.contact, contact)
            begins = moment_said("--at", at, place) if at else None
            ends = moment_said("--until", until, place) if until else None
            added = state(tx, key, word, at=begins, until=ends, **said)
        with s.read() as reader:
            view = next(one for one in statements(reader, contact_id=key) if one.id == added.id)
    if json_:
        print_json(view)
    else:
        click.echo(f"consent {view.id}: {view.state} {view.channel} {view.purpose} {view.at.isoformat()}")


@consent.command()
@click.argument("contact", metavar="ID|NAME|EMAIL")
@click.option("--channel", type=click.Choice(CHANNELS), required=True)
@click.option("--purpose", type=click.Choice(PURPOSES), required=True)
@click.option("--at", metavar="WHEN", help="When it would happen; default: now.")
@as_json
def check(contact: str, channel: str, purpose: str, at: str | None, json_: bool) -> None:
    """Ask whether a contact may be contacted; the answer is kept in the journal."""
    from crmcore.cli.session import session
    from crmcore.directory.consents import ask
    from crmcore.directory.finding import party_id
    from crmcore.directory.moments import here, moment_said
    from crmcore.engine import tables

    with session() as s, s.write() as tx:
        moment = moment_said("--at", at, here(tx)) if at else tx.now
        decision = ask(tx, party_id(tx, tables.contact, contact), channel=channel, purpose=purpose, at=moment)
    if json_:
        objections = [
            {"by": by, "reason": one.reason, "blocks": one.blocks, "until": one.until}
            for by, one in decision.objections
        ]
        print_json({"allowed": decision.allowed, "at": moment, "objections": objections})
        return
    click.echo(_("allowed") if decision.allowed else _("refused"))
    for reason in decision.reasons:
        click.echo(f"  {reason}")


@consent.command()
@click.argument("contact", metavar="[ID|NAME|EMAIL]", default="")
@paged
@as_json
def log(contact: str, limit: int, after: int | None, json_: bool) -> None:
    """List past decisions, newest first: who asked, for what, and what was answered."""
    from crmcore.cli.session import session
    from crmcore.directory.finding import party_id
    from crmcore.directory.moments import here
    from crmcore.engine import tables
    from crmcore.policy.log import page

    with session() as s, s.read() as reader:
        about = party_id(reader, tables.contact, contact) if contact else None
        found = page(reader, limit=limit, after=after, subject_id=about)
        zone = here(reader).zone
    if json_:
        print_json(found)
        return
    print_decisions(found, zone)
