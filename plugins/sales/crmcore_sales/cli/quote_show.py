"""`crm sales quote list`, `show`, `pdf`, `bonus` and `conflicts`."""

from pathlib import Path

import click

from crmcore.command import as_json, paged
from crmcore_sales.cli.quote_told import print_quotes
from crmcore_sales.i18n import _

_STATUS = click.Choice(["draft", "held", "open", "accepted", "declined", "expired", "superseded", "withdrawn"])
_QUOTE = click.argument("quote", metavar="QUOTE")


@click.command("list")
@click.option("--status", type=_STATUS, help="Default: all.")
@click.option("--customer", metavar="ID|NAME")
@click.option("--owner", metavar="LOGIN")
@click.option("--mine", is_flag=True, help="Only your own.")
@click.option("--opportunity", metavar="ID|TITLE")
@click.option("--product", metavar="CODE")
@paged
@as_json
def list_(
    status: str | None,
    customer: str | None,
    owner: str | None,
    mine: bool,
    opportunity: str | None,
    product: str | None,
    limit: int,
    after: int | None,
    json_: bool,
) -> None:
    """List quotes, the newest first."""
    from crmcore.api import party_id, session, tables, user_named
    from crmcore_sales.catalogue.products import found
    from crmcore_sales.pipeline.finding import opportunity_id
    from crmcore_sales.quoting.views import page

    with session() as s, s.read() as reader:
        views = page(
            reader,
            limit=limit,
            after=after,
            status=status or "",
            customer_ids=[party_id(reader, tables.customer, customer)] if customer else (),
            owner_id=s.actor.user_id if mine else user_named(reader, owner).id if owner else None,
            opportunity_id=opportunity_id(reader, opportunity) if opportunity else None,
            product_id=found(reader, [product])[product] if product else None,
        )
    print_quotes(views, json_)


@click.command()
@_QUOTE
@as_json
def show(quote: str, json_: bool) -> None:
    """Show a quote: its lines, what was asked for it, what it adds to its owner's commission."""
    from crmcore.api import print_json, print_table, session, user_named
    from crmcore.reports.report import money
    from crmcore_sales.quoting import bonus as bonuses
    from crmcore_sales.quoting.views import one, quote_id

    with session() as s, s.read() as reader:
        view = one(reader, quote_id(reader, quote))
        earns = None
        if view.owner and view.amount is not None:
            owner_id = user_named(reader, view.owner).id
            earns = bonuses.bonus(reader, owner_id, view.amount, view.currency, leaving=view.opportunity_id)
    if json_:
        print_json({**{name: getattr(view, name) for name in type(view).__annotations__}, "bonus": earns})
        return
    print_quotes([view], json_=False)
    if view.contact:
        click.echo(_("for {contact}").format(contact=view.contact["name"]))
    print_table(
        [_("product"), _("what"), _("quantity"), _("list"), _("price"), _("below list"), _("amount")],
        [
            (each.product, each.text, f"{each.quantity.normalize():f}", each.list_price, each.unit_price,
             "" if each.discount is None else f"{each.discount}%", money(each.amount, view.currency))
            for each in view.lines
        ],
    )  # fmt: skip
    for asked in view.approvals:
        click.echo(
            _("approval {id}: {kind} {percent}%, {status}").format(
                id=asked.id, kind=_(asked.kind), percent=asked.percent, status=_(asked.status)
            )
        )
    for text in (view.reason, view.note):
        if text:
            click.echo(text)
    if earns is not None:
        click.echo(bonuses.told(earns))


@click.command()
@_QUOTE
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Default: its number, .pdf."
)
def pdf(quote: str, out: Path | None) -> None:
    """Write a quote as PDF, in Chinese and English letters."""
    from crmcore.api import session, tell, whole
    from crmcore_sales.quoting.document import quote_pdf
    from crmcore_sales.quoting.views import one, quote_id

    with session() as s, s.read() as reader:
        view = one(reader, quote_id(reader, quote))
        content = quote_pdf(reader, view)
    file = out or Path(f"{view.number}-{view.revision}.pdf" if view.revision > 1 else f"{view.number}.pdf")
    with whole(file) as opened:
        opened.write(content)
    tell(_("{number} is in {file}").format(number=view.number, file=file))


@click.command()
@click.argument("what", metavar="QUOTE|OPPORTUNITY", required=False)
@as_json
def bonus(what: str | None, json_: bool) -> None:
    """Say what a quote or an opportunity adds to its owner's commission, and how far the next tier is."""
    from crmcore.api import NotFound, print_json, session
    from crmcore_sales.quoting import bonus as bonuses

    with session() as s, s.read() as reader:
        found = bonuses.of_named(reader, what or "")
    if found is None:
        raise NotFound(_("There is no commission plan (crm sales commission set), or no amount that it counts."))
    if json_:
        print_json(found)
        return
    click.echo(bonuses.told(found))


@click.command()
@as_json
def conflicts(json_: bool) -> None:
    """List the customers who have two valid prices for a product, as after two customers were merged."""
    from crmcore.api import print_json, print_table, session
    from crmcore_sales.quoting.meeting import standing_conflicts

    with session() as s, s.read() as reader:
        found = standing_conflicts(reader)
    if json_:
        print_json(found)
        return
    print_table(
        [_("customer"), _("product"), _("price"), _("quote"), _("other price"), _("other quote")],
        [(each.customer, each.product, each.price, each.quote, each.other_price, each.other_quote) for each in found],
    )
