"""`crm doctor`: the workspace's health."""

import click

from crmcore.cli.output import as_json, print_json, print_table
from crmcore.i18n import _


@click.command()
@as_json
@click.pass_context
def doctor(ctx: click.Context, json_: bool) -> None:
    """Check the database, the search index, owners and plugins; exit code 1 when something is wrong."""
    from crmcore.cli.session import session
    from crmcore.directory.health import Check, checks
    from crmcore.errors import WorkspaceError

    try:
        with session() as s, s.app.engine.connect() as connection:
            found = checks(connection, s.app.dispatcher.failures)
    except WorkspaceError as error:
        found = [Check(name=_("workspace"), ok=False, found=str(error))]
    well = all(one.ok for one in found)
    if json_:
        print_json({"ok": well, "checks": found})
    else:
        print_table(["", _("check"), _("found")], [(_("ok") if c.ok else _("WRONG"), c.name, c.found) for c in found])
    ctx.exit(0 if well else 1)
