"""`crm backup` and `crm restore`: the whole workspace in one file, and back."""

import getpass
from pathlib import Path

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.i18n import _


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@as_json
def backup(file: Path, force: bool, json_: bool) -> None:
    """Save the whole workspace in FILE: all records, the journal, plugins' tables, everybody's private contacts.

    It is saved as it is at one moment, while others go on writing. For administrators.
    """
    from crmcore.backup.save import save
    from crmcore.cli.progress import progress
    from crmcore.cli.session import session

    with session() as s, s.app.engine.connect() as connection, progress(_("saving")) as show:
        manifest = save(connection, file, s.actor, force=force, show=show)
    _print(manifest.counts, file, json_)
    tell(_("Saved {n} rows in {file} ({size:,} bytes).").format(
        n=sum(manifest.counts.values()), file=file, size=file.stat().st_size))  # fmt: skip


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", metavar="URL", help="The database to restore to; default: the workspace of --db.")
@click.option("--force", is_flag=True, help="Replace all that is in the workspace there.")
@as_json
@click.pass_context
def restore(ctx: click.Context, file: Path, into: str | None, force: bool, json_: bool) -> None:
    """Bring the workspace saved in FILE back, into SQLite or PostgreSQL, whichever it came from.

    The file is checked as a whole first; then everything is restored, or nothing. For administrators of the workspace
    that is replaced; a database that is empty, or not there yet, becomes a workspace.
    """
    from crmcore.backup.check import check
    from crmcore.backup.load import load
    from crmcore.backup.target import target
    from crmcore.cli.progress import progress
    from crmcore.engine.migrate import CORE_HEAD

    given = ctx.find_root().obj
    manifest = check(file)
    login = given["user"] or getpass.getuser()
    with (
        target(into or given["db"], login, force=force, revision=manifest.revision) as engine,
        progress(_("restoring")) as show,
    ):
        counts = load(engine, file, manifest, show=show)
        url = engine.url.render_as_string(hide_password=False)
    if manifest.revision == CORE_HEAD and manifest.plugins:
        _make_searchable(url)
    _print(counts, file, json_)
    tell(_("Restored {n} rows, as saved on {at}.").format(n=sum(counts.values()), at=manifest.made_at))
    if manifest.revision != CORE_HEAD:
        tell(
            _("The workspace is of an older version ({found}); `crm init` upgrades it.").format(found=manifest.revision)
        )


def _make_searchable(url: str) -> None:
    """Let search find the records of plugins: what of them is searched, only they can tell."""
    from crmcore.app import App
    from crmcore.search.index import complete

    app = App(url)
    with app.transaction(cause="crm backup restore") as tx:
        tx.begin()
        complete(tx.connection, tx.entities.of_plugins)
    app.close()


def _print(counts: dict[str, int], file: Path, json_: bool) -> None:
    if json_:
        print_json({"file": str(file), "rows": sum(counts.values()), "tables": counts})
        return
    print_table([_("table"), _("rows")], [(table, count) for table, count in counts.items() if count])
