"""`crm erase`: everything known of a person goes."""

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.i18n import _


@click.command()
@click.argument("name", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Erase; without it only report what would go, what would stay, and why.")
@as_json
def erase(name: tuple[str, ...], yes: bool, json_: bool) -> None:
    """Erase a person: an id, a name, an e-mail address or a number. It cannot be undone.

    Interactions, tasks and figures are counted as before; what was said, and who it was, is gone, from the core and
    from every plugin, journal and imports included. An import does not bring the person back.
    """
    from crmcore.cli.session import session
    from crmcore.directory.moments import here
    from crmcore.erasing.run import erase as run
    from crmcore.search.naming import the_one

    with session() as s, s.write() as tx:
        party = the_one(tx, " ".join(name), region=here(tx).region)
        report = run(tx, party.entity, party.id, certain=yes)
    if json_:
        print_json(report)
    else:
        print_table(
            [_("from"), _("what"), _("how many"), _("becomes"), _("why")],
            [(one.plugin, one.what, one.count or "", _(one.fate), one.why) for one in report.lines],
        )
    if not report.done:
        tell(_("Nothing was changed. `crm erase {id} --yes` erases {name}.").format(id=party.id, name=party.name))
