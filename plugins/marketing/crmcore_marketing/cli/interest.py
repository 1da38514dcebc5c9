"""`crm marketing interest`: what people want to buy, by product line."""

from pathlib import Path

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

_AT_LEAST = click.option(
    "--at-least", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="From which interest on."
)


@click.group()
def interest() -> None:
    """See what people want to buy, by what they did in a year: clicks, questions, events, quotes.

    Conditions of audiences ask it as marketing.interest("routers") >= 0.5.
    """


@interest.command()
@click.argument("contact", metavar="CONTACT")
@as_json
@out_option
def show(contact: str, json_: bool, out: Path | None) -> None:
    """Show a person's interests, and from which signals they come."""
    from decimal import Decimal

    from crmcore.api import names, party_id, session, tables
    from crmcore.reports.report import Column, Report
    from crmcore_marketing.interests.showing import interests

    with session() as s, s.read() as reader:
        key = party_id(reader, tables.contact, contact)
        name = names(reader, tables.contact, [key])[key]
        found = interests(reader, key)
    present(
        Report(
            title=_("What {name} may want to buy").format(name=name),
            columns=[
                Column(_("product line")), Column(_("interest"), number=True), Column(_("points"), number=True),
                Column(_("from")), Column(_("last"), day=True),
            ],
            rows=[
                (
                    one.line, Decimal(str(round(one.interest, 2))), one.points,
                    ", ".join(f"{_(sort)} {number}" for sort, number in one.signals.items()),
                    one.last_at,
                )
                for one in found
            ],
            bars=[(one.line, Decimal(str(round(one.interest, 2)))) for one in found],
            notes=[_("The points of a line over all of the person's points and one.")],
            data={"contact": {"id": key, "name": name}, "interests": found},
        ),
        json_=json_,
        out=out,
    )  # fmt: skip


@interest.command("list")
@click.argument("line", required=False, metavar="[LINE]")
@_AT_LEAST
@paged
@as_json
@out_option
def list_(line: str | None, at_least: float, limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List the product lines and how many are interested, or the people who are interested in one."""
    from decimal import Decimal

    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_marketing.interests.showing import interested, lines

    with session() as s, s.read() as reader:
        if line is None:
            each = lines(reader, at_least=at_least, limit=limit)
            report = Report(
                title=_("What people may want to buy"),
                columns=[
                    Column(_("product line")), Column(_("people"), number=True), Column(_("interested"), number=True)
                ],
                rows=[(one.line, one.people, one.interested) for one in each],
                bars=[(one.line, Decimal(one.interested)) for one in each],
                data=each,
            )  # fmt: skip
        else:
            found = interested(reader, line, at_least=at_least, limit=limit, after=after)
            report = Report(
                title=_("Who is interested in {line}").format(line=line),
                columns=[Column(_("id")), Column(_("contact")), Column(_("interest"), number=True)],
                rows=[(str(one.contact_id), one.contact, Decimal(str(round(one.interest, 2)))) for one in found],
                data=found,
            )
    present(report, json_=json_, out=out)
