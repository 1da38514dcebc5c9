"""`crm contact`: people."""

import click

from crmcore.cli.output import as_json, paged, print_json, print_table
from crmcore.i18n import _


@click.group()
def contact() -> None:
    """People: list, show, add, edit, remove, merge, unmerge."""


@contact.command("list")
@click.argument("name", default="")
@click.option("--customer", type=int, metavar="ID", help="Only who has a position at this customer.")
@paged
@as_json
def list_(name: str, customer: int | None, limit: int, after: int | None, json_: bool) -> None:
    """List contacts in the order of their names, or those whose NAME contains a text."""
    from crmcore.cli.session import session
    from crmcore.directory.contacts import page

    with session() as s, s.read() as reader:
        found = page(reader, limit=limit, after=after, name=name, customer_id=customer)
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("name"), _("customer"), _("e-mail"), _("phone")],
        [(one.id, one.name, ", ".join(one.customers), ", ".join(one.emails), ", ".join(one.phones)) for one in found],
    )
