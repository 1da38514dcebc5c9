"""`crm demo`: a workspace from bundled data, and the main job on it, by the commands a user types."""

import getpass
import os
import shutil
import sys
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.demo.story import Chapter, Command, Pair

DATABASE = "sqlite:///crm.db"


@click.command()
@click.option("--into", type=click.Path(path_type=Path), metavar="FOLDER", help="Build it in this new folder.")
@click.option("--keep", is_flag=True, help="Keep the workspace; one in a folder you name is kept anyway.")
@click.option("--pause", is_flag=True, help="Wait for the Enter key before each chapter.")
@click.pass_context
def demo(ctx: click.Context, into: Path | None, keep: bool, pause: bool) -> None:
    """Build a workspace from bundled data and walk through the main job.

    The data is that of a small Chinese-English trading company, and invented. Your own workspace is not touched.
    """
    from crmcore.errors import InvalidInput

    if into is not None and into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise InvalidInput(_("{folder} is there already and not empty; name a new folder.").format(folder=into))
    if into is None:
        folder = Path(tempfile.mkdtemp(prefix="crm-demo-"))
    else:
        folder = into.resolve()
        folder.mkdir(parents=True, exist_ok=True)
    kept = keep or into is not None
    me = ctx.find_root().obj["user"] or getpass.getuser()
    try:
        with chdir(folder):
            _tell_story(me, pause=pause)
        _print_next(folder, kept=kept)
    finally:
        if not kept:
            shutil.rmtree(folder)


def _tell_story(me: str, *, pause: bool) -> None:
    from crmcore.demo import growing
    from crmcore.demo.files import CALLS, write_files
    from crmcore.demo.story import ZONE, chapters
    from crmcore.engine import clock
    from crmcore.plugins.discovery import installed

    today = clock.now().astimezone(ZoneInfo(ZONE)).date()
    names = [path.name for path in write_files(Path(), today)]
    click.echo(_("Huaxin Trading 华信贸易 buys and sells valves. Its files: {files}.").format(files=", ".join(names)))
    told = [*chapters(me)]
    if {one.name for one in installed()}.issuperset(growing.PLUGINS):
        write_files(Path(), today, CALLS)
        told += growing.chapters(today.year)
    for number, chapter in enumerate(told, 1):
        if pause:
            click.pause(_("Enter goes on ..."))
        _tell(number, chapter, me)


def _tell(number: int, chapter: "Chapter", me: str) -> None:
    click.echo()
    click.secho(f"{number}. {chapter.title}", bold=True)
    if chapter.remark:
        _say(chapter.remark)
    for command in chapter.commands:
        _run(command, me)


def _say(text: str) -> None:
    """Print prose, in lines no wider than the terminal."""
    from rich.console import Console
    from rich.text import Text

    Console(file=sys.stdout, highlight=False).print(Text(text))


def _run(command: "Command", me: str) -> None:
    """Print a command line and run it, as if it had been typed here."""
    from crmcore.cli.root import crm

    a, b = _ids(command.pair, me) if command.pair else (0, 0)
    args = [arg.format(a=a, b=b) for arg in command.args]
    typed = ["crm", *(["--user", command.user] if command.user else []), *args]
    click.echo()
    click.secho("$ " + " ".join(_quoted(arg) for arg in typed), fg="cyan")
    sys.stdout.flush()  # what is told on standard error comes after it
    crm.main(["--db", DATABASE, "--user", command.user or me, *args], prog_name="crm", standalone_mode=False)
    sys.stdout.flush()


def _quoted(arg: str) -> str:
    return f'"{arg}"' if " " in arg else arg


def _ids(pair: "Pair", me: str) -> tuple[int, int]:
    """Return the ids of two records a command names by id."""
    from crmcore.app import open_workspace
    from crmcore.directory.finding import party_id
    from crmcore.engine.tables import contact, customer

    table = customer if pair.kind == "customer" else contact
    app = open_workspace(DATABASE)
    try:
        with app.read(app.actor(me)) as reader:
            return party_id(reader, table, pair.a), party_id(reader, table, pair.b)
    finally:
        app.close()


def _print_next(folder: Path, *, kept: bool) -> None:
    click.echo()
    click.secho(_("What to try next"), bold=True)
    if not kept:
        click.echo(_("This workspace is gone now; `crm demo --into demo` builds one that stays."))
        where = "demo"
    else:
        where = os.path.relpath(folder)
        where = str(folder) if where.startswith("..") else where
    if os.environ.get("CRM_DATABASE_URL"):
        click.echo(_("Your environment names another workspace: type `unset CRM_DATABASE_URL` first."))
    tries = (
        (f"cd {where}", ""),
        ("crm brief Thames", _("another customer")),
        ("crm log ...", _("what you did today, in a line")),
        ("crm import ~/contacts.vcf", _("your own address book; look first with --dry-run")),
        ('crm contact show "Li Wei"', _("where each value came from")),
        ("crm --help", _("all commands; each explains itself with --help")),
    )
    for typed, what in tries:
        click.echo(f"  {typed:<27}{what}".rstrip())
