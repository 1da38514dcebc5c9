"""`crm sales agent`: users who work for a partner and follow deals with our own people."""

import click

from crmcore.command import RECORD_ID, as_json
from crmcore_sales.i18n import _


@click.group()
def agent() -> None:
    """Let users work for a partner: each sees and moves the deals given to them, and no others.

    Give them a role that reads and writes its own (`read = "own"`, `write = "own"`) with `crm config apply`.
    """


@agent.command("list")
@as_json
def list_(json_: bool) -> None:
    """List the agents: for which partner each works, and how many deals each follows."""
    from crmcore.api import print_json, print_table, session
    from crmcore_sales.accounts.agents import agents

    with session() as s, s.read() as reader:
        found = agents(reader)
    if json_:
        print_json(found)
        return
    print_table(
        [_("login"), _("partner"), _("role"), _("open"), _("won"), _("lost")],
        [(one.login, one.partner, one.role, one.open, one.won, one.lost) for one in found],
    )


@agent.command()
@click.argument("login")
@click.argument("partner")
@as_json
def appoint(login: str, partner: str, json_: bool) -> None:
    """Let a user work for a partner."""
    from crmcore.api import owner_named, party_id, print_json, session, tables, tell
    from crmcore_sales.accounts import agents

    with session() as s, s.write() as tx:
        made = agents.appoint(tx, owner_named(tx, login), party_id(tx, tables.customer, partner))
        limited = agents.is_limited(s.app.assembly.scope(agents.role_of(tx, made.user_id)))
    if not limited:
        tell(_("{login} sees more than the own deals: the role reads others' too.").format(login=login))
    if json_:
        print_json(made)


@agent.command()
@click.argument("login")
@click.argument("deals", nargs=-1, required=True, type=RECORD_ID, metavar="DEAL...")
@as_json
def assign(login: str, deals: tuple[int, ...], json_: bool) -> None:
    """Give deals to an agent, who follows them beside their owners."""
    from crmcore.api import owner_named, print_json, session, tell
    from crmcore_sales.accounts import agents

    with session() as s, s.write() as tx:
        agents.assign(tx, owner_named(tx, login), deals)
    if json_:
        print_json({"login": login, "deals": deals})
    else:
        tell(_("{login} follows {n} deals more.").format(login=login, n=len(deals)))
