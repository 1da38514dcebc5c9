"""`crm contact`: people."""

from typing import Any

import click

from crmcore.cli.field_options import columns, filter_options
from crmcore.cli.merging import merge, unmerge
from crmcore.cli.output import as_json, paged, print_json, print_table, tell
from crmcore.cli.party_options import party_options, reach_options, read_entry, tell_duplicates, version_read
from crmcore.i18n import _

_PARTS = ("given", "family", "additional", "prefix", "suffix", "birthday")


@click.group()
def contact() -> None:
    """People: list, show, add, edit, move, remove, merge, unmerge."""


contact.add_command(merge)
contact.add_command(unmerge)


@contact.command("list")
@click.argument("name", default="")
@click.option("--customer", metavar="ID|NAME", help="Only who has a position at this customer.")
@click.option("--owner", metavar="LOGIN", help="Only this user's.")
@filter_options
@paged
@as_json
def list_(
    name: str,
    customer: str | None,
    owner: str | None,
    where: tuple[str, ...],
    show: tuple[str, ...],
    limit: int,
    after: int | None,
    json_: bool,
) -> None:
    """List contacts in the order of their names, or those whose NAME contains a text."""
    from crmcore.cli.session import session
    from crmcore.directory.contacts import page
    from crmcore.directory.finding import party_id, user_named
    from crmcore.engine.tables import customer as customers

    with session() as s, s.read() as reader:
        found = page(
            reader,
            limit=limit,
            after=after,
            name=name,
            customer_id=party_id(reader, customers, customer) if customer else None,
            owner_id=user_named(reader, owner).id if owner else None,
            where=where,
        )
        titles, cells = columns(reader.definitions, "contact", show, found)
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("name"), _("customer"), _("e-mail"), _("phone"), _("owner"), *titles],
        [
            (one.id, one.name, ", ".join(one.customers), ", ".join(one.emails), ", ".join(one.phones), one.owner, *more)
            for one, more in zip(found, cells, strict=True)
        ],
    )


@contact.command()
@click.argument("who", metavar="ID|NAME|EMAIL")
@as_json
def show(who: str, json_: bool) -> None:
    """Show everything about a contact, and where each value came from."""
    from crmcore.cli.card import print_card
    from crmcore.cli.session import session
    from crmcore.directory.cards import contact_card
    from crmcore.directory.finding import party_id
    from crmcore.directory.moments import here
    from crmcore.engine.tables import contact as contacts
    from crmcore.fields.entering import as_text

    with session() as s, s.read() as reader:
        card = contact_card(reader, party_id(reader, contacts, who))
        zone = here(reader).zone
        own = as_text(reader.definitions, "contact", card["custom"])
    if json_:
        print_json(card)
    else:
        print_card("contact", card, zone, own)


@contact.command()
@click.argument("name")
@reach_options()
@click.option("--customer", default="", metavar="ID|NAME", help="Where the person works; added if it is new.")
@click.option("--title", default="", help="The person's position there.")
@click.option("--birthday", metavar="DATE", help="Such as 1980-04-12, or --0412 without a year.")
@party_options
@as_json
def add(name: str, customer: str, title: str, json_: bool, **given: Any) -> None:
    """Add a contact called NAME; says so when one like it exists."""
    from crmcore.cli.session import session
    from crmcore.directory.contact_editing import add as add_contact
    from crmcore.directory.contacts import one
    from crmcore.directory.moments import here
    from crmcore.model.entity import values

    with session() as s:
        with s.write() as tx:
            entry = read_entry(given, ("birthday",), here(tx).region)
            added, likely = add_contact(tx, name, entry, customer_named=customer, title=title)
        with s.read() as reader:
            view = one(reader, added.id)
    tell_duplicates(likely, "contact")
    if json_:
        print_json({**values(view), "duplicates": likely})
    else:
        _print_line(view)


@contact.command()
@click.argument("who", metavar="ID|NAME|EMAIL")
@click.option("--name", help="The name as written; it is taken apart again.")
@click.option("--given")
@click.option("--family")
@click.option("--additional")
@click.option("--prefix")
@click.option("--suffix")
@click.option("--birthday", metavar="DATE")
@click.option("--title", help="That of the only current position.")
@reach_options("add-")
@reach_options("remove-")
@party_options
@version_read
@as_json
def edit(who: str, title: str | None, version: int | None, json_: bool, **given: Any) -> None:
    """Edit a contact; an empty value takes one away."""
    from crmcore.cli.session import session
    from crmcore.directory.contact_editing import edit as edit_contact
    from crmcore.directory.contacts import one
    from crmcore.directory.finding import party_id
    from crmcore.directory.moments import here
    from crmcore.engine.tables import contact as contacts

    with session() as s:
        with s.write() as tx:
            entry = read_entry(given, ("name", *_PARTS), here(tx).region)
            key = party_id(tx, contacts, who)
            edit_contact(tx, key, entry, title=title, version=version)
        with s.read() as reader:
            view = one(reader, key)
    if json_:
        print_json(view)
    else:
        _print_line(view)


@contact.command()
@click.argument("who", metavar="ID|NAME|EMAIL")
@click.option("--to", required=True, metavar="ID|NAME", help="The new customer; added if it is new.")
@click.option("--from", "from_", default="", metavar="ID|NAME", help="The position that ends, where there are several.")
@click.option("--title", default="", help="The new position.")
@click.option("--on", metavar="DATE", help="When; default: today.")
@as_json
def move(who: str, to: str, from_: str, title: str, on: str | None, json_: bool) -> None:
    """End a contact's position and begin one elsewhere; what passed stays with the old customer."""
    from crmcore.cli.session import session
    from crmcore.directory.contact_editing import move as move_contact
    from crmcore.directory.contacts import one
    from crmcore.directory.finding import party_id
    from crmcore.directory.moments import day_said, here
    from crmcore.engine.tables import contact as contacts

    with session() as s:
        with s.write() as tx:
            today = here(tx).today
            key = party_id(tx, contacts, who)
            day = day_said("--on", on, today) if on else today
            move_contact(tx, key, to=to, title=title, on=day, today=today, from_=from_)
        with s.read() as reader:
            view = one(reader, key)
    if json_:
        print_json(view)
    else:
        _print_line(view)


@contact.command()
@click.argument("who", metavar="ID|NAME|EMAIL")
@click.option("--yes", is_flag=True, help="Even if interactions or tasks name it; they stay.")
def remove(who: str, yes: bool) -> None:
    """Remove a contact; what it held stays in the journal."""
    from crmcore.cli.session import session
    from crmcore.directory.finding import party_id
    from crmcore.directory.removal import remove_party
    from crmcore.engine.tables import contact as contacts
    from crmcore.model.party import Contact

    with session() as s, s.write() as tx:
        key = party_id(tx, contacts, who)
        remove_party(tx, Contact, key, certain=yes)
    tell(_("Contact {id} is removed; `crm history {id}` tells what it held.").format(id=key))


def _print_line(view: Any) -> None:
    at = ", ".join(view.customers)
    click.echo(f"contact {view.id}: {view.name}{f' ({at})' if at else ''}, {_('version')} {view.version}")
