"""`crm process`: what goes through defined states, and where it stands."""

from typing import TYPE_CHECKING

import click

from crmcore.cli.output import as_json, paged, print_json, print_table
from crmcore.cli.process_convert import convert
from crmcore.cli.process_meter import budget, meter
from crmcore.command import RECORD_ID
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.cli.session import Session


@click.group()
def process() -> None:
    """See processes, begin items, move them on, and measure what they ask people to type."""


process.add_command(convert)
process.add_command(meter)
process.add_command(budget)


@process.command("list")
@as_json
def list_(json_: bool) -> None:
    """List the processes of this workspace, and how many items are open and closed in each."""
    from crmcore.cli.session import session
    from crmcore.workflow.overview import overview

    with session() as s, s.read() as reader:
        found = overview(reader, s.app.assembly.definitions, s.app.assembly.entities.tables)
    if json_:
        print_json(found)
        return
    print_table(
        [_("process"), _("title"), _("states"), _("open"), _("closed")],
        [(one.name, one.title, " → ".join(s.name for s in one.states), one.open, one.closed) for one in found],
    )


@process.command()
@click.argument("name")
@as_json
def show(name: str, json_: bool) -> None:
    """Show a process: its states and how many items are in each, its ways with their guards, its fields."""
    from crmcore.cli.session import session
    from crmcore.workflow.overview import one

    with session() as s, s.read() as reader:
        found = one(reader, s.app.assembly.definitions, s.app.assembly.entities.tables, name)
    if json_:
        print_json(found)
        return
    click.echo(f"{found.name}: {found.title}" if found.title else found.name)
    print_table(
        [_("state"), _("label"), _("kind"), _("items"), _("typed fields")],
        [(one.name, one.label, _(one.kind), one.items, ", ".join(one.manual)) for one in found.states],
    )
    told = [each for each in found.states if each.guides]
    if told:
        print_table(
            [_("state"), _("chance"), _("days"), _("steps"), _("template"), _("expert")],
            [
                (
                    each.name,
                    "" if each.probability is None else f"{each.probability}%",
                    each.days,
                    "\n".join(f"{n}. {step}" for n, step in enumerate(each.steps, start=1)),
                    each.template,
                    each.expert,
                )
                for each in told
            ],
        )
    print_table(
        [_("from"), _("to"), _("guard"), _("requires"), _("who")],
        [(way.origin or "–", way.target, way.guard, ", ".join(way.requires), ", ".join(way.roles))
         for way in found.transitions],
    )  # fmt: skip
    if found.fields:
        print_table(
            [_("field"), _("type"), _("label"), _("required")],
            [(each.name, each.type, each.label, _("yes") if each.required else "") for each in found.fields],
        )


@process.command()
@click.argument("name")
@click.option("--customer", metavar="ID|NAME")
@click.option("--contact", metavar="ID|NAME")
@click.option("--title", default="", help="Default: the process and whom it is about.")
@click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="A field of the process.")
@click.option("--owner", metavar="LOGIN", help="Whose it is; default: your own.")
@click.option("--note", default="")
@as_json
def start(
    name: str,
    customer: str | None,
    contact: str | None,
    title: str,
    values: tuple[str, ...],
    owner: str | None,
    note: str,
    json_: bool,
) -> None:
    """Begin an item of a process."""
    from crmcore.cli.session import session
    from crmcore.directory.finding import owner_named, party_id
    from crmcore.engine import tables
    from crmcore.workflow.moving import named
    from crmcore.workflow.moving import start as begin
    from crmcore.workflow.said import values_said

    with session() as s:
        with s.write() as tx:
            begun = begin(
                tx,
                name,
                title=title,
                customer_id=party_id(tx, tables.customer, customer) if customer else None,
                contact_id=party_id(tx, tables.contact, contact) if contact else None,
                owner_id=owner_named(tx, owner) if owner else None,
                note=note,
                values=values_said(tx.definitions, tx.entities, named(tx.definitions, name), values),
            )
        _print_item(s, begun.id, json_)


@process.command()
@click.argument("item_id", type=RECORD_ID, metavar="ID")
@click.argument("state")
@click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="A field, filled in on the way.")
@as_json
def move(item_id: int, state: str, values: tuple[str, ...], json_: bool) -> None:
    """Move an item into another state."""
    from crmcore.cli.session import session
    from crmcore.workflow.moving import move as go
    from crmcore.workflow.moving import process_of, taken
    from crmcore.workflow.said import values_said

    with session() as s:
        with s.write() as tx:
            record = taken(tx, item_id)
            of = process_of(tx.definitions, tx.entities.of(type(record)).name, record)
            go(tx, record, state, values_said(tx.definitions, tx.entities, of, values))
        _print_item(s, item_id, json_)


@process.command("set")
@click.argument("item_id", type=RECORD_ID, metavar="ID")
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE...")
@as_json
def set_(item_id: int, values: tuple[str, ...], json_: bool) -> None:
    """Fill in fields of an item, which stays in its state."""
    from crmcore.cli.session import session
    from crmcore.workflow.moving import assign, process_of, taken
    from crmcore.workflow.said import values_said

    with session() as s:
        with s.write() as tx:
            record = taken(tx, item_id)
            of = process_of(tx.definitions, tx.entities.of(type(record)).name, record)
            assign(tx, of, record, values_said(tx.definitions, tx.entities, of, values))
        _print_item(s, item_id, json_)


@process.command()
@click.argument("name")
@click.option("--state", default="", help="Only those in this state.")
@click.option("--owner", metavar="LOGIN", help="Only this user's.")
@paged
@as_json
def items(name: str, state: str, owner: str | None, limit: int, after: int | None, json_: bool) -> None:
    """List the items of a process; also those of a process that is not defined any more."""
    from crmcore.cli.session import session
    from crmcore.directory.finding import user_named
    from crmcore.workflow.items import page

    with session() as s, s.read() as reader:
        found = page(
            reader,
            s.app.assembly.definitions,
            s.app.assembly.entities.tables,
            name,
            state=state,
            owner_id=user_named(reader, owner).id if owner else None,
            limit=limit,
            after=after,
        )
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("title"), _("state"), _("since"), _("about"), _("owner")],
        [
            (one.id, one.title, one.state, one.entered_at and one.entered_at.date(), one.about, one.owner)
            for one in found
        ],
    )


@process.command()
@click.argument("item_id", type=RECORD_ID, metavar="ID")
@as_json
def item(item_id: int, json_: bool) -> None:
    """Show an item: its fields, the ways open from here, and why others are not."""
    from crmcore.cli.session import session

    with session() as s:
        _print_item(s, item_id, json_)


def _print_item(s: "Session", item_id: int, json_: bool) -> None:
    from crmcore.cli.card import local
    from crmcore.directory.moments import here
    from crmcore.fields.values import labels, named, shown
    from crmcore.model.entity import values
    from crmcore.workflow.items import one, onward
    from crmcore.workflow.rules import fields_of

    definitions = s.app.assembly.definitions
    with s.read() as reader:
        found = one(reader, definitions, s.app.assembly.entities.tables, item_id)
        ways = onward(reader, s.app.assembly.entities, found.process, found.row) if found.process else []
        zone = here(reader).zone
    item = found.item
    if json_:
        print_json({**values(item), "ways": ways})
        return
    fields = {each.name: each for each in fields_of(definitions, found.process)} if found.process else {}
    rows: list[tuple[str, object]] = [
        (_("state"), item.state),
        (_("since"), local(item.entered_at, zone) if item.entered_at else ""),
        (_("closed"), local(item.closed_at, zone) if item.closed_at else ""),
        (_("customer"), item.customer),
        (_("contact"), item.contact),
        (_("owner"), item.owner),
        (_("note"), item.note),
    ]
    for name, value in item.custom.items():
        field = fields.get(name)
        rows.append((named(field), shown(field, value, labels(definitions))) if field else (name, value))
    click.echo(f"{item.process} {item.id}: {item.title}")
    print_table(["", ""], [(name, value) for name, value in rows if value not in (None, "")])
    for way in ways:
        closed = _("  (not now: {why})").format(why="; ".join(way.why_not)) if way.why_not else ""
        click.echo(f"→ {way.to}{closed}")
