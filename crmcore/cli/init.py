"""`crm init`: create or upgrade the workspace."""

import getpass
import os
from typing import TYPE_CHECKING

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.i18n import _

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crmcore.lifecycle.upgrading import Done


@click.command()
@click.option("--region", default="", metavar="CC", help="Country of numbers written without one, such as CN or DE.")
@click.option("--zone", default="", metavar="ZONE", help="Where “today” is, such as Asia/Shanghai.")
@click.option("--check", is_flag=True, help="Try the upgrade on a copy, or in a transaction taken back, and report.")
@click.option("--without", multiple=True, metavar="PLUGIN", help="Leave it as it is, and those that require it.")
@click.option("--no-restore-point", is_flag=True, help="Upgrade without keeping a copy of the workspace first.")
@as_json
@click.pass_context
def init(
    ctx: click.Context,
    region: str,
    zone: str,
    check: bool,
    without: tuple[str, ...],
    no_restore_point: bool,
    json_: bool,
) -> None:
    """Create or upgrade the workspace; you become the administrator of a new one.

    An upgrade of the core and all enabled plugins is one step: checked first, a restore point made, carried out in
    order, verified; when anything fails the workspace is as it was. It can be repeated at any time.
    """
    from crmcore.backup.copying import restore_point
    from crmcore.engine.database import connect
    from crmcore.engine.workspace import create, guarded, recognised, shown
    from crmcore.lifecycle.upgrading import upgrade

    given = ctx.find_root().obj
    login = given["user"] or getpass.getuser()
    new = False if check else create(given["db"], login=login, region=region.upper() or _region(), zone=zone or _zone())
    engine = connect(given["db"])
    try:
        with guarded(engine) as connection:
            recognised(connection)
        if check:
            done = _rehearsed(engine, without)
        else:
            done = upgrade(engine, without=without, by=login, keep=None if no_restore_point or new else restore_point)
        _report(done, url=shown(engine), login=login, new=new, check=check, json_=json_)
    finally:
        engine.dispose()


def _rehearsed(engine: "Engine", without: tuple[str, ...]) -> "Done":
    """Try the upgrade: on a copy of a SQLite file, in a transaction that is taken back on PostgreSQL."""
    import tempfile
    from pathlib import Path

    from crmcore.backup.copying import copy, sqlite_file
    from crmcore.engine.database import connect
    from crmcore.lifecycle.upgrading import rehearse, upgrade

    file = sqlite_file(engine)
    if file is None:
        return rehearse(engine, without=without)
    with tempfile.TemporaryDirectory(prefix="crm-check-") as folder:
        trial = Path(folder) / "crm.db"
        copy(file, trial)
        copied = connect(f"sqlite:///{trial}")
        try:
            return upgrade(copied, without=without)
        finally:
            copied.dispose()


def _report(done: "Done", *, url: str, login: str, new: bool, check: bool, json_: bool) -> None:
    steps = [
        {"name": step.name, "from": step.from_, "to": step.to, "version": step.version} for step in done.plan.steps
    ]
    if json_:
        told = {"url": url, "new": new, "check": check, "upgraded": steps, "left": dict(done.plan.left)}
        print_json({**told, "restore_point": done.restore_point, "seconds": round(done.seconds, 3)})
        return
    if new:
        tell(_("A new workspace at {url}; its administrator is {login}.").format(url=url, login=login))
    elif not steps:
        tell(_("The workspace at {url} is up to date.").format(url=url))
    else:
        print_table([_("upgrade of"), _("from"), _("to")], [(one["name"], one["from"], one["to"]) for one in steps])
        if done.restore_point:
            tell(_("The workspace as it was: {path}").format(path=done.restore_point))
        said = _("The upgrade would succeed; it took {s:.1f} s and nothing was changed.") if check else _(
            "The workspace at {url} is upgraded and verified, in {s:.1f} s.")  # fmt: skip
        tell(said.format(url=url, s=done.seconds))
    for name, why in done.plan.left.items():
        tell(_("Plugin {name} is left as it is: {why}.").format(name=name, why=why))


def _region() -> str:
    """Return the country of the environment's language: zh_CN.UTF-8 says CN."""
    language = (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").split(".")[0]
    return language.partition("_")[2][:2].upper()


def _zone() -> str:
    return os.environ.get("TZ") or "UTC"
