"""`crm interaction`: what passed between us and them."""

from typing import Any

import click

from crmcore.cli.field_options import columns, filter_options, pairs, set_option
from crmcore.cli.output import as_json, paged, print_json, print_table, tell
from crmcore.cli.party_options import version_read
from crmcore.command import RECORD_ID
from crmcore.i18n import _

_DIRECTION = click.Choice(["in", "out"])


@click.group()
def interaction() -> None:
    """List, show, add, edit and remove what passed between us and them."""


@interaction.command("list")
@click.option("--channel", default="", metavar="CHANNEL", help="Only these: email, call, meeting, visit, note, ...")
@click.option("--contact", metavar="ID|NAME", help="Only what this contact took part in.")
@click.option("--customer", metavar="ID|NAME")
@click.option("--user", "login", metavar="LOGIN", help="Only what this user did.")
@click.option("--since", metavar="WHEN", help="Only from this day or moment on.")
@click.option("--text", default="", help="Only what says this.")
@filter_options
@paged
@as_json
def list_(
    channel: str,
    contact: str | None,
    customer: str | None,
    login: str | None,
    since: str | None,
    text: str,
    where: tuple[str, ...],
    show: tuple[str, ...],
    limit: int,
    after: int | None,
    json_: bool,
) -> None:
    """List interactions, newest first."""
    from crmcore.cli.card import local, summary
    from crmcore.cli.session import session
    from crmcore.directory.finding import party_id, user_named
    from crmcore.directory.interactions import page
    from crmcore.directory.moments import here, moment_said
    from crmcore.engine import tables

    with session() as s, s.read() as reader:
        place = here(reader)
        found = page(
            reader,
            limit=limit,
            after=after,
            channel=channel,
            contact_id=party_id(reader, tables.contact, contact) if contact else None,
            customer_id=party_id(reader, tables.customer, customer) if customer else None,
            user_id=user_named(reader, login).id if login else None,
            since=moment_said("--since", since, place) if since else None,
            text=text,
            where=where,
        )
        titles, cells = columns(reader.definitions, "interaction", show, found)
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("when"), _("channel"), "", _("who"), _("what"), *titles],
        [
            (
                one.id,
                local(one.at, place.zone) or one.day,
                one.channel,
                one.direction,
                ", ".join(who.name or who.address for who in one.participants if who.user_id is None),
                summary(one),
                *more,
            )
            for one, more in zip(found, cells, strict=True)
        ],
    )


@interaction.command()
@click.argument("interaction_id", type=RECORD_ID, metavar="ID")
@as_json
def show(interaction_id: int, json_: bool) -> None:
    """Show everything about an interaction."""
    from crmcore.cli.session import session
    from crmcore.directory.interactions import one
    from crmcore.fields.entering import as_text
    from crmcore.model.entity import values

    with session() as s, s.read() as reader:
        view = one(reader, interaction_id)
        own = as_text(reader.definitions, "interaction", view.custom)
    if json_:
        print_json(view)
        return
    told = {name: value for name, value in values(view).items() if value not in (None, "", [], {}, False)}
    people = told.pop("participants", [])
    told.pop("custom", None)
    fields = ((field.label or field.name, text) for field, text in own)
    print_table(["", ""], [*((_(name), value) for name, value in told.items()), *fields])
    print_table([_("participants"), "", ""], [(who.role, who.name, who.address) for who in people])


@interaction.command()
@click.argument("text")
@click.option("--contact", "contacts", multiple=True, metavar="ID|NAME", help="Who took part; may be repeated.")
@click.option("--customer", metavar="ID|NAME", help="Default: where the first contact works.")
@click.option("--channel", default="note", show_default=True, help="email, call, meeting, visit, note, ...")
@click.option("--direction", type=_DIRECTION, default=None)
@click.option("--at", metavar="WHEN", help="Default: now.")
@click.option("--minutes", type=click.IntRange(0, 100_000), help="How long it took.")
@click.option("--subject", default="")
@click.option("--location", default="")
@click.option("--private", is_flag=True, help="Others see that it happened, not what was said.")
@set_option
@as_json
def add(
    text: str,
    contacts: tuple[str, ...],
    customer: str | None,
    at: str | None,
    minutes: int | None,
    direction: str | None,
    set_: tuple[str, ...],
    json_: bool,
    **given: Any,
) -> None:
    """Add an interaction; TEXT is what was said or done."""
    from crmcore.cli.session import session
    from crmcore.directory.finding import party_id
    from crmcore.directory.interaction_editing import Passed
    from crmcore.directory.interaction_editing import add as add_interaction
    from crmcore.directory.interactions import one
    from crmcore.directory.moments import here, moment_said
    from crmcore.engine import tables

    with session() as s:
        with s.write() as tx:
            place = here(tx)
            passed = Passed(
                text=text,
                at=moment_said("--at", at, place) if at else tx.now,
                contact_ids=tuple(dict.fromkeys(party_id(tx, tables.contact, each) for each in contacts)),
                customer_id=party_id(tx, tables.customer, customer) if customer else None,
                seconds=None if minutes is None else minutes * 60,
                direction=direction or "",
                zone=str(place.zone),
                custom=pairs(set_),
                **given,
            )
            added = add_interaction(tx, passed)
        with s.read() as reader:
            view = one(reader, added.id)
    _print_one(view, json_)


@interaction.command()
@click.argument("interaction_id", type=RECORD_ID, metavar="ID")
@click.option("--text", "body", help="What was said or done.")
@click.option("--subject")
@click.option("--channel")
@click.option("--direction", type=_DIRECTION)
@click.option("--at", metavar="WHEN")
@click.option("--location")
@click.option("--status")
@click.option("--private/--public", default=None)
@set_option
@version_read
@as_json
def edit(
    interaction_id: int, at: str | None, set_: tuple[str, ...], version: int | None, json_: bool, **given: Any
) -> None:
    """Edit an interaction."""
    from crmcore.cli.session import session
    from crmcore.directory.interaction_editing import edit as edit_interaction
    from crmcore.directory.interactions import one
    from crmcore.directory.moments import here, moment_said

    with session() as s:
        with s.write() as tx:
            wanted = {name: value for name, value in given.items() if value is not None}
            if at is not None:
                wanted["at"] = moment_said("--at", at, here(tx))
            edit_interaction(tx, interaction_id, wanted, custom=pairs(set_), version=version)
        with s.read() as reader:
            view = one(reader, interaction_id)
    _print_one(view, json_)


@interaction.command()
@click.argument("interaction_id", type=RECORD_ID, metavar="ID")
def remove(interaction_id: int) -> None:
    """Remove an interaction; what it said stays in the journal."""
    from crmcore.cli.session import session
    from crmcore.directory.removal import remove_interaction

    with session() as s, s.write() as tx:
        remove_interaction(tx, interaction_id)
    tell(_("Interaction {id} is removed.").format(id=interaction_id))


def _print_one(view: Any, json_: bool) -> None:
    if json_:
        print_json(view)
    else:
        click.echo(f"interaction {view.id}: {view.channel}, {view.at or view.day}, {_('version')} {view.version}")
