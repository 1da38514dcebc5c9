"""`crm export`: everything, or contacts as vCard or CSV."""

from pathlib import Path

import click

from crmcore.cli.output import as_json, print_json, print_table
from crmcore.i18n import _


@click.command()
@click.argument("target", metavar="DIR|FILE", type=click.Path(path_type=Path))
@click.option("--format", "format_", type=click.Choice(["jsonl", "csv", "vcard"]), default=None,
              help="Default: by the name of FILE (.csv, .vcf, .jsonl); jsonl for a folder.")  # fmt: skip
@click.option("--entity", "entities", multiple=True, metavar="NAME", help="Only this, such as contact; repeatable.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@as_json
def export(target: Path, format_: str | None, entities: tuple[str, ...], force: bool, json_: bool) -> None:
    """Write what you may see to a folder or file.

    JSON lines hold everything, one file for each kind of record, plugins' records too; CSV opens safely in
    spreadsheets and is read again by `crm import`, like vCard. Other people's private contacts are never exported; an
    administrator's `crm backup` has them.
    """
    from crmcore.cli.progress import progress
    from crmcore.cli.session import session
    from crmcore.exporting.run import export as run

    with session() as s, s.read() as reader, progress(_("exporting")) as show:
        written = run(
            reader,
            target,
            format_=format_ or "",
            entities=entities,
            references=s.app.dispatcher.declared("crm_references"),
            force=force,
            show=show,
        )
    if json_:
        print_json(written)
        return
    print_table([_("file"), _("holds"), _("records")], [(one.file, one.entity, one.records) for one in written])
