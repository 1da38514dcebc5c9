"""`merge` and `unmerge`, commands of both `crm contact` and `crm customer`."""

from typing import TYPE_CHECKING, cast

import click

from crmcore.cli.output import as_json, print_json
from crmcore.command import RECORD_ID
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.review.load import Kind


def _kind() -> "Kind":
    """Return the kind of record the group is about: its name."""
    parent = click.get_current_context().parent
    return cast("Kind", parent.command.name if parent is not None else "")


@click.command("merge")
@click.argument("winner_said", metavar="WINNER")
@click.argument("loser_said", metavar="LOSER")
@as_json
def merge(winner_said: str, loser_said: str, json_: bool) -> None:
    """Merge LOSER into WINNER: everything of LOSER moves, nothing is lost, `unmerge` takes it back.

    Both are named by id, name or e-mail address.
    """
    from crmcore.cli.party_options import id_said
    from crmcore.cli.session import session
    from crmcore.directory.finding import party_id
    from crmcore.review.load import PARTIES
    from crmcore.review.merge import merge as merge_records
    from crmcore.review.undo import summary

    with session() as s:
        with s.write() as tx:
            winner, loser = (
                id_said(said) or party_id(tx, PARTIES[_kind()], said) for said in (winner_said, loser_said)
            )
            merge_id = merge_records(tx, _kind(), winner, loser, cause="command")
        with s.read() as reader:
            done = summary(reader, merge_id)
    if json_:
        print_json(done)
        return
    click.echo(
        _("{loser} is merged into {winner}: {rows} rows moved, {kept} equal ones kept aside; filled: {filled}.").format(
            loser=loser,
            winner=winner,
            rows=sum(done.moved.values()),
            kept=sum(done.kept.values()),
            filled=", ".join(done.filled) or "-",
        )
    )
    click.echo(_("Take it back with: crm {kind} unmerge {merge}").format(kind=_kind(), merge=merge_id))


@click.command("unmerge")
@click.argument("id_", type=RECORD_ID, metavar="ID")
@as_json
def unmerge(id_: int, json_: bool) -> None:
    """Take a merge back; ID is that of the merge, or of a record that was merged into another."""
    from crmcore.cli.session import session
    from crmcore.review.merge import unmerge as take_back
    from crmcore.review.undo import find_merge

    with session() as s, s.write() as tx:
        merge_id = find_merge(tx, _kind(), id_)
        winner, loser = take_back(tx, merge_id)
    if json_:
        print_json({"merge": merge_id, "winner": winner, "loser": loser})
        return
    click.echo(
        _("Merge {merge} is taken back: {loser} is a {kind} of its own again, beside {winner}.").format(
            merge=merge_id, loser=loser, kind=_(_kind()), winner=winner
        )
    )
