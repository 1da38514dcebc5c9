"""`crm sales opportunity convert`."""

import click

from crmcore.command import RECORD_ID, as_json


@click.command()
@click.option("--tag", "tags", multiple=True, metavar="WORD", help="Default: opportunity, 商机 and 机会; several.")
@click.option("--interaction", "ids", type=RECORD_ID, multiple=True, metavar="ID", help="These instead, tagged or not.")
@click.option("--yes", is_flag=True, help="Convert all without asking.")
@click.option("--dry-run", is_flag=True, help="Only show what would become of what.")
@as_json
def convert(tags: tuple[str, ...], ids: tuple[int, ...], yes: bool, dry_run: bool, json_: bool) -> None:
    """Make opportunities of notes that carry a tag, such as #opportunity or #商机, or of single interactions.

    Interactions, tasks and notes on customers and contacts; customer, contact, owner, title and date come from the
    note. Asks about each one, unless --yes is said. What was converted before is left alone.
    """
    from crmcore.api import convert_all, session, show_tagged
    from crmcore_sales.pipeline.conversion import TAGS, found, make, of_interactions

    with session() as s:
        with s.read() as reader:
            texts = of_interactions(reader, ids) if ids else list(found(reader, tags or TAGS))
        if dry_run:
            show_tagged(texts, json_=json_)
        else:
            convert_all(s, texts, make, yes=yes, json_=json_)
