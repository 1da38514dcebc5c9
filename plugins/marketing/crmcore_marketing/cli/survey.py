"""`crm marketing survey`: what people think, in figures and in their own words."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from crmcore.reports.report import Report
    from crmcore_marketing.surveys.reading import Feeling, Results

_FEELINGS = ("positive", "neutral", "negative")


@click.group()
def survey() -> None:
    """Ask people what they think, take their answers, and see what came of it; named by name or id."""


@survey.command()
@click.argument("name")
@click.option("--campaign", default="", metavar="CAMPAIGN", help="The campaign it belongs to.")
@click.option("--material", default="", metavar="CODE", help="The material it asks about.")
@click.option(
    "--question", "questions", multiple=True, metavar="TEXT", help="What is asked; may be given several times."
)
@click.option("--note", default="")
@as_json
def add(name: str, campaign: str, material: str, questions: tuple[str, ...], note: str, json_: bool) -> None:
    """Add a survey."""
    from crmcore.api import print_json, session, tell
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.materials.finding import material_named
    from crmcore_marketing.surveys.keeping import add_survey
    from crmcore_marketing.surveys.reading import surveys

    with session() as s, s.write() as tx:
        fields: dict[str, Any] = {
            "campaign_id": campaign_named(tx, campaign) if campaign else None,
            "material_id": material_named(tx, material).id if material else None,
            "questions": [{"key": f"q{n}", "text": text} for n, text in enumerate(questions, 1)],
            "note": note,
        }
        made = add_survey(tx, name, fields)
        tx.flush()
        (found,) = surveys(tx, limit=1, key=made.id)
    if json_:
        print_json(found)
    else:
        tell(_("Added survey {id}: {name}").format(id=found.id, name=found.name))


@survey.command("list")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List surveys, each with how many answers it has."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_marketing.surveys.reading import surveys

    with session() as s, s.read() as reader:
        found = surveys(reader, limit=limit, after=after)
    told = Report(
        title=_("Surveys"),
        columns=[
            Column(_("id"), number=True), Column(_("name")), Column(_("material")), Column(_("answers"), number=True),
            Column(_("people"), number=True),
        ],
        rows=[(one.id, one.name, one.material, one.answers, one.people) for one in found],
        data=found,
    )  # fmt: skip
    present(told, json_=json_, out=out)


@survey.command()
@click.argument("survey_", metavar="SURVEY")
@click.option("--sentiment", "feeling", type=click.Choice(_FEELINGS), default=None, help="Only such verbatims.")
@paged
@as_json
@out_option
def show(survey_: str, feeling: str | None, limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """Show what came of a survey: how many answered, how they feel, by product, and what they said."""
    from crmcore.api import session
    from crmcore_marketing.surveys.keeping import survey_named
    from crmcore_marketing.surveys.reading import results

    with session() as s, s.read() as reader:
        found = results(reader, survey_named(reader, survey_), limit=limit, after=after, feeling=feeling or "")
    if json_ or out is not None:
        present(_figures(found), json_=json_, out=out)
        return
    present(_figures(found))
    if found.verbatims:
        present(_said(found))


@survey.command()
@click.argument("survey_", metavar="SURVEY")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def take(survey_: str, file: Path, json_: bool) -> None:
    """Take the answers of a table (CSV, XLSX): contact, product, score or sentiment, verbatim, date; each once."""
    from crmcore.api import InvalidInput, Rejection, Source, print_json, session, table_rows, tell
    from crmcore_marketing.surveys.keeping import Taken, said_in, survey_named, take

    unread: list[Rejection] = []
    answers = []
    for row in table_rows(Source(path=file)):
        if isinstance(row, Rejection):
            unread.append(row)
            continue
        try:
            answers.append(said_in(row))
        except InvalidInput as error:
            unread.append(Rejection(line=row.line, reason=str(error), raw=" | ".join(row.cells.values())))
    with session() as s, s.write() as tx:
        done = take(tx, survey_named(tx, survey_), answers, source=file.name)
    rejected = sorted((*unread, *done.rejected), key=lambda one: one.line)
    told = Taken(
        read=done.read + len(unread), taken=done.taken, known=done.known, unjudged=done.unjudged, rejected=rejected
    )
    if json_:
        print_json(told)
        return
    for each in rejected:
        tell(_("{file}, line {line}: {reason}").format(file=file, line=each.line, reason=each.reason))
    click.echo(
        _("Read {read}: taken {taken}, known already {known}, rejected {rejected}; {unjudged} tell no feeling.").format(
            read=told.read, taken=told.taken, known=told.known, rejected=len(rejected), unjudged=told.unjudged
        )
    )


@survey.command()
@click.argument("sentiment", type=click.Choice(_FEELINGS))
@click.argument("answers", nargs=-1, required=True, type=RECORD_ID, metavar="ANSWER...")
def judge(sentiment: str, answers: tuple[int, ...]) -> None:
    """Say how the people feel who gave these answers."""
    from crmcore.api import session, tell
    from crmcore_marketing.surveys.keeping import judge

    with session() as s, s.write() as tx:
        n = judge(tx, answers, sentiment)
    tell(_("Judged {n} answers.").format(n=n))


def _figures(found: "Results") -> "Report":
    from crmcore.reports.report import Column, Report, percent

    def cells(one: "Feeling", name: str) -> tuple[str | int, ...]:
        return name, one.answers, one.positive, one.neutral, one.negative, one.unjudged, percent(one.share)

    total = found.total
    notes = [_("Reached {n}; {people} answered.").format(n=found.reached, people=found.survey.people)]
    if total.unjudged:
        notes.append(
            _("Of {n} answers it is not known how they feel; they are not in the shares.").format(n=total.unjudged)
        )
    return Report(
        title=_("{name}: {n} answers").format(name=found.survey.name, n=total.answers),
        columns=[
            Column(_("product")), Column(_("answers"), number=True), Column(_("positive"), number=True),
            Column(_("neutral"), number=True), Column(_("negative"), number=True), Column(_("unknown"), number=True),
            Column(_("positive %"), number=True),
        ],
        rows=[*(cells(one, one.product or "–") for one in found.products), cells(total, _("all"))],
        bars=[(one.product or "–", Decimal(one.positive)) for one in found.products if one.positive],
        notes=notes,
        data={
            "survey": found.survey, "reached": found.reached, "total": _told(total),
            "products": [_told(one) for one in found.products], "verbatims": found.verbatims,
        },
    )  # fmt: skip


def _told(one: "Feeling") -> dict[str, Any]:
    share = None if one.share is None else round(one.share, 4)
    return {
        "product": one.product, "answers": one.answers, "positive": one.positive, "neutral": one.neutral,
        "negative": one.negative, "unjudged": one.unjudged, "share": share,
    }  # fmt: skip


def _said(found: "Results") -> "Report":
    from crmcore.reports.report import Column, Report

    return Report(
        title=_("In their own words"),
        columns=[
            Column(_("id"), number=True), Column(_("when"), day=True), Column(_("contact")), Column(_("product")),
            Column(""),
            Column(_("said")),
        ],
        rows=[
            (one.id, one.at, one.contact, one.product, _(one.sentiment) if one.sentiment else "", one.verbatim)
            for one in found.verbatims
        ],
    )  # fmt: skip
