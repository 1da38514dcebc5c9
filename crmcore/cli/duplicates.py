"""`crm duplicates`: records that may be the same, with evidence; judged one by one or, where certain, merged."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.command import RECORD_ID
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.cli.session import Session
    from crmcore.review.load import Kind
    from crmcore.review.queue import Proposal

F = TypeVar("F", bound=Callable[..., Any])

MOST = 10_000
"""How many pairs one call lists at most; `--after` goes on."""

_kind_option = click.option(
    "--kind", type=click.Choice(["contact", "customer", "all"]), default="all", show_default=True, help="Of which kind."
)
_score_option = click.option(
    "--min-score", type=click.FloatRange(0, 1), default=0.0, help="Only pairs with this probability or more."
)
_scan_option = click.option(
    "--scan/--no-scan", default=True, help="Compare all records first, or list what is in the queue."
)


def _kinds(kind: str) -> "tuple[Kind, ...]":
    from crmcore.review.load import KINDS

    return KINDS if kind == "all" else (cast("Kind", kind),)


def _scan(s: "Session", kind: str) -> None:
    from crmcore.review.proposals import propose

    for one in _kinds(kind):
        with s.write() as tx:
            propose(tx, one)


@click.group(invoke_without_command=True)
@_kind_option
@_score_option
@_scan_option
@click.option("--limit", type=click.IntRange(1, MOST), help="How many at most; default 50, with --json 10000.")
@click.option("--after", default="", metavar="A:B", help="Go on after this pair (the last one shown).")
@as_json
@click.pass_context
def duplicates(
    ctx: click.Context, kind: str, min_score: float, scan: bool, limit: int | None, after: str, json_: bool
) -> None:
    """List pairs of records that may be the same, best first, with the evidence; nothing is merged."""
    if ctx.invoked_subcommand is not None:
        return
    from crmcore.cli.session import session
    from crmcore.cli.showing_pairs import row_of
    from crmcore.review.queue import proposals

    size = limit or (MOST if json_ else 50)
    with session() as s:
        if scan:
            _scan(s, kind)
        with s.read() as reader:
            found = proposals(reader, _kinds(kind), limit=size, after=after, least=min_score)
    if json_:
        print_json(found)
    elif not found:
        click.echo(_("No duplicates are proposed."))
    else:
        print_table([_("score"), _("id"), _("name"), _("evidence")], [row_of(one) for one in found])
    if len(found) == size:
        tell(_("There may be more: --no-scan --after {cursor}").format(cursor=found[-1].cursor))


@duplicates.command("show")
@click.argument("a", type=RECORD_ID)
@click.argument("b", type=RECORD_ID)
@as_json
def show(a: int, b: int, json_: bool) -> None:
    """Show two records side by side, with what speaks for and against their being one."""
    from crmcore.cli.session import session
    from crmcore.cli.showing_pairs import print_pair
    from crmcore.review.load import two
    from crmcore.review.queue import one

    with session() as s, s.read() as reader:
        pair = one(reader, a, b)
        records = two(reader, pair.a, pair.b)
    if json_:
        print_json({"pair": pair, "records": records})
        return
    print_pair(pair, records)


@duplicates.command("distinct")
@click.argument("a", type=RECORD_ID)
@click.argument("b", type=RECORD_ID)
@as_json
def distinct(a: int, b: int, json_: bool) -> None:
    """Note that A and B are two: the pair is never proposed again."""
    from crmcore.cli.session import session
    from crmcore.review.queue import judge_distinct

    with session() as s, s.write() as tx:
        pair = judge_distinct(tx, a, b)
    if json_:
        print_json(pair)
        return
    click.echo(_("{a} and {b} are two; the pair is not proposed again.").format(a=pair.a, b=pair.b))


@duplicates.command("merge")
@click.option("--certain", is_flag=True, required=True, help="Needed: merges without asking what is certain.")
@click.option("--dry-run", is_flag=True, help="Only say what would be merged.")
@_kind_option
@_scan_option
@as_json
def merge(certain: bool, dry_run: bool, kind: str, scan: bool, json_: bool) -> None:
    """Merge all that is certain, over groups too; each merge can be taken back by `unmerge`."""
    from attrs import asdict

    from crmcore.cli.session import session
    from crmcore.errors import CrmError
    from crmcore.review.certain import merge_group, plan

    if not certain:
        raise click.UsageError(_("Only what is certain is merged without asking: say --certain."))
    merged: list[dict[str, int]] = []
    refused: list[dict[str, Any]] = []
    with session() as s:
        if scan:
            _scan(s, kind)
        with s.read() as reader:
            plans = [plan(reader, one) for one in _kinds(kind)]
        groups = [group for one in plans for group in one.groups]
        for group in () if dry_run else groups:
            try:
                with s.write() as tx:
                    ids = merge_group(tx, group)
            except CrmError as error:
                refused.append({**asdict(group), "reason": str(error)})
                continue
            losers = zip(ids, group.losers, strict=True)
            merged += [{"merge": each, "winner": group.winner, "loser": loser} for each, loser in losers]
    left = [ids for one in plans for ids in one.left]
    if json_:
        print_json({"dry_run": dry_run, "groups": groups, "merged": merged, "left": left, "refused": refused})
        return
    for each in refused:
        tell(_("{winner}: {reason}").format(**each))
    rows = [
        (_("groups that are certain"), len(groups)),
        (_("records in them to be merged into another"), sum(len(group.losers) for group in groups)),
        (_("records merged"), len(merged)),
        (_("groups refused"), len(refused)),
        (_("groups left for review: two of them were judged distinct"), len(left)),
    ]
    print_table([_("what"), _("number")], rows)


@duplicates.command("review")
@_kind_option
@_score_option
@_scan_option
def review(kind: str, min_score: float, scan: bool) -> None:
    """Go through the pairs one by one: merge, distinct, skip or quit."""
    from crmcore.cli.session import session
    from crmcore.review.queue import proposals

    done = {"m": 0, "d": 0, "s": 0}
    cursor = ""
    with session() as s:
        if scan:
            _scan(s, kind)
        while True:
            with s.read() as reader:
                found = proposals(reader, _kinds(kind), limit=1, after=cursor, least=min_score)
            answer = _ask(s, found[0]) if found else "q"
            if answer == "q":
                break
            done[answer] += 1
            cursor = found[0].cursor
    click.echo(_("{m} merged, {d} distinct, {s} skipped.").format(**done))


def _ask(s: "Session", pair: "Proposal") -> str:
    """Show a pair, ask, and do what is answered; return the letter of what was done."""
    from crmcore.cli.showing_pairs import print_pair
    from crmcore.errors import CrmError
    from crmcore.review.certain import best
    from crmcore.review.load import two
    from crmcore.review.merge import merge as merge_records
    from crmcore.review.queue import judge_distinct

    with s.read() as reader:
        records = two(reader, pair.a, pair.b)
    winner = best(records)
    loser = pair.b if winner == pair.a else pair.a
    print_pair(pair, records)
    question = _("m merge {loser} into {winner}, d distinct, s skip, q quit: ").format(loser=loser, winner=winner)
    while (answer := _answer(question)) not in ("m", "d", "s", "q"):
        tell(_("Answer m, d, s or q."))
    try:
        if answer == "m":
            with s.write() as tx:
                merge_id = merge_records(tx, pair.kind, winner, loser, cause="review")
            click.echo(_("Merged ({merge}).").format(merge=merge_id))
        elif answer == "d":
            with s.write() as tx:
                judge_distinct(tx, pair.a, pair.b)
    except CrmError as error:
        tell(str(error))
        return "s"
    return answer


def _answer(question: str) -> str:
    """Return the next line of standard input; its end means quit."""
    click.echo(question, nl=False)
    line = sys.stdin.readline()
    return line.strip().lower() if line else "q"
