"""`crm sales recommend`: which rep to trust with a deal."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore.reports.report import Report
    from crmcore_sales.coaching.recommending import Candidate
    from crmcore_sales.pipeline.similar import Likeness


@click.group()
def recommend() -> None:
    """Show which reps suit a deal and why, give it to one, and see what became of it."""


@recommend.command()
@click.argument("deal", metavar="ID|TITLE")
@as_json
@out_option
def show(deal: str, json_: bool, out: Path | None) -> None:
    """Rank the reps for a deal: by what they won of similar deals, and how much they have on their hands."""
    from crmcore.api import session
    from crmcore.reports.showing import present
    from crmcore_sales.coaching.recommending import candidates
    from crmcore_sales.pipeline.finding import opportunity_id

    with session() as s, s.read() as reader:
        likeness, ranked = candidates(reader, opportunity_id(reader, deal))
    present(_ranking(deal, likeness, ranked), json_=json_, out=out)


@recommend.command()
@click.argument("deal", metavar="ID|TITLE")
@click.argument("rep", metavar="LOGIN")
@click.option("--because", default="", help="Why, when it is another than the one recommended.")
@as_json
def choose(deal: str, rep: str, because: str, json_: bool) -> None:
    """Give a deal to a rep; another than the one recommended needs a reason, which is kept."""
    from crmcore.api import print_json, session, tell
    from crmcore_sales.coaching.decisions import decisions
    from crmcore_sales.coaching.recommending import candidates, choose
    from crmcore_sales.pipeline.finding import opportunity_id

    with session() as s:
        with s.write() as tx:
            key = opportunity_id(tx, deal)
            added = choose(tx, key, candidates(tx, key)[1], rep, because)
        with s.read() as reader:
            view = decisions(reader, limit=1, after=added.id - 1)[0]
    if json_:
        print_json(view)
        return
    tell(_("{deal} is {rep}'s now.").format(deal=view.deal, rep=view.chosen))
    if view.override:
        tell(_("{rep} was recommended; kept why it is another: {why}").format(rep=view.recommended, why=view.reason))


@recommend.command("list")
@click.option("--deal", metavar="ID|TITLE", help="Only of this deal.")
@paged
@as_json
def list_(deal: str | None, limit: int, after: int | None, json_: bool) -> None:
    """List what was decided on recommendations, why, and how the deals ended."""
    from crmcore.api import print_json, print_table, session
    from crmcore_sales.coaching.decisions import decisions, outcomes
    from crmcore_sales.pipeline.finding import opportunity_id

    with session() as s, s.read() as reader:
        deal_id = opportunity_id(reader, deal) if deal else None
        found = decisions(reader, deal_id=deal_id, limit=limit, after=after)
    if json_:
        print_json({"decisions": found, "outcomes": outcomes(found)})
        return
    print_table(
        [_("id"), _("deal"), _("recommended"), _("chosen"), _("because"), _("by"), _("result")],
        [(one.id, one.deal, one.recommended, one.chosen, one.reason, one.decided_by, _(one.result)) for one in found],
    )
    for one in outcomes(found):
        if one.decided:
            said = (
                _("Overridden: {won} of {closed} closed were won.")
                if one.override
                else _("As recommended: {won} of {closed} closed were won.")
            )
            click.echo(said.format(won=one.won, closed=one.closed))


def _ranking(deal: str, likeness: "Likeness", ranked: "list[Candidate]") -> "Report":
    from decimal import Decimal

    from crmcore.reports.report import Column, Report
    from crmcore_sales.coaching.recommending import ROOM

    return Report(
        title=_("Who suits {deal}").format(deal=deal),
        columns=(Column(_("rep")), Column(_("score"), number=True), Column(_("why"))),
        rows=[(one.rep, f"{one.score:.2f}", one.reason) for one in ranked],
        bars=[(one.rep, Decimal(f"{one.score:.2f}")) for one in ranked],
        notes=(
            likeness.said(),
            _("score: the share won, drawn towards the team's; less for more than {room} open deals").format(room=ROOM),
        ),
        data={
            "deal_id": likeness.deal_id,
            "similar": likeness,
            "ranked": [
                {"rep": one.rep, "score": round(one.score, 4), "won": one.won, "closed": one.closed, "load": one.load}
                | {"reason": one.reason}
                for one in ranked
            ],
        },
    )
