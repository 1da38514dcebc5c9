"""`crm import`: address books, mail, calendars and tables."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.cli.output import as_json, paged, print_json, print_table, tell
from crmcore.command import RECORD_ID
from crmcore.i18n import _, _n

if TYPE_CHECKING:
    from crmcore.engine.mapping import Entities
    from crmcore.importing.report import Report

_TOLD = 20


@click.command("import")
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--format", "format_", default="", metavar="F", help="Read as this format, instead of finding out.")
@click.option("--mapping", type=click.Path(path_type=Path), help="A mapping file (TOML) for a table's columns.")
@click.option("--as", "entity", type=click.Choice(["contact", "customer"]), help="What the rows of a table are.")
@click.option("--encoding", default="", help="Encoding of the file, such as gb18030, instead of finding out.")
@click.option("--delimiter", default="", help="What separates the columns, instead of finding out.")
@click.option("--sheet", default="", help="Sheet of a workbook; default: the first.")
@click.option("--region", default="", metavar="CC", help="Country of numbers written without one.")
@click.option(
    "--key",
    default="",
    metavar="FIELDS",
    help="Fields by which a row finds its record: external_id, email, phone, name.",
)
@click.option("--people", type=click.Choice(["none", "answered", "all"]), default="none", show_default=True,
              help="Who met in mail and meetings becomes a contact.")  # fmt: skip
@click.option("--source", default="", metavar="NAME", help="The system that ids in the file belong to.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--undo", type=RECORD_ID, metavar="BATCH", help="Take a whole import back; later edits are kept.")
@click.option("--list", "list_", is_flag=True, help="List the imports, newest first.")
@click.option("--rejections", type=RECORD_ID, metavar="BATCH", help="List what an import rejected, and why.")
@paged
@as_json
def import_(paths: tuple[Path, ...], undo: int | None, list_: bool, rejections: int | None, limit: int,
            after: int | None, json_: bool, **given: Any) -> None:  # fmt: skip
    """Read files or folders into the workspace.

    vCard, CSV, XLSX, eml, mbox, maildir and iCalendar are recognised; plugins add formats. Nothing is stored twice:
    import the same file again and only what is new changes. An import that was cut off is taken up by the same command.
    """
    if undo is not None:
        _undo(undo, json_)
    elif list_:
        _list(limit, after, json_)
    elif rejections is not None:
        _rejections(rejections, limit, after, json_)
    elif paths:
        _import(paths, json_, given)
    else:
        raise click.UsageError(_("Name a file or folder to import."))


def _import(paths: tuple[Path, ...], json_: bool, given: dict[str, Any]) -> None:
    from crmcore.cli.progress import progress
    from crmcore.cli.session import session
    from crmcore.importing.context import Options
    from crmcore.importing.run import Import

    reading = {
        name: str(given[name])
        for name in ("mapping", "entity", "encoding", "delimiter", "sheet", "region")
        if given[name]
    }
    key = tuple(part.strip() for part in given["key"].split(",") if part.strip())
    options = Options(
        format=given["format_"], reading=reading, key=key, people=given["people"], scheme=given["source"],
        dry_run=given["dry_run"],
    )  # fmt: skip
    with session() as s:
        job = Import(s.app, s.actor, paths, options, command=" ".join(str(path) for path in paths))
        for sentence in job.passed_over:
            tell(sentence)
        with progress(_("importing")) as show:
            report = job.run(show)
        entities = s.app.assembly.entities
    if job.resumed_at:
        tell(_("Took up import {id} after {n} records.").format(id=report.batch, n=job.resumed_at))
    if json_:
        print_json({**report.counts(), "batch": 0 if options.dry_run else report.batch, "dry_run": options.dry_run,
                    "rejections": report.rejections, "effects": report.effects if options.dry_run else [],
                    "proposals": report.proposals})  # fmt: skip
    else:
        _print(report, entities, people=options.people, dry_run=options.dry_run)
    if any(one.line == 0 for one in report.rejections):
        raise SystemExit(1)


def _print(report: "Report", entities: "Entities", *, people: str, dry_run: bool) -> None:
    if dry_run:
        _print_effects(report, entities)
    print_table(
        [_("read"), _("created"), _("updated"), _("unchanged"), _("rejected")],
        [(report.read, report.created, report.updated, report.unchanged, report.rejected)],
    )
    if report.rejections:
        click.echo()
        refused = [(one.file, one.line or "", one.reason) for one in report.rejections[:_TOLD]]
        print_table([_("file"), _("line"), _("rejected because")], refused)
        if report.rejected > _TOLD:
            tell(_("... {n} more: crm import --rejections {id}").format(n=report.rejected - _TOLD, id=report.batch))
    if report.proposals:
        click.echo()
        _print_proposals(report, dry_run=dry_run)
    if report.duplicates:
        told = _n(
            "{n} possible duplicate; `crm duplicates` shows it.",
            "{n} possible duplicates; `crm duplicates` shows them.",
            report.duplicates,
        )
        tell(told.format(n=report.duplicates))
    if report.met:
        told = _n("{n} person met was not made a contact.", "{n} people met were not made contacts.", report.met)
        tell(f"{told.format(n=report.met)} {_advice(people)}".rstrip())
    if dry_run:
        tell(_("Nothing was changed (dry run)."))
    else:
        tell(_("This was import {id}; `crm import --undo {id}` takes it back.").format(id=report.batch))


def _advice(people: str) -> str:
    """Return what would make contacts of those whom the rule that was chosen left out."""
    if people == "none":
        return _("They would be with --people answered or all.")
    return _("They would be with --people all.") if people == "answered" else ""


def _print_proposals(report: "Report", *, dry_run: bool) -> None:
    """Print what may be one, as `crm duplicates` does; what a dry run would create has no id yet."""
    from crmcore.cli.showing_pairs import row_of

    headings = [_("score"), _("id"), _("name"), _("evidence")]
    shown = [place for place in range(len(headings)) if not (dry_run and place == 1)]
    rows = [row_of(one) for one in report.proposals[:_TOLD]]
    print_table([headings[place] for place in shown], [[row[place] for place in shown] for row in rows])


def _print_effects(report: "Report", entities: "Entities") -> None:
    from crmcore.trails.naming import short

    rows = [
        (_(one.action), _(short(entities, one.entity)), one.name, one.source,
         "; ".join(f"{_(name)}: {old or ''} -> {new}" for name, (old, new) in one.changes.items()))
        for one in report.effects[:_TOLD]
    ]  # fmt: skip
    if rows:
        print_table([_("would be"), _("what"), _("name"), _("from"), _("changes")], rows)
        if report.created + report.updated > _TOLD:
            tell(_("... and {n} more; --json shows them.").format(n=report.created + report.updated - _TOLD))
        click.echo()


def _undo(batch: int, json_: bool) -> None:
    from crmcore.cli.session import session
    from crmcore.importing.undo import undo

    with session() as s:
        result = undo(s.app, s.actor, batch)
    if json_:
        print_json(result)
        return
    print_table([_("removed"), _("restored"), _("kept")], [(result.removed, result.restored, len(result.kept))])
    for sentence in result.kept[:_TOLD]:
        tell(sentence)


def _list(limit: int, after: int | None, json_: bool) -> None:
    from crmcore.cli.session import session
    from crmcore.importing.batches import recent

    with session() as s, s.read() as reader:
        found = recent(reader, limit, after)
    if json_:
        print_json(found)
        return
    print_table(
        [_("import"), _("at"), _("files"), _("state"), _("read"), _("created"), _("updated"), _("rejected")],
        [
            (one.id, one.at.strftime("%Y-%m-%d %H:%M"), one.command, one.state,
             *[one.counts.get(name, 0) for name in ("read", "created", "updated", "rejected")])
            for one in found
        ],
    )  # fmt: skip


def _rejections(batch: int, limit: int, after: int | None, json_: bool) -> None:
    from crmcore.cli.session import session
    from crmcore.importing.batches import get, rejections

    with session() as s, s.read() as reader:
        get(reader, batch)
        found = rejections(reader, batch, limit, after)
    if json_:
        print_json(found)
        return
    print_table([_("file"), _("line"), _("rejected because"), _("text")],
                [(one.file, one.line, one.reason, one.raw[:60]) for one in found])  # fmt: skip
