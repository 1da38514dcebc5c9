"""`crm sales handover`: a rep leaves, and nothing is left behind."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader
    from crmcore_sales.accounts.handing import Handed, Share


@click.command()
@click.argument("login")
@click.option(
    "--to", "successors", multiple=True, required=True, metavar="LOGIN", help="A successor; may be given several times."
)
@click.option(
    "--give", multiple=True, metavar="CUSTOMER=LOGIN", help="Whom an account goes to; the rest in equal parts."
)
@click.option(
    "--briefs", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
    help="Write a brief of each account there.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only show who would get which account.")
@as_json
def handover(
    login: str, successors: tuple[str, ...], give: tuple[str, ...], briefs: Path | None, dry_run: bool, json_: bool
) -> None:
    """Let a rep go, and hand over the accounts, with the deals, promises and notes on them, to named successors.

    All in one transaction: the rep is deactivated, and everything under way has a new owner, or nothing happened.
    """
    from crmcore.api import here, print_json, session
    from crmcore_sales.accounts import briefs as files
    from crmcore_sales.accounts.handing import hand_over, split, with_briefs

    with session() as s:
        with s.read() as reader:
            shares = split(reader, login, successors, _given(reader, give))
            if dry_run:
                _print_shares(shares, json_=json_)
                return
            written: dict[int, str] = {}
            if briefs is not None:
                now = reader.now.astimezone(here(reader).zone)
                written = files.write(s.app, reader, shares, login, briefs, now)
        try:
            with s.write() as tx:
                done = hand_over(tx, login, successors, with_briefs(shares, written))
        except BaseException:
            if briefs is not None:
                files.remove(briefs, written)
            raise
    if json_:
        print_json(done)
    else:
        _tell(done, briefs)


def _given(reader: "Reader", give: tuple[str, ...]) -> dict[int, str]:
    from crmcore.api import InvalidInput, party_id, tables

    given = {}
    for each in give:
        customer, equals, login = each.rpartition("=")
        if not equals:
            raise InvalidInput(_("--give: write CUSTOMER=LOGIN, not “{text}”.").format(text=each))
        given[party_id(reader, tables.customer, customer)] = login
    return given


def _print_shares(shares: "list[Share]", *, json_: bool) -> None:
    from crmcore.api import print_json, print_table

    if json_:
        print_json(shares)
        return
    print_table(
        [_("account"), _("to"), _("deals"), _("promises"), _("notes")],
        [(one.name, one.successor, one.deals, one.promises, one.notes) for one in shares],
    )


def _tell(done: "Handed", briefs: Path | None) -> None:
    from crmcore.api import print_table, tell

    tell(_("{login} is deactivated.").format(login=done.login))
    names = list(done.shares)
    print_table(
        [_("handed over"), *names, _("together")],
        [
            (_(kind), *(done.shares[each].get(kind, 0) for each in names), number)
            for kind, number in done.owned.items()
        ],
    )  # fmt: skip
    tell(_("{n} notes stay with their accounts; {orphans} records are left behind.").format(
        n=done.notes, orphans=done.orphans
    ))  # fmt: skip
    if done.unseen:
        tell(_("{n} accounts are private; only {login} sees them now.").format(n=done.unseen, login=names[0]))
    if briefs is not None:
        tell(_("{n} briefs are in {folder}.").format(n=len(done.accounts), folder=briefs))
