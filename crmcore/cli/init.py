"""`crm init`: create or upgrade the workspace."""

import getpass
import os

import click

from crmcore.cli.output import tell
from crmcore.i18n import _


@click.command()
@click.option("--region", default="", metavar="CC", help="Country of numbers written without one, such as CN or DE.")
@click.option("--zone", default="", metavar="ZONE", help="Where “today” is, such as Asia/Shanghai.")
@click.pass_context
def init(ctx: click.Context, region: str, zone: str) -> None:
    """Create or upgrade the workspace; you become its administrator."""
    from crmcore.app import open_workspace
    from crmcore.engine.workspace import create, shown
    from crmcore.lifecycle.upgrading import upgrade_plugins

    given = ctx.find_root().obj
    login = given["user"] or getpass.getuser()
    new = create(given["db"], login=login, region=region.upper() or _region(), zone=zone or _zone())
    app = open_workspace(given["db"])
    try:
        failed, url = upgrade_plugins(app.engine), shown(app.engine)
    finally:
        app.close()
    if new:
        tell(_("A new workspace at {url}; its administrator is {login}.").format(url=url, login=login))
    else:
        tell(_("The workspace at {url} is up to date.").format(url=url))
    for sentence in failed:
        tell(sentence)
    ctx.exit(1 if failed else 0)


def _region() -> str:
    """Return the country of the environment's language: zh_CN.UTF-8 says CN."""
    language = (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").split(".")[0]
    return language.partition("_")[2][:2].upper()


def _zone() -> str:
    return os.environ.get("TZ") or "UTC"
