"""`crm customer`: organisations and individuals we deal with."""

from typing import Any

import click

from crmcore.cli.field_options import columns, filter_options
from crmcore.cli.merging import merge, unmerge
from crmcore.cli.output import as_json, paged, print_json, print_table, tell
from crmcore.cli.party_options import party_options, reach_options, read_entry, tell_duplicates, version_read
from crmcore.i18n import _

_KINDS = click.Choice(["organisation", "individual"])


@click.group()
def customer() -> None:
    """Organisations and individuals we deal with: list, show, add, edit, role, remove, merge, unmerge."""


customer.add_command(merge)
customer.add_command(unmerge)


@customer.command("list")
@click.argument("name", default="")
@click.option("--role", default="", metavar="ROLE", help="Only who is this to us now: customer, supplier, partner.")
@click.option("--owner", metavar="LOGIN", help="Only this user's.")
@filter_options
@paged
@as_json
def list_(
    name: str,
    role: str,
    owner: str | None,
    where: tuple[str, ...],
    show: tuple[str, ...],
    limit: int,
    after: int | None,
    json_: bool,
) -> None:
    """List customers in the order of their names, or those whose NAME contains a text."""
    from crmcore.cli.session import session
    from crmcore.directory.customers import page
    from crmcore.directory.finding import user_named

    with session() as s, s.read() as reader:
        owner_id = user_named(reader, owner).id if owner else None
        found = page(reader, limit=limit, after=after, name=name, role=role, owner_id=owner_id, where=where)
        titles, cells = columns(reader.definitions, "customer", show, found)
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("name"), _("roles"), _("e-mail"), _("phone"), _("owner"), *titles],
        [
            (one.id, one.name, ", ".join(one.roles), ", ".join(one.emails), ", ".join(one.phones), one.owner, *more)
            for one, more in zip(found, cells, strict=True)
        ],
    )


@customer.command()
@click.argument("who", metavar="ID|NAME")
@as_json
def show(who: str, json_: bool) -> None:
    """Show everything about a customer, and where each value came from."""
    from crmcore.cli.card import print_card
    from crmcore.cli.session import session
    from crmcore.directory.cards import customer_card
    from crmcore.directory.finding import party_id
    from crmcore.directory.moments import here
    from crmcore.engine.tables import customer as customers
    from crmcore.fields.entering import as_text

    with session() as s, s.read() as reader:
        card = customer_card(reader, party_id(reader, customers, who))
        zone = here(reader).zone
        own = as_text(reader.definitions, "customer", card["custom"])
    if json_:
        print_json(card)
    else:
        print_card("customer", card, zone, own)


@customer.command()
@click.argument("name")
@click.option("--kind", type=_KINDS)
@click.option("--role", multiple=True, metavar="ROLE", help="What it is to us; may be given several times.")
@click.option("--parent", metavar="ID|NAME", help="The customer it belongs to.")
@reach_options()
@party_options
@as_json
def add(name: str, role: tuple[str, ...], parent: str | None, json_: bool, **given: Any) -> None:
    """Add a customer called NAME; says so when one like it exists."""
    from crmcore.cli.session import session
    from crmcore.directory.customer_editing import add as add_customer
    from crmcore.directory.customers import one
    from crmcore.directory.finding import party_id
    from crmcore.directory.moments import here
    from crmcore.engine.tables import customer as customers
    from crmcore.model.entity import values

    with session() as s:
        with s.write() as tx:
            given["parent_id"] = party_id(tx, customers, parent) if parent else None
            entry = read_entry(given, ("kind", "parent_id"), here(tx).region)
            added, likely = add_customer(tx, name, entry, roles=role)
        with s.read() as reader:
            view = one(reader, added.id)
    tell_duplicates(likely, "customer")
    if json_:
        print_json({**values(view), "duplicates": likely})
    else:
        _print_line(view)


@customer.command()
@click.argument("who", metavar="ID|NAME")
@click.option("--name")
@click.option("--kind", type=_KINDS)
@click.option("--parent", metavar="ID|NAME", help="The customer it belongs to.")
@reach_options("add-")
@reach_options("remove-")
@party_options
@version_read
@as_json
def edit(who: str, parent: str | None, version: int | None, json_: bool, **given: Any) -> None:
    """Edit a customer; an empty value takes one away."""
    from crmcore.cli.session import session
    from crmcore.directory.customer_editing import edit as edit_customer
    from crmcore.directory.customers import one
    from crmcore.directory.finding import party_id
    from crmcore.directory.moments import here
    from crmcore.engine.tables import customer as customers

    with session() as s:
        with s.write() as tx:
            given["parent_id"] = party_id(tx, customers, parent) if parent else None
            entry = read_entry(given, ("name", "kind", "parent_id"), here(tx).region)
            key = party_id(tx, customers, who)
            edit_customer(tx, key, entry, version=version)
        with s.read() as reader:
            view = one(reader, key)
    if json_:
        print_json(view)
    else:
        _print_line(view)


@customer.command()
@click.argument("who", metavar="ID|NAME")
@click.argument("action", type=click.Choice(["add", "end"]))
@click.argument("role")
@click.option("--since", "--on", "day", metavar="DATE", help="From when, or when it ended (default: today).")
@as_json
def role(who: str, action: str, role: str, day: str | None, json_: bool) -> None:
    """Say what a customer is to us from now on, or is no longer; it may be several things at once."""
    from crmcore.cli.session import session
    from crmcore.directory.customer_editing import begin_role, end_role
    from crmcore.directory.customers import one
    from crmcore.directory.finding import party_id
    from crmcore.directory.moments import day_said, here
    from crmcore.engine.tables import customer as customers

    with session() as s:
        with s.write() as tx:
            key = party_id(tx, customers, who)
            today = here(tx).today
            said = day_said("--since", day, today) if day else None
            if action == "add":
                begin_role(tx, key, role, said)
            else:
                end_role(tx, key, role, said or today)
        with s.read() as reader:
            view = one(reader, key)
    if json_:
        print_json(view)
    else:
        _print_line(view)


@customer.command()
@click.argument("who", metavar="ID|NAME")
@click.option("--yes", is_flag=True, help="Even if interactions or tasks name it; they stay.")
def remove(who: str, yes: bool) -> None:
    """Remove a customer; what it held stays in the journal."""
    from crmcore.cli.session import session
    from crmcore.directory.finding import party_id
    from crmcore.directory.removal import remove_party
    from crmcore.engine.tables import customer as customers
    from crmcore.model.party import Customer

    with session() as s, s.write() as tx:
        key = party_id(tx, customers, who)
        remove_party(tx, Customer, key, certain=yes)
    tell(_("Customer {id} is removed; `crm history {id}` tells what it held.").format(id=key))


def _print_line(view: Any) -> None:
    roles = ", ".join(view.roles)
    click.echo(f"customer {view.id}: {view.name}{f' ({roles})' if roles else ''}, {_('version')} {view.version}")
