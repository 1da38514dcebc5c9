"""`crm sales competitor`: who else sells what we sell, where we met them, and how we did."""

from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.reports.report import Report
    from crmcore_sales.competing.records import Encounter, Record

_KNOWN = ("strengths", "weaknesses", "note")


@click.group()
def competitor() -> None:
    """Keep competitors, say where they were met, and see how we do against each."""


@competitor.command()
@click.argument("name")
@click.option("--strengths", default="")
@click.option("--weaknesses", default="")
@click.option("--note", default="")
@as_json
def add(name: str, json_: bool, **fields: str) -> None:
    """Add a competitor."""
    from crmcore.api import print_json, session, tell
    from crmcore_sales.competing.records import records
    from crmcore_sales.competing.rivals import add

    with session() as s, s.write() as tx:
        added = add(tx, name, fields)
        tx.flush()
        (found,) = records(tx, limit=1, key=added.id)
    if json_:
        print_json(found)
    else:
        tell(_("Added competitor {id}: {name}").format(id=found.id, name=found.name))


@competitor.command("list")
@click.option("--from", "since", metavar="DATE", help="Count deals closed on this day or after.")
@click.option("--to", "until", metavar="DATE", help="Count deals closed on this day or before.")
@paged
@as_json
@out_option
def list_(since: str | None, until: str | None, limit: int, after: int | None, json_: bool, out: Any) -> None:
    """List competitors: how often we met, won and lost, and how far their prices are from ours."""
    from crmcore.api import day_said, here, session
    from crmcore_sales.competing.records import records

    with session() as s, s.read() as reader:
        today = here(reader).today
        first = day_said("--from", since, today) if since else None
        last = day_said("--to", until, today) if until else None
        found = records(reader, limit=limit, after=after, since=first, until=last)
    present(_report(found), json_=json_, out=out)


@competitor.command()
@click.argument("competitor", metavar="ID|NAME")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many deals at most.")
@as_json
def show(competitor: str, limit: int, json_: bool) -> None:
    """Show a competitor: how we did against it, what it is known for, and where we met."""
    from crmcore.api import print_json, session
    from crmcore_sales.competing.records import encounters, records
    from crmcore_sales.competing.rivals import competitor_id

    with session() as s, s.read() as reader:
        key = competitor_id(reader, competitor)
        (found,) = records(reader, limit=1, key=key)
        met = encounters(reader, key, limit=limit)
    if json_:
        print_json({**_told(found), "opportunities": met})
        return
    click.echo(_sentence(found))
    for name in _KNOWN:
        if getattr(found, name):
            click.echo(f"{_(name)}: {getattr(found, name)}")
    present(_met(met))


@competitor.command()
@click.argument("competitor", metavar="ID|NAME")
@click.option("--name")
@click.option("--strengths")
@click.option("--weaknesses")
@click.option("--note")
@as_json
def edit(competitor: str, json_: bool, **given: str | None) -> None:
    """Change what is known of a competitor; an empty text takes it away."""
    from crmcore.api import print_json, session, tell
    from crmcore_sales.competing.records import records
    from crmcore_sales.competing.rivals import competitor_id, edit

    with session() as s, s.write() as tx:
        key = competitor_id(tx, competitor)
        edit(tx, key, {name: value for name, value in given.items() if value is not None})
        tx.flush()
        (found,) = records(tx, limit=1, key=key)
    if json_:
        print_json(found)
    else:
        tell(_("Changed competitor {id}: {name}").format(id=found.id, name=found.name))


@competitor.command()
@click.argument("competitor", metavar="ID|NAME")
def remove(competitor: str) -> None:
    """Remove a competitor that was met nowhere."""
    from crmcore.api import session, tell
    from crmcore_sales.competing.rivals import competitor_id, remove

    with session() as s, s.write() as tx:
        removed = remove(tx, competitor_id(tx, competitor))
    tell(_("Removed competitor {id}: {name}").format(id=removed.id, name=removed.name))


@competitor.command()
@click.argument("opportunity", metavar="OPPORTUNITY")
@click.argument("competitor", metavar="ID|NAME")
@click.option("--price", metavar="AMOUNT", help="What they ask, in the currency of the opportunity.")
@click.option("--won", is_flag=True, help="They got the order.")
@click.option("--note", default="")
@click.option("--gone", is_flag=True, help="They were not met there after all.")
@as_json
def meet(opportunity: str, competitor: str, price: str | None, won: bool, note: str, gone: bool, json_: bool) -> None:
    """Say that a competitor was met in an opportunity; an unknown one is added."""
    from crmcore.api import money_said, print_json, session, tell
    from crmcore_sales.competing.rivals import competitor_id, met, part
    from crmcore_sales.pipeline.finding import opportunity_id
    from crmcore_sales.pipeline.views import view

    with session() as s, s.write() as tx:
        deal = opportunity_id(tx, opportunity)
        if gone:
            part(tx, deal, competitor_id(tx, competitor))
        else:
            asked = money_said("--price", price)[0] if price else None
            met(tx, deal, competitor, price=asked, won=won, note=note)
        tx.flush()
        found = view(tx, deal)
    if json_:
        print_json(found)
    elif found is not None:
        known = ", ".join(one.name for one in found.competitors) or _("nobody")
        tell(_("{title}: against {competitors}").format(title=found.title, competitors=known))


def _told(record: "Record") -> dict[str, Any]:
    import attrs

    return attrs.asdict(record)


def _gap(record: "Record") -> str:
    return "" if record.gap is None else f"{record.gap * 100:+.0f}%"


def _sentence(record: "Record") -> str:
    """Return how we stand: X in 14 deals: won 4, lost 10 (7 to them), price gap -12% (n=9), 3 open."""
    parts = [
        _("{name} in {n} deals: won {won}, lost {lost} ({them} to them)").format(
            name=record.name, n=record.deals, won=record.won, lost=record.lost, them=record.to_them
        )
    ]
    if record.gap is not None:
        parts.append(_("price gap {gap} (n={n})").format(gap=_gap(record), n=record.priced))
    parts.append(_("{n} open").format(n=record.open))
    return "; ".join(parts)


def _report(found: "Sequence[Record]") -> "Report":
    from decimal import Decimal

    from crmcore.reports.report import Column, Report
    from crmcore_sales.competing.chance import said

    titles = (_("deals"), _("won"), _("lost"), _("to them"), _("open"))
    return Report(
        title=_("Competitors"),
        columns=[
            Column(_("id")), Column(_("competitor")), *(Column(one, number=True) for one in titles),
            Column(_("we win"), number=True), Column(_("price gap"), number=True), Column("n", number=True),
        ],
        rows=[
            (
                str(one.id), one.name, one.deals, one.won, one.lost, one.to_them, one.open, said(one.rate), _gap(one),
                one.priced,
            )
            for one in found
        ],
        bars=[(one.name, Decimal(one.lost)) for one in found if one.lost],
        notes=(
            _("Bars: deals lost. We win: with the range it lies in by 95%; of fewer than ten deals, how many."),
            _("Price gap: their price beside ours, where n deals have both."),
        ),
        data=found,
    )  # fmt: skip


def _met(found: "Sequence[Encounter]") -> "Report":
    from crmcore.reports.report import Column, Report, money

    return Report(
        title=_("Where we met"),
        columns=[
            Column(_("id")), Column(_("opportunity")), Column(_("customer")), Column(_("status")),
            Column(_("ours"), number=True), Column(_("theirs"), number=True), Column(_("they won")), Column(_("seen")),
            Column(_("note")),
        ],
        rows=[
            (str(one.id), one.title, one.customer, _(one.status), money(one.amount, one.currency),
             money(one.price, one.currency), _("yes") if one.won else "", one.seen_at.date(), one.note)
            for one in found
        ],
    )  # fmt: skip
