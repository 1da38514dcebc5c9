"""`crm process convert`: notes with a tag become items of a process, one by one or all at once."""

from typing import TYPE_CHECKING, Any

import click

from crmcore.cli.converting import convert_all, show_tagged
from crmcore.cli.output import as_json

if TYPE_CHECKING:
    from crmcore.engine.transaction import Transaction
    from crmcore.workflow.tagged import Tagged


@click.command()
@click.argument("process")
@click.option(
    "--tag", "tags", multiple=True, required=True, metavar="WORD", help="Such as opportunity, or 商机; several."
)
@click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="A field, of every item.")
@click.option("--yes", is_flag=True, help="Convert all without asking.")
@click.option("--dry-run", is_flag=True, help="Only show what would become of what.")
@as_json
def convert(
    process: str, tags: tuple[str, ...], values: tuple[str, ...], yes: bool, dry_run: bool, json_: bool
) -> None:
    """Make items of a process from notes that carry a tag, such as #opportunity.

    Interactions, tasks and notes on customers and contacts; customer, contact, owner, title and date come from the
    note. Asks about each one, unless --yes is said. What was converted before is left alone.
    """
    from crmcore.cli.session import session
    from crmcore.engine.tables import process_item
    from crmcore.workflow.converting import convert as convert_one
    from crmcore.workflow.moving import named
    from crmcore.workflow.said import values_said
    from crmcore.workflow.tagged import made_into, tagged

    def make(tx: "Transaction", one: "Tagged", title: str) -> Any:
        said = values_said(tx.definitions, tx.entities, named(tx.definitions, process), values)
        return convert_one(tx, process, one, said, title=title)

    with session() as s:
        named(s.app.assembly.definitions, process)
        with s.read() as reader:
            found = list(tagged(reader, made_into(process_item, process_item.c.process == process), tags))
        if dry_run:
            show_tagged(found, json_=json_)
        else:
            convert_all(s, found, make, yes=yes, json_=json_)
