"""`crm marketing score`: who is likely to buy, and by what that is seen."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present

if TYPE_CHECKING:
    from crmcore.reports.report import Report

_MODEL = click.option("--model", default="", metavar="NAME", help="Default: the one that marketing.score tells.")


@click.group()
def score() -> None:
    """Score people by visible factors, each with its points, and see how good the score is."""


@score.command()
@click.argument("name", required=False, default="buyers")
@click.option(
    "--target",
    default="bought",
    show_default=True,
    metavar="bought|accepted|CONDITION",
    help="Who is looked for: who bought since, whose lead sales accepted, or whom a condition chooses.",
)
@click.option("--since", metavar="DAY", help="What was known then, and who bought since; default: 182 days ago.")
@click.option("--among", default="", metavar="CONDITION", help="Only these people, as audiences choose them.")
@click.option("--factor", "names", multiple=True, metavar="NAME", help="Also by a field or trait: customer.kind.")
@click.option("--only-these", is_flag=True, help="By these alone, not by what marketing knows itself.")
@click.option("--use/--keep", "active", default=False, help="Whether marketing.score tells this one from now on.")
@as_json
def train(
    name: str,
    target: str,
    since: str | None,
    among: str,
    names: tuple[str, ...],
    only_these: bool,
    active: bool,
    json_: bool,
) -> None:
    """Learn a score from one half of the people, measure it on the other half, and score everybody.

    Rejections by sales count as well: trained anew, a score has learned from them. The worker does so each night.
    """
    from crmcore.api import day_said, here, session
    from crmcore_marketing.scoring.scores import must_be_name, write
    from crmcore_marketing.scoring.training import Wanted, keep, train

    with session() as s:
        with s.write() as tx:
            place = here(tx)
            wanted = Wanted(
                target=target.strip() or "bought",
                among=among,
                names=tuple(dict.fromkeys(names)),
                own=not only_these,
                since=day_said("--since", since, place.today) if since else None,
            )
            found = train(tx, wanted, place.zone)
            record = keep(tx, must_be_name(name), wanted, found, active=active)
            tx.flush()
            write(tx, record)
        with s.read() as reader:
            told = _lift(reader, record.name)
    present(told, json_=json_)


@score.command()
@_MODEL
@as_json
@out_option
def lift(model: str, json_: bool, out: Path | None) -> None:
    """Show how good a score is: how many of those looked for are among the best tenth, the next, ...

    It is measured on the half of the people that it was not learned from.
    """
    from crmcore.api import session

    with session() as s, s.read() as reader:
        told = _lift(reader, model)
    present(told, json_=json_, out=out)


@score.command()
@_MODEL
@as_json
@out_option
def card(model: str, json_: bool, out: Path | None) -> None:
    """Show a score's factors, and the points of each."""
    from crmcore.api import session
    from crmcore_marketing.scoring.scores import model_named
    from crmcore_marketing.scoring.telling import card_report

    with session() as s, s.read() as reader:
        told = card_report(model_named(reader, model))
    present(told, json_=json_, out=out)


@score.command("list")
@_MODEL
@paged
@as_json
@out_option
def list_(model: str, limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List people, those most likely to buy first, with what speaks most for each."""
    from crmcore.api import session
    from crmcore_marketing.scoring.scores import model_named, page
    from crmcore_marketing.scoring.telling import list_report

    with session() as s, s.read() as reader:
        record = model_named(reader, model)
        found = page(reader, record, limit=limit, after=after)
        told = list_report(record, found)
    present(told, json_=json_, out=out)


@score.command()
@click.argument("contact", metavar="CONTACT")
@_MODEL
@as_json
@out_option
def show(contact: str, model: str, json_: bool, out: Path | None) -> None:
    """Show somebody's score, and all that it is made of."""
    from crmcore.api import party_id, session, tables
    from crmcore_marketing.scoring.scores import model_named, one
    from crmcore_marketing.scoring.telling import person_report

    with session() as s, s.read() as reader:
        record = model_named(reader, model)
        found = one(reader, record, party_id(reader, tables.contact, contact))
        told = person_report(record, found)
    present(told, json_=json_, out=out)


@score.command()
@as_json
def models(json_: bool) -> None:
    """List the scores there are."""
    from crmcore.api import session
    from crmcore_marketing.scoring.scores import models as found_in
    from crmcore_marketing.scoring.telling import models_report

    with session() as s, s.read() as reader:
        found = found_in(reader)
    present(models_report(found), json_=json_)


def _lift(reader: Any, model: str) -> "Report":
    from crmcore_marketing.scoring.scores import model_named
    from crmcore_marketing.scoring.telling import lift_report

    return lift_report(model_named(reader, model))
